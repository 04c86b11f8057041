import { Group, MultiSelect, Radio, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { SCOPES } from '../../api/scopes.ts'
import { useAct } from '../../parts/act.ts'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { LocationPicker } from '../../parts/location-picker.tsx'
import { showOnce } from '../../parts/once.tsx'
import { SecretDialog } from '../../parts/secret.tsx'
import { Failure } from '../../parts/states.tsx'
import { texts as parts } from '../../parts/texts.ts'
import { scopeOptions } from './scope-words.ts'
import { texts } from './texts.ts'

const words = texts.tokens.form

/** Makes a token: for what it speaks and what it may. Ends with the token, which is shown this once. */
export function MakeToken({ onClose }: { onClose: () => void }) {
  const [fault, setFault] = useState<unknown>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const form = useForm({
    initialValues: {
      name: '',
      level: 'location' as 'agency' | 'location',
      locationId: '',
      what: 'chosen' as 'chosen' | 'all',
      scopes: [] as string[],
    },
    validate: {
      name: (value) => (value.trim() === '' ? words.nameFault : null),
      locationId: (value, { level }) => (level === 'location' && value === '' ? words.locationFault : null),
      scopes: (value, { what }) => (what === 'chosen' && value.length === 0 ? words.scopesFault : null),
    },
  })
  const create = useAct('tokens.create', {
    changes: ['tokens.list'],
    onFault: setFault,
    onDone: ({ secret: made }) => setSecret(made),
    onGone: (made) => showOnce(words.secret, made.secret),
  })
  const { level, what, locationId } = form.values
  const submit = form.onSubmit((values) => {
    setFault(null)
    create.mutate({
      name: values.name.trim(),
      scopes: what === 'all' ? ['*'] : values.scopes,
      ...(level === 'location' ? { locationId } : {}),
    })
  })
  return (
    <SecretDialog
      title={secret === null ? words.title : words.made}
      secret={secret}
      label={words.secret}
      hint={words.secretHint}
      isBearer
      isDirty={form.isDirty()}
      isMaking={create.isPending}
      onClose={onClose}
    >
      <form onSubmit={submit}>
        <Stack>
          {fault !== null && <Failure error={fault} title={words.failed} />}
          <TextInput label={words.name} description={words.nameHint} data-autofocus {...form.getInputProps('name')} />
          <Radio.Group
            label={words.level}
            value={level}
            onChange={(next) => form.setValues({ level: next as 'agency' | 'location', scopes: [] })}
          >
            <Group mt="xs">
              <Radio value="location" label={words.location} />
              <Radio value="agency" label={texts.tokens.agency} />
            </Group>
          </Radio.Group>
          {level === 'location' && (
            <LocationPicker
              label={words.which}
              value={locationId}
              onChange={(id) => form.setFieldValue('locationId', id)}
              error={form.errors.locationId}
            />
          )}
          <Radio.Group label={words.what} {...form.getInputProps('what')}>
            <Group mt="xs">
              <Radio value="chosen" label={words.chosen} />
              <Radio value="all" label={texts.tokens.everything} />
            </Group>
          </Radio.Group>
          {what === 'chosen' && (
            <MultiSelect
              label={words.scopes}
              description={words.scopesHint}
              searchable
              clearable
              clearButtonProps={{ 'aria-label': parts.clear }}
              data={scopeOptions(SCOPES[level])}
              limit={50}
              {...form.getInputProps('scopes')}
            />
          )}
          <DialogButtons submit={words.submit} isPending={create.isPending} onClose={onClose} />
        </Stack>
      </form>
    </SecretDialog>
  )
}
