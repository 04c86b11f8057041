import { Button, Divider, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useEffect, useState } from 'react'
import type { Input, Output } from '../../api/call.ts'
import { useAct } from '../../parts/act.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { LocationsPicker } from '../../parts/locations-picker.tsx'
import { showDone, showUndo } from '../../parts/notices.tsx'
import { showOnce } from '../../parts/once.tsx'
import { useSession } from '../../parts/role.ts'
import { Failure } from '../../parts/states.tsx'
import { Sure } from '../../parts/sure.tsx'
import { LinkMade } from './invite.tsx'
import type { Person } from './people.tsx'
import { rolesFor } from './roles.ts'
import { texts } from './texts.ts'

const words = texts.people
const CHANGED = ['people.list'] as const

/** What a person is as an input: a client's locations, and nobody else's. */
const inputOf = ({ id, name, role, locationIds }: Pick<Person, 'id' | 'name' | 'role' | 'locationIds'>) => ({
  personId: id,
  name,
  role,
  ...(role === 'client' && locationIds !== null ? { locationIds } : {}),
})

/** One person: what they are called and may do, a new link, and the end of it. */
export function PersonDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const own = useSession().person
  const [link, setLink] = useState<Output<'people.link'> | null>(null)
  const [isDirty, setDirty] = useState(false)
  const isOwn = own.id === person.id
  // Only an owner may change one, and whoever locks themselves out is not let in again.
  const mayChange = !isOwn && (person.role !== 'owner' || own.role === 'owner')
  return (
    <Dialog title={person.name} size="lg" isDirty={isDirty} isOnce={link !== null} onClose={onClose}>
      {link ? (
        <LinkMade made={link} email={person.email} onClose={onClose} />
      ) : (
        <Stack>
          <Text size="sm" c="dimmed">
            {person.email}
          </Text>
          {isOwn ? (
            <>
              <Text size="sm">{words.yourself}</Text>
              <Group>
                <LinkButton to={'/app/settings/account' as never} variant="default">
                  {texts.account.title}
                </LinkButton>
              </Group>
            </>
          ) : mayChange ? (
            <>
              <Change person={person} onDirty={setDirty} onClose={onClose} />
              <Divider />
              <Ends person={person} onLink={setLink} onClose={onClose} />
            </>
          ) : (
            <Text size="sm">{words.ownersOnly}</Text>
          )}
        </Stack>
      )}
    </Dialog>
  )
}

interface ChangeProps {
  person: Person
  onDirty: (isDirty: boolean) => void
  onClose: () => void
}

function Change({ person, onDirty, onClose }: ChangeProps) {
  const own = useSession().person.role
  const [fault, setFault] = useState<unknown>(null)
  const form = useForm({
    initialValues: { name: person.name, role: person.role, locationIds: person.locationIds ?? [] },
    validate: {
      name: (value) => (value.trim() === '' ? words.form.nameFault : null),
      locationIds: (value, { role }) => (role === 'client' && value.length === 0 ? words.form.locationsFault : null),
    },
  })
  const restore = useAct('people.update', { changes: CHANGED, onDone: () => showDone(words.restored) })
  const update = useAct('people.update', {
    changes: CHANGED,
    onFault: setFault,
    onDone: () => {
      showUndo(words.changed(person.name), () => restore.mutate(inputOf(person)))
      onClose()
    },
  })
  const isDirty = form.isDirty() && !update.isPending
  useEffect(() => onDirty(isDirty), [onDirty, isDirty])
  const submit = form.onSubmit(({ name, role, locationIds }) => {
    setFault(null)
    const input: Input<'people.update'> = inputOf({ id: person.id, name: name.trim(), role, locationIds })
    update.mutate(input)
  })
  return (
    <form onSubmit={submit}>
      <Stack>
        {fault !== null && <Failure error={fault} title={words.form.failed} />}
        <TextInput label={words.form.name} {...form.getInputProps('name')} />
        <Select
          label={words.form.role}
          description={texts.roles[form.values.role].hint}
          allowDeselect={false}
          data={rolesFor(own)}
          {...form.getInputProps('role')}
        />
        {form.values.role === 'client' && (
          <LocationsPicker
            label={words.form.locations}
            value={form.values.locationIds}
            onChange={(ids) => form.setFieldValue('locationIds', ids)}
            error={form.errors.locationIds}
          />
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={update.isPending} disabled={!form.isDirty()}>
            {words.save}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface EndsProps {
  person: Person
  onLink: (link: Output<'people.link'>) => void
  onClose: () => void
}

/** A new link; disabling, which is undone by enabling; and removal, which cannot be taken back and is asked about. */
function Ends({ person, onLink, onClose }: EndsProps) {
  const [asks, setAsks] = useState(false)
  const link = useAct('people.link', {
    onDone: onLink,
    onGone: (made) => showOnce(words.form.link, made.link),
  })
  const personId = person.id
  const enable = useAct('people.enable', { changes: CHANGED, onDone: () => showDone(words.enabled(person.name)) })
  const disable = useAct('people.disable', {
    changes: CHANGED,
    onDone: () => showUndo(words.disabled(person.name), () => enable.mutate({ personId })),
  })
  const remove = useAct('people.remove', {
    changes: CHANGED,
    onDone: () => {
      showDone(words.removed(person.name))
      onClose()
    },
  })
  if (asks)
    return (
      <Sure
        lead={words.removeLead(person.name)}
        label={words.removeSure}
        isPending={remove.isPending}
        onYes={() => remove.mutate({ personId })}
        onNo={() => setAsks(false)}
      />
    )
  return (
    <Group justify="space-between">
      <Group gap="xs">
        {person.state === 'disabled' ? (
          <Button loading={enable.isPending} onClick={() => enable.mutate({ personId })}>
            {words.enable}
          </Button>
        ) : (
          <>
            <Button variant="default" loading={link.isPending} onClick={() => link.mutate({ personId })}>
              {words.link[person.state]}
            </Button>
            <Button variant="default" loading={disable.isPending} onClick={() => disable.mutate({ personId })}>
              {words.disable}
            </Button>
          </>
        )}
      </Group>
      <Button variant="default" c="var(--tone-bad)" onClick={() => setAsks(true)}>
        {words.remove}
      </Button>
    </Group>
  )
}
