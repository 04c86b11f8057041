import { Button, Group, Paper, Skeleton, Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useAct } from '../act.ts'
import { useRole } from '../role.ts'
import { Empty, Failure } from '../states.tsx'
import { GroupCard } from './group-card.tsx'
import { groupConflicts, isWhole, toDecisions } from './groups.ts'
import { useDecided, useOpenConflicts } from './open.ts'
import { texts } from './texts.ts'

interface Props {
  snapshotId: string
  /** Only those that this push has left. */
  pushId?: string
}

/** What pushes have left alone until somebody decides: equal differences once, for all sub-accounts that have them. */
export function ConflictInbox({ snapshotId, pushId }: Props) {
  const mayDecide = useRole('operator')
  const [decided, decide] = useDecided(snapshotId)
  const { conflicts, error, refetch } = useOpenConflicts(snapshotId, { pushId })
  const groups = useMemo(() => groupConflicts(conflicts ?? []), [conflicts])
  const settle = useAct('snapshots.settleConflicts', {
    changes: ['snapshots.conflicts', 'pushes.list', 'pushes.get', 'fleet.list'],
    onDone: () => decide(new Map()),
    leadsTo: (output) => ('push' in output ? `/app/pushes/${output.push.id}` : undefined),
  })
  const ready = groups.filter((group) => isWhole(group, decided.get(group.key)))
  const versions = new Set(ready.map(({ first }) => first.version))
  const places = new Set(ready.flatMap(({ members }) => members.map(({ locationId }) => locationId)))
  if (error) return <Failure error={error} onRetry={refetch} />
  if (conflicts === undefined) return <Skeleton height={220} />
  if (groups.length === 0) return <Empty title={texts.empty}>{texts.emptyHint}</Empty>
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {texts.lead(groups.length)}
      </Text>
      {groups.map((group) => (
        <GroupCard
          key={group.key}
          group={group}
          decision={decided.get(group.key)}
          onDecide={mayDecide ? (decision) => decide(new Map(decided).set(group.key, decision)) : undefined}
        />
      ))}
      {ready.length > 0 && (
        <Paper withBorder p="sm" pos="sticky" bottom={12} shadow="md">
          <Group justify="space-between">
            <Text size="sm">{versions.size > 1 ? texts.versions : texts.ready(ready.length, places.size)}</Text>
            <Button
              disabled={versions.size > 1}
              loading={settle.isPending}
              onClick={() => settle.mutate({ snapshotId, decisions: toDecisions(ready, decided) })}
            >
              {texts.carryOut}
            </Button>
          </Group>
        </Paper>
      )}
    </Stack>
  )
}
