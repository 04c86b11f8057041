import { Button, Group, Paper, Skeleton, Stack, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { call } from '../../api/call.ts'
import { forget } from '../../api/query.ts'
import { useAct } from '../act.ts'
import { PlanWarnings } from '../plan/plan-warnings.tsx'
import { planSentence } from '../plan/sentence.ts'
import { useStale } from '../plan/stale.tsx'
import type { Plan } from '../push-words.ts'
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
  const ready = useMemo(() => groups.filter((group) => isWhole(group, decided.get(group.key))), [groups, decided])
  const decisions = useMemo(() => toDecisions(ready, decided), [ready, decided])
  const versions = new Set(ready.map(({ first }) => first.version))
  const isOne = versions.size === 1
  const previewed = useQuery({
    queryKey: ['snapshots.settleConflicts', snapshotId, decisions],
    queryFn: async ({ signal }): Promise<Plan | undefined> => {
      try {
        const answer = await call('snapshots.settleConflicts', { snapshotId, decisions, preview: true }, { signal })
        return 'plan' in answer ? answer.plan : undefined
      } finally {
        // What is shown is as old as the plan: where it has become another, it is to be decided once more.
        await forget('snapshots.conflicts')
      }
    },
    enabled: mayDecide && isOne,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: keepPreviousData,
  })
  const plan = isOne ? previewed.data : undefined
  const stale = useStale(previewed.refetch)
  const settle = useAct('snapshots.settleConflicts', {
    changes: ['snapshots.conflicts', 'pushes.list', 'pushes.get', 'fleet.list'],
    onDone: () => decide(new Map()),
    leadsTo: (output) => ('push' in output ? `/app/pushes/${output.push.id}` : undefined),
    onFault: stale.onFault,
  })
  const places = new Set(ready.flatMap(({ members }) => members.map(({ locationId }) => locationId)))
  const failure = error && <Failure error={error} onRetry={refetch} />
  if (conflicts === undefined) return failure || <Skeleton height={220} />
  if (groups.length === 0) return <Empty title={texts.empty}>{texts.emptyHint}</Empty>
  return (
    <Stack>
      {failure}
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
          <Stack gap="xs">
            {stale.told}
            {isOne && previewed.error && <Failure error={previewed.error} onRetry={() => void previewed.refetch()} />}
            {plan?.targets.some(({ warnings }) => warnings.length > 0) && <PlanWarnings plan={plan} />}
            <Group justify="space-between">
              <Text size="sm" style={{ flex: '1 1 240px' }} aria-live="polite">
                {isOne ? texts.ready(ready.length, places.size) : texts.versions} {plan && planSentence(plan)}
              </Text>
              <Button
                disabled={plan === undefined || previewed.isPlaceholderData || previewed.isFetching}
                loading={settle.isPending}
                onClick={() => plan && settle.mutate({ snapshotId, decisions, planHash: plan.hash })}
              >
                {texts.carryOut}
              </Button>
            </Group>
          </Stack>
        </Paper>
      )}
    </Stack>
  )
}
