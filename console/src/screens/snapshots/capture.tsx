import { Alert, Checkbox, Group, Radio, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { KINDS } from '../../api/operations.ts'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { kindName } from '../../parts/kinds.ts'
import { LocationPicker } from '../../parts/location-picker.tsx'
import { Failure } from '../../parts/states.tsx'
import { Along, type Selection } from './along.tsx'
import { ChooseAssets } from './choose-assets.tsx'
import { texts } from './texts.ts'

/** Captures a sub-account: all of it, or some kinds or assets and what they refer to. `from`: the sub-account to begin with. */
export function Capture({ from, onClose }: { from?: string | undefined; onClose: () => void }) {
  const words = texts.form
  const [fault, setFault] = useState<unknown>(null)
  const form = useForm({
    initialValues: { locationId: from ?? '', name: '', what: 'all', kinds: [] as string[], assets: [] as string[] },
    validate: {
      locationId: (value) => (value === '' ? words.choosePlace : null),
      name: (value) => (value.trim() === '' ? words.giveName : null),
      kinds: (value, { what }) => (what === 'kinds' && value.length === 0 ? words.none : null),
      assets: (value, { what }) => (what === 'assets' && value.length === 0 ? words.noAsset : null),
    },
  })
  const { locationId, what } = form.values
  const selection = selectionOf(form.values)
  const present = useQuery({
    ...reads('locations.assets', { locationId, limit: 1 }),
    enabled: locationId !== '',
  })
  const capture = useAct('snapshots.create', {
    changes: ['snapshots.list'],
    onFault: setFault,
    leadsTo: ({ snapshot }) => `/app/snapshots/${snapshot.id}`,
  })
  const submit = form.onSubmit(({ name }) => {
    setFault(null)
    capture.mutate({ name: name.trim(), locationId, ...(selection ?? {}) })
  })
  const kindProps = form.getInputProps('kinds')
  return (
    <Dialog title={words.title} size="lg" isDirty={form.isDirty() && !capture.isPending} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          {fault !== null && <Failure error={fault} title={words.failed} />}
          <LocationPicker
            label={words.source}
            description={words.sourceHint}
            value={locationId}
            onChange={(id) => form.setValues({ locationId: id, assets: [] })}
            error={form.errors.locationId}
          />
          <TextInput label={words.name} placeholder={words.namePlaceholder} {...form.getInputProps('name')} />
          <Radio.Group label={words.what} {...form.getInputProps('what')}>
            <Group mt="xs">
              <Radio value="all" label={words.all} />
              <Radio value="kinds" label={words.kinds} />
              <Radio value="assets" label={words.assets} />
            </Group>
          </Radio.Group>
          {present.data && what === 'all' && (
            <Text size="sm" c="dimmed">
              {words.found(present.data.total)}
            </Text>
          )}
          {what === 'kinds' && (
            <Checkbox.Group label={words.kinds} description={words.kindsHint} {...kindProps}>
              <SimpleGrid cols={{ base: 1, xs: 2 }} mt="xs" spacing="xs">
                {Object.keys(KINDS).map((kind) => {
                  const count = present.data?.counts[kind]
                  const isEmpty = present.data !== undefined && count === undefined
                  return (
                    <Checkbox
                      key={kind}
                      value={kind}
                      disabled={isEmpty}
                      label={count === undefined ? kindName(kind) : `${kindName(kind)} (${count})`}
                    />
                  )
                })}
              </SimpleGrid>
            </Checkbox.Group>
          )}
          {what === 'assets' && locationId !== '' && (
            <ChooseAssets
              locationId={locationId}
              chosen={form.values.assets}
              onChange={(assets) => form.setFieldValue('assets', assets)}
            />
          )}
          {form.errors.assets && (
            <Text size="sm" c="var(--tone-bad)" role="alert">
              {form.errors.assets}
            </Text>
          )}
          {selection !== null && locationId !== '' && <Along locationId={locationId} selection={selection} />}
          {present.error && <Alert color="yellow">{present.error.message}</Alert>}
          <DialogButtons submit={words.submit} isPending={capture.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Dialog>
  )
}

/** What is chosen; null: everything, or nothing yet. */
function selectionOf({ what, kinds, assets }: { what: string; kinds: string[]; assets: string[] }): Selection | null {
  if (what === 'kinds' && kinds.length > 0) return { kinds }
  if (what !== 'assets' || assets.length === 0) return null
  return {
    assets: assets.map((key) => {
      const [kind = '', id = ''] = key.split('/')
      return { kind, id }
    }),
  }
}
