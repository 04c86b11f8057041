import { Checkbox, Group, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { LocationPicker } from '../../parts/location-picker.tsx'
import { showDone } from '../../parts/notices.tsx'
import { showOnce } from '../../parts/once.tsx'
import { useRole } from '../../parts/role.ts'
import { SecretDialog } from '../../parts/secret.tsx'
import { Failure } from '../../parts/states.tsx'
import { EventsField } from './events-field.tsx'
import { ofWebhook, toWebhook, type Webhook } from './standing.tsx'
import { texts } from './texts.ts'
import type { Wish } from './words.ts'

const words = texts.form
const CHANGED = ['webhooks.list', 'webhooks.listAll', 'webhooks.get'] as const

interface Props {
  /** The one that is changed; undefined: a new one. */
  webhook?: Webhook
  onClose: () => void
}

const tell = ({ secret }: { secret: string }) => showOnce(texts.secret.label, secret)

/** Makes a webhook, or changes one. A new one ends with its secret, which is shown this once. */
export function WebhookForm({ webhook, onClose }: Props) {
  const navigate = useNavigate()
  const [fault, setFault] = useState<unknown>(null)
  const [made, setMade] = useState<Output<'webhooks.create'> | null>(null)
  const mayUseApps = useRole('admin')
  const isNew = webhook === undefined
  const form = useForm({
    initialValues: {
      name: webhook?.name ?? '',
      url: webhook?.url ?? '',
      owner: (webhook?.appId ? 'app' : 'location') as 'location' | 'app',
      locationId: webhook?.locationId ?? '',
      appId: webhook?.appId ?? '',
      what: (webhook && webhook.events.length === 0 ? 'all' : 'chosen') as 'all' | 'chosen',
      events: (webhook?.events ?? []) as Wish[],
      ordered: webhook?.ordered ?? false,
    },
    validate: {
      name: (value) => (value.trim() === '' ? words.nameFault : null),
      url: (value) => (/^https?:\/\/./.test(value.trim()) ? null : words.urlFault),
      locationId: (value, { owner }) => (owner === 'location' && value === '' ? words.locationFault : null),
      appId: (value, { owner }) => (owner === 'app' && value === '' ? words.appFault : null),
      events: (value, { what }) => (what === 'chosen' && value.length === 0 ? texts.events.fault : null),
    },
  })
  const create = useAct('webhooks.create', { changes: CHANGED, onFault: setFault, onDone: setMade, onGone: tell })
  const update = useAct('webhooks.update', {
    changes: CHANGED,
    onFault: setFault,
    onDone: () => {
      showDone(words.saved)
      onClose()
    },
  })
  const submit = form.onSubmit(({ name, url, owner, locationId, appId, what, events, ordered }) => {
    setFault(null)
    const wish = { name: name.trim(), url: url.trim(), events: what === 'all' ? [] : events, ordered }
    if (webhook === undefined) create.mutate({ ...wish, ...(owner === 'app' ? { appId } : { locationId }) })
    else update.mutate({ ...ofWebhook(webhook), ...wish })
  })
  const close = () => {
    if (made === null) return onClose()
    void navigate(toWebhook(made.webhook))
  }
  const { owner, what, locationId } = form.values
  return (
    <SecretDialog
      title={made !== null ? words.made : isNew ? words.title : words.edit}
      size="xl"
      secret={made?.secret ?? null}
      label={texts.secret.label}
      hint={texts.secret.hint}
      isDirty={form.isDirty()}
      isMaking={create.isPending}
      onClose={close}
    >
      <form onSubmit={submit}>
        <Stack>
          {fault !== null && <Failure error={fault} title={words.failed} />}
          <TextInput label={words.name} description={words.nameHint} data-autofocus {...form.getInputProps('name')} />
          <TextInput label={words.url} description={words.urlHint} dir="ltr" {...form.getInputProps('url')} />
          {isNew && mayUseApps && (
            <Radio.Group label={words.owner} {...form.getInputProps('owner')}>
              <Group mt="xs">
                <Radio value="location" label={words.ofLocation} />
                <Radio value="app" label={words.ofApp} />
              </Group>
            </Radio.Group>
          )}
          {isNew && owner === 'location' && (
            <LocationPicker
              label={texts.location}
              value={locationId}
              onChange={(id) => form.setFieldValue('locationId', id)}
              error={form.errors.locationId}
            />
          )}
          {isNew && owner === 'app' && <AppField {...form.getInputProps('appId')} />}
          <Radio.Group label={words.what} {...form.getInputProps('what')}>
            <Group mt="xs">
              <Radio value="chosen" label={words.chosen} />
              <Radio value="all" label={words.everything} />
            </Group>
          </Radio.Group>
          {what === 'chosen' && (
            <EventsField
              label={texts.events.label}
              value={form.values.events}
              onChange={(events) => form.setFieldValue('events', events)}
              isOfApp={owner === 'app'}
              error={form.errors.events}
            />
          )}
          <Checkbox
            label={words.ordered}
            description={words.orderedHint}
            {...form.getInputProps('ordered', { type: 'checkbox' })}
          />
          <DialogButtons
            submit={isNew ? words.submit : words.save}
            isPending={create.isPending || update.isPending}
            onClose={onClose}
          />
        </Stack>
      </form>
    </SecretDialog>
  )
}

/** One of the agency's apps. */
function AppField(props: ReturnType<ReturnType<typeof useForm>['getInputProps']>) {
  const { data } = useQuery(reads('apps.list', {}))
  if (data?.apps.length === 0) return <Text size="sm">{words.noApps}</Text>
  return (
    <Select
      label={words.app}
      searchable
      data={(data?.apps ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      {...props}
    />
  )
}
