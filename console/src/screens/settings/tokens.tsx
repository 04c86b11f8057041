import { Anchor, Button, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { Filters } from '../../parts/filters.tsx'
import { useRole } from '../../parts/role.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { Empty, EmptyList, Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { type Column, listRows, VirtualTable } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { TOKEN_STATES, tokensAddress } from './address.ts'
import { Frame } from './frame.tsx'
import { MakeToken } from './make-token.tsx'
import { texts } from './texts.ts'
import { TokenDialog } from './token.tsx'

export type Token = Output<'tokens.list'>['tokens'][number]
const words = texts.tokens

export const stateOf = ({ revokedAt, expiresAt }: Token): keyof typeof words.states => {
  if (revokedAt !== null || (expiresAt !== null && new Date(expiresAt).getTime() <= Date.now())) return 'ended'
  return expiresAt === null ? 'active' : 'ending'
}

export const levelOf = ({ locationId, locationName }: Token): string =>
  locationId === null ? words.agency : (locationName ?? words.gone)

const TONES = { active: 'good', ending: 'change', ended: 'calm' } as const

export function TokenState({ token }: { token: Token }) {
  const state = stateOf(token)
  return (
    <Tone tone={TONES[state]} hint={words.states[state].hint}>
      {words.states[state].label}
    </Tone>
  )
}

const columnsOf = (open: (id: string) => void): readonly Column<Token>[] => [
  {
    key: 'name',
    label: words.columns.name,
    width: 'minmax(0, 2fr)',
    cell: ({ id, name, scopes }) => (
      <div style={{ minWidth: 0 }}>
        <Anchor component="button" size="sm" className="one-line" maw="100%" dir="auto" onClick={() => open(id)}>
          {name}
        </Anchor>
        <Text size="xs" c="dimmed" className="one-line">
          {scopes.includes('*') ? words.everything : words.scopes(scopes.length)}
        </Text>
      </div>
    ),
  },
  {
    key: 'level',
    label: words.columns.level,
    width: 'minmax(0, 1.2fr)',
    cell: (token) => (
      <Text size="sm" className="one-line" dir="auto">
        {levelOf(token)}
      </Text>
    ),
  },
  {
    key: 'state',
    label: words.columns.state,
    width: 'minmax(96px, 0.8fr)',
    cell: (token) => <TokenState token={token} />,
  },
  {
    key: 'at',
    label: words.columns.at,
    width: 'minmax(0, 1fr)',
    from: 'sm',
    cell: ({ createdAt }) => (
      <Text size="sm" c="dimmed">
        <When at={createdAt} />
      </Text>
    ),
  },
]

/** The private tokens of the agency and its sub-accounts, the newest first. */
export function Tokens() {
  const [{ q, state, make, token }, change] = useAddress(tokensAddress)
  const isAllowed = useRole('admin')
  const { data, error, isPending, refetch } = useQuery({ ...reads('tokens.list', {}), enabled: isAllowed })
  const all = [...(data?.tokens ?? [])].reverse()
  const rows = all.filter(
    (one) =>
      one.name.toLowerCase().includes((q ?? '').toLowerCase()) &&
      (state === undefined || (stateOf(one) === 'ended') === (state === 'ended')),
  )
  const opened = all.find(({ id }) => id === token)
  const making = (
    <Button leftSection={<IconKey size={16} aria-hidden />} onClick={() => change({ make: true }, 'push')}>
      {words.make}
    </Button>
  )
  return (
    <Frame part="tokens" actions={making}>
      {make && <MakeToken onClose={() => change({ make: undefined })} />}
      {opened && <TokenDialog key={opened.id} token={opened} onClose={() => change({ token: undefined })} />}
      <SearchField label={words.search} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
      <Filters
        label={words.columns.state}
        all={words.all}
        value={state}
        onChange={(next) => change({ state: TOKEN_STATES.find((one) => one === next) })}
        options={TOKEN_STATES.map((value) => ({ value, label: words.states[value].label }))}
      />
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data && all.length === 0 ? (
        <Empty title={words.empty} action={making}>
          {words.emptyHint}
        </Empty>
      ) : data && rows.length === 0 ? (
        <EmptyList words={words} onClear={() => change({ q: undefined, state: undefined })} />
      ) : (
        <VirtualTable
          label={words.title}
          columns={columnsOf((id) => change({ token: id }, 'push'))}
          {...listRows(rows)}
          keyOf={({ id }) => id}
          rowHeight={56}
          isLoading={isPending}
        />
      )}
    </Frame>
  )
}
