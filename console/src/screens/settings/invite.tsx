import { Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Output } from '../../api/call.ts'
import type { Role } from '../../api/session.ts'
import { useAct } from '../../parts/act.ts'
import { CopyField } from '../../parts/copy-field.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { LocationsPicker } from '../../parts/locations-picker.tsx'
import { showOnce } from '../../parts/once.tsx'
import { useSession } from '../../parts/role.ts'
import { Failure } from '../../parts/states.tsx'
import { When } from '../../parts/when.tsx'
import { rolesFor } from './roles.ts'
import { texts } from './texts.ts'

const words = texts.people.form

/** Lets somebody in: as what, and for clients where. Ends with the link, which is shown this once. */
export function Invite({ onClose }: { onClose: () => void }) {
  const own = useSession().person.role
  const [fault, setFault] = useState<unknown>(null)
  const [made, setMade] = useState<Output<'people.invite'> | null>(null)
  const form = useForm({
    initialValues: { email: '', name: '', role: 'operator' as Role, locationIds: [] as string[] },
    validate: {
      email: (value) => (/^[^@\s]+@[^@\s]+$/.test(value.trim()) ? null : words.emailFault),
      locationIds: (value, { role }) => (role === 'client' && value.length === 0 ? words.locationsFault : null),
    },
  })
  const invite = useAct('people.invite', {
    changes: ['people.list'],
    onFault: setFault,
    onDone: setMade,
    onGone: ({ link }) => showOnce(words.link, link),
  })
  const submit = form.onSubmit(({ email, name, role, locationIds }) => {
    setFault(null)
    invite.mutate({
      email: email.trim(),
      role,
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      ...(role === 'client' ? { locationIds } : {}),
    })
  })
  return (
    <Dialog
      title={made ? words.made : words.title}
      size="lg"
      isDirty={form.isDirty()}
      isMaking={invite.isPending}
      isOnce={made !== null}
      onClose={onClose}
    >
      {made ? (
        <LinkMade made={made} email={made.person.email} onClose={onClose} />
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack>
            {fault !== null && <Failure error={fault} title={words.failed} />}
            <TextInput label={words.email} type="email" data-autofocus {...form.getInputProps('email')} />
            <TextInput label={words.name} description={words.nameHint} {...form.getInputProps('name')} />
            <Radio.Group label={words.role} {...form.getInputProps('role')}>
              <Stack mt="xs" gap="xs">
                {rolesFor(own).map(({ value, label }) => (
                  <Radio key={value} value={value} label={label} description={texts.roles[value].hint} />
                ))}
              </Stack>
            </Radio.Group>
            {form.values.role === 'client' && (
              <LocationsPicker
                label={words.locations}
                description={words.locationsHint}
                value={form.values.locationIds}
                onChange={(ids) => form.setFieldValue('locationIds', ids)}
                error={form.errors.locationIds}
              />
            )}
            <DialogButtons submit={words.submit} isPending={invite.isPending} onClose={onClose} />
          </Stack>
        </form>
      )}
    </Dialog>
  )
}

interface LinkProps {
  made: Pick<Output<'people.link'>, 'link' | 'expiresAt' | 'mailed'>
  email: string
  onClose: () => void
}

/** A link that somebody sets their password by: to be handed over, or on its way by mail already. */
export function LinkMade({ made: { link, expiresAt, mailed }, email, onClose }: LinkProps) {
  return (
    <Stack>
      <Text size="sm">{mailed ? words.mailed(email) : words.handOver(email)}</Text>
      <CopyField label={words.link} value={link} />
      <Text size="sm" c="dimmed">
        {words.once} <When at={expiresAt} />.
      </Text>
      <Group justify="flex-end">
        <Button onClick={onClose}>{words.done}</Button>
      </Group>
    </Stack>
  )
}
