import { Button, Checkbox, Group, Paper, Skeleton, Stack, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { call, type Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { useAddress } from '../../parts/address.ts'
import { Page } from '../../parts/page.tsx'
import { PlanView } from '../../parts/plan/plan-view.tsx'
import { planSentence } from '../../parts/plan/sentence.ts'
import { useStale } from '../../parts/plan/stale.tsx'
import type { ReadPlan } from '../../parts/plan/target-pages.ts'
import { type Plan, ROLLBACK_MEANINGS } from '../../parts/push-words.ts'
import { Failure } from '../../parts/states.tsx'
import { rollbackAddress } from './address.ts'
import { texts } from './texts.ts'

const words = texts.rollback

const planIn = (answer: Output<'pushes.rollback'>): Plan | undefined => ('plan' in answer ? answer.plan : undefined)

/** What undoing a push would bring back, and what it leaves alone because somebody has edited it since. */
export function Rollback() {
  const { pushId } = useParams({ strict: false }) as { pushId: string }
  const [state, change] = useAddress(rollbackAddress)
  const override = state.override ?? false
  const previewed = useQuery({
    ...reads('pushes.rollback', { pushId, preview: true, override }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: keepPreviousData,
  })
  const stale = useStale(previewed.refetch)
  const rollBack = useAct('pushes.rollback', {
    changes: ['pushes.list', 'pushes.get', 'fleet.list', 'snapshots.conflicts'],
    leadsTo: (output) => ('push' in output ? `/app/pushes/${output.push.id}` : undefined),
    onFault: stale.onFault,
  })
  const plan = previewed.data && planIn(previewed.data)
  const read: ReadPlan = async (asked, signal) => {
    const answer = await call('pushes.rollback', { pushId, preview: true, override, ...asked }, { signal })
    return planIn(answer) as Plan
  }
  return (
    <Page
      title={words.title}
      lead={words.lead}
      trail={
        <Link to="/app/pushes/$pushId" params={{ pushId }}>
          {words.back}
        </Link>
      }
    >
      <Checkbox
        label={words.override}
        description={words.overrideHint}
        checked={override}
        onChange={(event) => change({ override: event.currentTarget.checked || undefined })}
      />
      {!previewed.error && stale.told}
      {previewed.error && <Failure error={previewed.error} onRetry={() => void previewed.refetch()} />}
      {previewed.isPending && <Skeleton height={280} />}
      {plan && (
        <Stack>
          <PlanView
            plan={plan}
            title={words.plan}
            state={state}
            onChange={change}
            read={read}
            meanings={ROLLBACK_MEANINGS}
          />
          <Paper withBorder p="sm" pos="sticky" bottom={12} shadow="md" style={{ zIndex: 2 }}>
            <Group justify="space-between" gap="sm">
              <Text size="sm" style={{ flex: '1 1 240px' }} aria-live="polite">
                {planSentence(plan)}
              </Text>
              <Button
                loading={rollBack.isPending}
                disabled={previewed.isPlaceholderData || previewed.isFetching}
                onClick={() => rollBack.mutate({ pushId, override, planHash: plan.hash })}
              >
                {words.go}
              </Button>
            </Group>
          </Paper>
        </Stack>
      )}
    </Page>
  )
}
