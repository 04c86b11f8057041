import { Radio, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Output } from '../../api/call.ts'
import { useAct } from '../../parts/act.ts'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { LocationPicker } from '../../parts/location-picker.tsx'
import { SecretDialog } from '../../parts/secret.tsx'
import { Failure } from '../../parts/states.tsx'
import { type Definition, toConnection } from './standing.tsx'
import { texts } from './texts.ts'

const words = texts.form

const from = (to: string, path: string) => ({ to, from: { path } })

/** What a connection begins with: the names that most programs have for these. Others are chosen from what comes. */
const STARTS: Record<'contact' | 'invoice', Definition['mapping']> = {
  contact: {
    object: 'contact',
    fields: [
      from('firstName', 'first_name'),
      from('lastName', 'last_name'),
      from('email', 'email'),
      from('phone', 'phone'),
    ],
    filters: [],
    externalId: { path: 'id' },
    keys: ['externalId', 'email', 'phone'],
    conflicts: 'source',
  },
  invoice: {
    object: 'invoice',
    fields: [
      from('number', 'number'),
      from('total', 'total'),
      from('status', 'status'),
      from('currency', 'currency'),
      from('customerId', 'customer_id'),
      from('dueDate', 'due_date'),
    ],
    filters: [],
    externalId: { path: 'id' },
    keys: ['externalId', 'number'],
    conflicts: 'source',
  },
}

/** Makes a connection as a draft. Ends with its address, which is shown this once. */
export function MakeConnection({ locationId, onClose }: { locationId: string; onClose: () => void }) {
  const navigate = useNavigate()
  const [fault, setFault] = useState<unknown>(null)
  const [made, setMade] = useState<Output<'connections.create'> | null>(null)
  const go = ({ connection }: Output<'connections.create'>) => void navigate(toConnection(connection))
  const create = useAct('connections.create', {
    changes: ['connections.list'],
    onFault: setFault,
    onDone: (done) => (done.address === null ? go(done) : setMade(done)),
  })
  const form = useForm({
    initialValues: { name: '', locationId, object: 'contact' as 'contact' | 'invoice', way: 'hook' as 'hook' | 'file' },
    validate: {
      name: (value) => (value.trim() === '' ? words.nameFault : null),
      locationId: (value) => (value === '' ? words.locationFault : null),
    },
  })
  const submit = form.onSubmit(({ name, locationId: place, object, way }) => {
    setFault(null)
    create.mutate({ name: name.trim(), way, definition: { source: {}, mapping: STARTS[object] }, locationId: place })
  })
  const close = () => (made === null ? onClose() : go(made))
  return (
    <SecretDialog
      title={made === null ? words.title : words.made}
      secret={made === null ? null : (made.address ?? '')}
      label={words.address}
      hint={words.addressHint}
      onClose={close}
    >
      <form onSubmit={submit}>
        <Stack>
          {fault !== null && <Failure error={fault} title={words.failed} />}
          <TextInput label={words.name} description={words.nameHint} data-autofocus {...form.getInputProps('name')} />
          <LocationPicker
            label={texts.location}
            value={form.values.locationId}
            onChange={(id) => form.setFieldValue('locationId', id)}
            error={form.errors.locationId}
          />
          <Radio.Group label={words.object} {...form.getInputProps('object')}>
            <Stack mt="xs" gap="xs">
              <Radio value="contact" label={words.objects.contact} />
              <Radio value="invoice" label={words.objects.invoice} />
            </Stack>
          </Radio.Group>
          <Radio.Group label={words.way} {...form.getInputProps('way')}>
            <Stack mt="xs" gap="xs">
              <Radio value="hook" label={words.hook} />
              <Radio value="file" label={words.file} />
            </Stack>
          </Radio.Group>
          <DialogButtons submit={words.submit} isPending={create.isPending} onClose={onClose} />
        </Stack>
      </form>
    </SecretDialog>
  )
}
