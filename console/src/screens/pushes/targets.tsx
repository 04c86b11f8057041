import { Drawer, Group, Skeleton, Stack, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { Filters } from '../../parts/filters.tsx'
import { byKind, kindName, kindWord } from '../../parts/kinds.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { usePagesOf } from '../../parts/next-pages.ts'
import { PagedTable } from '../../parts/paged-table.tsx'
import { isRunning, OUTCOMES, type Outcome, outcomeText, type Push, STATUS } from '../../parts/push-words.ts'
import { reasonText } from '../../parts/reason.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { Empty, Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import type { Column } from '../../parts/virtual-table.tsx'
import { pushAddress, STATUSES } from './address.ts'
import { texts } from './texts.ts'

type Target = Output<'pushes.targets'>['targets'][number]
const words = texts.one
const PAGE = 500

const told = (totals: Target['totals']) =>
  (Object.keys(OUTCOMES) as Outcome[])
    .flatMap((outcome) => (totals[outcome] ? [outcomeText(totals[outcome], outcome)] : []))
    .join(', ')

/** The sub-accounts of a push, and what became of each asset in one of them. */
export function PushTargets({ push }: { push: Push }) {
  const [{ status, outcome, target, q }, change] = useAddress(pushAddress)
  const pages = usePagesOf(
    'pushes.targets',
    { pushId: push.id, limit: PAGE, status, outcome, query: q, sort: 'name' },
    { rows: (page) => page.targets, keepsOld: true },
  )
  const columns: readonly Column<Target>[] = [
    {
      key: 'name',
      label: words.place,
      width: 'minmax(0, 1.4fr)',
      cell: ({ locationId, locationName }) => (
        <UnstyledButton
          className="one-line"
          c="var(--mantine-color-anchor)"
          fz="sm"
          onClick={() => change({ target: locationId }, 'push')}
        >
          <bdi>{locationName}</bdi>
        </UnstyledButton>
      ),
    },
    {
      key: 'status',
      label: words.status,
      width: 'minmax(110px, 0.8fr)',
      cell: (row) => (
        <Tone tone={STATUS[row.status].tone} hint={row.error ?? STATUS[row.status].meaning}>
          {STATUS[row.status].label}
        </Tone>
      ),
    },
    {
      key: 'outcome',
      label: words.outcome,
      width: 'minmax(0, 2fr)',
      from: 'sm',
      cell: ({ totals }) => (
        <Text size="sm" className="one-line" title={told(totals)}>
          {told(totals)}
        </Text>
      ),
    },
  ]
  const outcomes = Object.entries(push.totals) as [Outcome, number | undefined][]
  return (
    <Stack gap="sm">
      <Group gap="md">
        <SearchField label={words.find} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
        <Filters
          label={words.status}
          all={words.anyState}
          value={status}
          onChange={(next) => change({ status: STATUSES.find((one) => one === next) })}
          options={STATUSES.map((value) => ({ value, label: STATUS[value].label, count: push.targets[value] ?? 0 }))}
        />
        <Filters
          label={words.outcome}
          all={words.anyOutcome}
          value={outcome}
          onChange={(next) => change({ outcome: outcomes.map(([name]) => name).find((one) => one === next) })}
          options={outcomes.map(([value, count]) => ({ value, label: OUTCOMES[value].label, count: count ?? 0 }))}
        />
      </Group>
      <PagedTable
        pages={pages}
        empty={<Empty title={words.none} />}
        label={words.targets}
        columns={columns}
        keyOf={({ locationId }) => locationId}
      />
      <Drawer
        opened={target !== undefined}
        onClose={() => change({ target: undefined })}
        position="right"
        size="lg"
        title={words.assets}
        closeButtonProps={{ 'aria-label': words.close }}
      >
        {target !== undefined && <TargetAssets pushId={push.id} locationId={target} outcome={outcome} />}
      </Drawer>
    </Stack>
  )
}

interface AssetsProps {
  pushId: string
  locationId: string
  outcome: Outcome | undefined
}

function TargetAssets({ pushId, locationId, outcome }: AssetsProps) {
  const { data, error, refetch } = useQuery(reads('pushes.target', { pushId, locationId, ...(outcome && { outcome }) }))
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton height={240} />
  const assets = data.target.assets.toSorted(
    (one, other) => byKind(one.kind, other.kind) || one.name.localeCompare(other.name, 'en'),
  )
  return (
    <Stack gap="xs">
      <TextLink
        to={'/app/locations/$locationId' as never}
        params={{ locationId } as never}
        search={{} as never}
        fw={600}
        dir="auto"
      >
        {data.target.locationName}
      </TextLink>
      {data.target.error !== undefined && (
        <Text size="sm" c="var(--tone-bad)">
          {words.error}: {data.target.error}
        </Text>
      )}
      {isRunning(data.target.status) && data.target.pending.length > 0 && (
        <Text size="sm">{words.toCome(data.target.pending.map(kindName).join(', '))}</Text>
      )}
      {assets.map((asset) => (
        <div key={`${asset.kind}/${asset.lineage}`}>
          <Group gap="xs" align="baseline">
            <Tone tone={OUTCOMES[asset.outcome].tone} hint={OUTCOMES[asset.outcome].meaning}>
              {OUTCOMES[asset.outcome].label}
            </Tone>
            <Text size="sm">
              {kindWord(asset.kind)} <bdi>{asset.name}</bdi>
            </Text>
          </Group>
          {asset.reason !== undefined && (
            <Text size="xs" c="dimmed" dir="auto">
              {reasonText(asset.reason)}
            </Text>
          )}
        </div>
      ))}
    </Stack>
  )
}
