import { Anchor, Button, Text } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { useRole } from '../../parts/role.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { Empty, Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { type Column, listRows, VirtualTable } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { peopleAddress } from './address.ts'
import { Frame } from './frame.tsx'
import { Invite } from './invite.tsx'
import { PersonDialog } from './person.tsx'
import { texts } from './texts.ts'

export type Person = Output<'people.list'>['people'][number]
const words = texts.people

const TONES = { active: 'good', invited: 'change', disabled: 'calm' } as const

const columnsOf = (open: (id: string) => void): readonly Column<Person>[] => [
  {
    key: 'name',
    label: words.columns.name,
    width: 'minmax(0, 2fr)',
    cell: ({ id, name, email }) => (
      <div style={{ minWidth: 0 }}>
        <Anchor component="button" size="sm" className="one-line" maw="100%" dir="auto" onClick={() => open(id)}>
          {name}
        </Anchor>
        <Text size="xs" c="dimmed" className="one-line">
          {email}
        </Text>
      </div>
    ),
  },
  {
    key: 'role',
    label: words.columns.role,
    width: 'minmax(84px, 1fr)',
    cell: ({ role, locationIds }) => (
      <Text size="sm">
        {texts.roles[role].label}
        {locationIds !== null && ` (${locationIds.length})`}
      </Text>
    ),
  },
  {
    key: 'state',
    label: words.columns.state,
    width: 'minmax(0, 1.1fr)',
    from: 'sm',
    cell: ({ state, secondFactor }) => (
      <Tone tone={TONES[state]} hint={words.states[state].hint}>
        {words.states[state].label}
        {secondFactor && `, ${words.secondFactor}`}
      </Tone>
    ),
  },
  {
    key: 'seen',
    label: words.columns.seen,
    width: 'minmax(0, 1fr)',
    from: 'sm',
    cell: ({ lastSeenAt }) => (
      <Text size="sm" c="dimmed">
        {lastSeenAt === null ? words.notSeen : <When at={lastSeenAt} />}
      </Text>
    ),
  },
]

/** Who may sign in for the agency, and as what. */
export function People() {
  const [{ q, invite, person }, change] = useAddress(peopleAddress)
  const isAllowed = useRole('admin')
  const { data, error, isPending, refetch } = useQuery({ ...reads('people.list', {}), enabled: isAllowed })
  const wanted = (q ?? '').toLowerCase()
  const rows = (data?.people ?? []).filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(wanted))
  const opened = data?.people.find(({ id }) => id === person)
  const inviting = (
    <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => change({ invite: true }, 'push')}>
      {words.invite}
    </Button>
  )
  return (
    <Frame part="people" actions={inviting}>
      {invite && <Invite onClose={() => change({ invite: undefined })} />}
      {opened && <PersonDialog key={opened.id} person={opened} onClose={() => change({ person: undefined })} />}
      <SearchField label={words.search} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data && rows.length === 0 ? (
        <Empty title={words.nothing} action={inviting} />
      ) : (
        <VirtualTable
          label={words.title}
          columns={columnsOf((id) => change({ person: id }, 'push'))}
          {...listRows(rows)}
          keyOf={({ id }) => id}
          rowHeight={56}
          isLoading={isPending}
        />
      )}
      {data?.people.length === 1 && (
        <Text size="sm" c="dimmed">
          {words.alone}
        </Text>
      )}
    </Frame>
  )
}
