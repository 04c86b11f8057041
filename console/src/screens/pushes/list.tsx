import { Text } from '@mantine/core'
import { actorText } from '../../parts/actor.ts'
import { useAddress } from '../../parts/address.ts'
import { Filters } from '../../parts/filters.tsx'
import { LinkButton, TextLink } from '../../parts/link-button.tsx'
import { usePagesOf } from '../../parts/next-pages.ts'
import { Page } from '../../parts/page.tsx'
import { PagedTable } from '../../parts/paged-table.tsx'
import { progressOf } from '../../parts/push-progress.ts'
import { isRunning, type Push, STATUS } from '../../parts/push-words.ts'
import { Empty } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import type { Column } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { listAddress, STATUSES } from './address.ts'
import { texts } from './texts.ts'

const PAGE = 50
const LOOK_MS = 5_000

const COLUMNS: readonly Column<Push>[] = [
  {
    key: 'snapshot',
    label: texts.columns.snapshot,
    width: 'minmax(0, 2fr)',
    cell: ({ id, snapshotName, version, reverts }) => (
      <TextLink to="/app/pushes/$pushId" params={{ pushId: id } as never} className="one-line" dir="auto">
        {reverts !== undefined && `${texts.rollbackOf} `}
        {snapshotName ?? texts.deletedSnapshot} v{version}
      </TextLink>
    ),
  },
  {
    key: 'status',
    label: texts.columns.status,
    width: 'minmax(110px, 1fr)',
    cell: ({ status }) => (
      <Tone tone={STATUS[status].tone} hint={STATUS[status].meaning}>
        {STATUS[status].label}
      </Tone>
    ),
  },
  {
    key: 'targets',
    label: texts.columns.targets,
    width: 'minmax(0, 0.9fr)',
    from: 'sm',
    cell: (push) => {
      const { done, total } = progressOf(push)
      return <span className="tabular">{isRunning(push.status) ? texts.done(done, total) : total}</span>
    },
  },
  {
    key: 'who',
    label: texts.columns.who,
    width: 'minmax(0, 1.2fr)',
    from: 'md',
    cell: ({ actor, actorName }) => (
      <span className="one-line" dir="auto">
        {actorText(actor, actorName)}
      </span>
    ),
  },
  {
    key: 'at',
    label: texts.columns.at,
    width: 'minmax(0, 1fr)',
    from: 'sm',
    cell: ({ createdAt }) => (
      <Text size="sm" c="dimmed">
        <When at={createdAt} />
      </Text>
    ),
  },
]

export function PushList() {
  const [{ status, snapshot }, change] = useAddress(listAddress)
  const pages = usePagesOf(
    'pushes.list',
    { limit: PAGE, status, snapshotId: snapshot },
    { rows: (page) => page.pushes, everyMs: LOOK_MS },
  )
  const isFiltered = status !== undefined || snapshot !== undefined
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Filters
        label={texts.columns.status}
        all={texts.all}
        value={status}
        onChange={(next) => change({ status: STATUSES.find((one) => one === next) })}
        options={STATUSES.map((value) => ({ value, label: STATUS[value].label }))}
      />
      <PagedTable
        pages={pages}
        empty={
          <Empty
            title={isFiltered ? texts.nothing : texts.empty}
            action={!isFiltered && <LinkButton to="/app/snapshots">{texts.toSnapshots}</LinkButton>}
          >
            {!isFiltered && texts.emptyHint}
          </Empty>
        }
        label={texts.title}
        columns={COLUMNS}
        keyOf={({ id }) => id}
      />
    </Page>
  )
}
