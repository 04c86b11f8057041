import { Button, Group, Paper, Skeleton, Stack, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { useAddress } from '../../parts/address.ts'
import { Page } from '../../parts/page.tsx'
import { PlanView } from '../../parts/plan/plan-view.tsx'
import { planSentence } from '../../parts/plan/sentence.ts'
import { useStale } from '../../parts/plan/stale.tsx'
import type { ReadPlan } from '../../parts/plan/target-pages.ts'
import { Failure } from '../../parts/states.tsx'
import { pushAddress, toRequest } from './address.ts'
import { Decide } from './decide.tsx'
import { Options } from './options.tsx'
import { Targets } from './targets.tsx'
import { texts } from './texts.ts'
import { What } from './what.tsx'

/** Changes that a plan lists at a time. */
const LINES = 1000

/** What goes where and how, what that would do, and then: doing it. */
export function PushScreen() {
  const [state, change] = useAddress(pushAddress)
  const request = toRequest(state)
  const asking = { ...(request ?? { snapshotId: '', locationIds: [] }), limit: LINES }
  const planned = useQuery({
    ...reads('snapshots.plan', asking),
    enabled: request !== null,
    // The plan that is shown is the one that is carried out: it is not made anew behind anybody's back.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: keepPreviousData,
  })
  const plan = request === null ? undefined : planned.data?.plan
  const stale = useStale(planned.refetch)
  const push = useAct('snapshots.push', {
    changes: ['pushes.list', 'fleet.list', 'snapshots.conflicts'],
    leadsTo: ({ push: { id } }) => `/app/pushes/${id}`,
    onFault: stale.onFault,
  })
  const read: ReadPlan = async (asked, signal) => {
    const { plan: page } = await call('snapshots.plan', { ...asking, ...asked }, { signal })
    return page
  }
  const isCurrent = plan !== undefined && !planned.isPlaceholderData && !planned.isFetching
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Stack gap="md">
        <What state={state} onChange={change} />
        <Targets state={state} onChange={change} />
        <Options state={state} onChange={change} />
        {request !== null && (
          <Stack gap="sm" component="section" aria-label={texts.plan.title}>
            {stale.told}
            {planned.error && <Failure error={planned.error} onRetry={() => void planned.refetch()} />}
            {planned.isPending && <Skeleton height={280} aria-label={texts.plan.planning} />}
            {plan && (
              <PlanView
                plan={plan}
                title={texts.plan.title}
                state={state}
                onChange={change}
                read={read}
                decide={(group, path) => <Decide group={group} path={path} state={state} onChange={change} />}
              />
            )}
          </Stack>
        )}
        {plan && request !== null && (
          <Paper withBorder p="sm" pos="sticky" bottom={12} shadow="md" style={{ zIndex: 2 }}>
            <Group justify="space-between" gap="sm">
              <Text size="sm" style={{ flex: '1 1 240px' }} aria-live="polite">
                {planSentence(plan)}
              </Text>
              <Button
                leftSection={<IconSend size={16} aria-hidden />}
                loading={push.isPending}
                disabled={!isCurrent}
                onClick={() => push.mutate({ ...request, planHash: plan.hash })}
              >
                {texts.go}
              </Button>
            </Group>
          </Paper>
        )}
      </Stack>
    </Page>
  )
}
