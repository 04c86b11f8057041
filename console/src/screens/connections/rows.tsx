import { Anchor, Text } from '@mantine/core'
import { usePagesOf } from '../../parts/next-pages.ts'
import { PagedTable } from '../../parts/paged-table.tsx'
import { EmptyList } from '../../parts/states.tsx'
import type { Column } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { ofConnection, type Row, RowTone, type Whole } from './standing.tsx'
import { texts } from './texts.ts'
import { nameOf, placeText, whyOf } from './words.ts'

const words = texts.rows
const PAGE = 50
const LOOK_MS = 3_000

interface Told {
  connection: Whole
  /** They were only looked at. */
  isDry: boolean
  onOpen: (id: string) => void
}

const columnsOf = ({ connection, isDry, onOpen }: Told): readonly Column<Row>[] => [
  {
    key: 'what',
    label: words.columns.what,
    width: 'minmax(0, 1.4fr)',
    cell: (row) => (
      <Anchor component="button" size="sm" className="one-line" maw="100%" dir="auto" onClick={() => onOpen(row.id)}>
        {[placeText(row, connection), nameOf(row), row.externalId].filter(Boolean).join(' · ')}
      </Anchor>
    ),
  },
  {
    key: 'state',
    label: words.columns.state,
    width: 'minmax(110px, 0.9fr)',
    cell: (row) => <RowTone state={row.state} isDry={isDry} />,
  },
  {
    key: 'why',
    label: words.columns.why,
    width: 'minmax(0, 2fr)',
    from: 'sm',
    cell: (row) => (
      <Text size="sm" className="one-line" dir="auto">
        {whyOf(row, connection.definition.mapping.object)}
      </Text>
    ),
  },
  {
    key: 'at',
    label: words.columns.at,
    width: 'minmax(0, 0.8fr)',
    from: 'md',
    cell: ({ at }) => (
      <Text size="sm" c="dimmed">
        <When at={at} />
      </Text>
    ),
  },
]

interface Props {
  connection: Whole
  /** Only of this run, or only in this state. */
  runId?: string | undefined
  state?: Row['state'] | undefined
  /** What it has been when they were read: when it is something else, they are read anew. */
  stamp?: string
  isDry?: boolean
  /** What the table is called. */
  label: string
  onOpen: (id: string) => void
}

/** What came and what became of it, page by page. */
export function Rows({ connection, runId, state, stamp, isDry = false, label, onOpen }: Props) {
  const of = ofConnection(connection)
  const pages = usePagesOf(
    'connections.rows',
    { ...of, limit: PAGE, runId, state },
    { rows: (page) => page.rows, everyMs: LOOK_MS, stamp },
  )
  const isFine = state === 'failed' && runId === undefined
  const told = isFine ? { ...words, empty: texts.failed.fine, emptyHint: texts.failed.lead } : words
  return (
    <PagedTable
      pages={pages}
      empty={<EmptyList words={told} onClear={undefined} />}
      label={label}
      columns={columnsOf({ connection, isDry, onOpen })}
      keyOf={({ id }) => id}
    />
  )
}
