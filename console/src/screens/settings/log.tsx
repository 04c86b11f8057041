import { Anchor, Group, Select, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useAddress } from '../../parts/address.ts'
import { Filters } from '../../parts/filters.tsx'
import { usePagesOf } from '../../parts/next-pages.ts'
import { PagedTable } from '../../parts/paged-table.tsx'
import { useRole } from '../../parts/role.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { EmptyList } from '../../parts/states.tsx'
import { texts as parts } from '../../parts/texts.ts'
import { Tone } from '../../parts/tone.tsx'
import type { Column } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { logAddress } from './address.ts'
import { Frame } from './frame.tsx'
import { LogEntry, SoughtEntry } from './log-entry.tsx'
import { deedOf, restOf, type Told, whoOf } from './log-words.ts'
import { texts } from './texts.ts'

const words = texts.log
const PAGE = 100

const columnsOf = (open: (id: string) => void): readonly Column<Told>[] => [
  {
    key: 'what',
    label: words.columns.what,
    width: 'minmax(0, 2fr)',
    cell: (told) => (
      <div style={{ minWidth: 0 }}>
        <Anchor
          component="button"
          size="sm"
          className="one-line"
          maw="100%"
          title={told.event}
          onClick={() => open(told.id)}
        >
          {deedOf(told)}
        </Anchor>
        <Text size="xs" c="dimmed" className="one-line" dir="auto" title={restOf(told)}>
          {restOf(told)}
        </Text>
      </div>
    ),
  },
  {
    key: 'who',
    label: words.columns.who,
    width: 'minmax(0, 1.2fr)',
    cell: (told) => (
      <Text size="sm" className="one-line" dir="auto">
        {whoOf(told)}
      </Text>
    ),
  },
  {
    key: 'outcome',
    label: words.columns.outcome,
    width: 'minmax(84px, 0.8fr)',
    cell: ({ outcome }) => <Tone tone={outcome === 'done' ? 'good' : 'bad'}>{words.outcomes[outcome]}</Tone>,
  },
  {
    key: 'address',
    label: words.columns.address,
    width: 'minmax(0, 0.9fr)',
    from: 'sm',
    cell: ({ address }) => (
      <Text size="sm" c="dimmed" className="one-line">
        {address}
      </Text>
    ),
  },
  {
    key: 'at',
    label: words.columns.at,
    width: 'minmax(0, 0.9fr)',
    from: 'sm',
    cell: ({ at }) => (
      <Text size="sm" c="dimmed">
        <When at={at} />
      </Text>
    ),
  },
]

/** What decided about access: who, what, when and from where, the newest first. */
export function SecurityLog() {
  const [{ who, what, did, outcome, entry }, change] = useAddress(logAddress)
  const isAllowed = useRole('admin')
  const pages = usePagesOf(
    'access.events',
    { limit: PAGE, who, event: what, title: did, outcome },
    { rows: (page) => page.events, enabled: isAllowed },
  )
  const columns = useMemo(() => columnsOf((id) => change({ entry: id }, 'push')), [change])
  const close = () => change({ entry: undefined })
  const shown = pages.rows.find(({ id }) => id === entry)
  const isFiltered = [who, what, did, outcome].some((one) => one !== undefined)
  const all = { who: undefined, what: undefined, did: undefined, outcome: undefined }
  return (
    <Frame part="log">
      <Group align="flex-end" gap="sm">
        <SearchField
          label={`${words.who}: ${words.whoHint}`}
          maw={260}
          value={who ?? ''}
          onChange={(text) => change({ who: text || undefined })}
        />
        <SearchField
          label={words.did}
          maw={260}
          value={did ?? ''}
          onChange={(text) => change({ did: text || undefined })}
        />
        <Select
          aria-label={words.what}
          placeholder={words.what}
          clearable
          clearButtonProps={{ 'aria-label': parts.clear }}
          value={what ?? null}
          onChange={(next) => change({ what: next ?? undefined })}
          data={words.whats.map(([value, label]) => ({ value, label }))}
        />
      </Group>
      <Filters
        label={words.columns.outcome}
        all={words.all}
        value={outcome}
        onChange={(next) => change({ outcome: next === 'done' || next === 'refused' ? next : undefined })}
        options={(['done', 'refused'] as const).map((value) => ({ value, label: words.outcomes[value] }))}
      />
      <PagedTable
        pages={pages}
        empty={<EmptyList words={words} onClear={isFiltered ? () => change(all) : undefined} />}
        label={words.title}
        columns={columns}
        keyOf={({ id }) => id}
        rowHeight={56}
      />
      {shown && <LogEntry told={shown} onClose={close} />}
      {isAllowed && entry !== undefined && shown === undefined && !pages.isPending && (
        <SoughtEntry key={entry} id={entry} onClose={close} />
      )}
    </Frame>
  )
}
