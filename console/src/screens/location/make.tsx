import { Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { currentSession } from '../../api/session.ts'
import { useAct } from '../../parts/act.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { Failure } from '../../parts/states.tsx'
import { texts } from './texts.ts'

const words = texts.make
const here = Intl.DateTimeFormat().resolvedOptions().timeZone
const ZONES = [...new Set([here, ...Intl.supportedValuesOf('timeZone')])]

/** Makes a sub-account, and leads to it. */
export function Make({ onClose }: { onClose: () => void }) {
  const [fault, setFault] = useState<unknown>(null)
  const form = useForm({
    initialValues: { name: '', timezone: here },
    validate: { name: (value) => (value.trim() === '' ? words.nameFault : null) },
  })
  const make = useAct('locations.create', {
    changes: ['locations.search', 'fleet.list'],
    onFault: setFault,
    leadsTo: (made) => ('id' in made ? `/app/locations/${made.id}` : undefined),
  })
  const submit = form.onSubmit(({ name, timezone }) => {
    setFault(null)
    // Stands in the body, where the caller says whose it is.
    const companyId = currentSession()?.company.id as string
    make.mutate({ companyId, name: name.trim(), timezone })
  })
  return (
    <Dialog title={words.title} isDirty={form.isDirty() && !make.isPending} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {fault !== null && <Failure error={fault} title={words.failed} />}
          <TextInput label={words.name} data-autofocus {...form.getInputProps('name')} />
          <Select
            label={words.timezone}
            data={ZONES}
            searchable
            allowDeselect={false}
            {...form.getInputProps('timezone')}
          />
          <DialogButtons submit={words.submit} isPending={make.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Dialog>
  )
}
