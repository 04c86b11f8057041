import { Button, Group, Progress, Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { actorText } from '../../parts/actor.ts'
import { useAddress } from '../../parts/address.ts'
import { ConflictInbox } from '../../parts/conflicts/inbox.tsx'
import { useOpenConflicts } from '../../parts/conflicts/open.ts'
import { LinkButton, TextLink } from '../../parts/link-button.tsx'
import { showDone } from '../../parts/notices.tsx'
import { Page } from '../../parts/page.tsx'
import { progressOf } from '../../parts/push-progress.ts'
import { isRunning, OUTCOMES, type Outcome, type Push, STATUS } from '../../parts/push-words.ts'
import { useRole } from '../../parts/role.ts'
import { Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { When } from '../../parts/when.tsx'
import { pushAddress } from './address.ts'
import { useLive } from './live.ts'
import { PushTargets } from './targets.tsx'
import { texts } from './texts.ts'

const words = texts.one

export function PushPage() {
  const { pushId } = useParams({ strict: false }) as { pushId: string }
  const { data, error, refetch } = useQuery(reads('pushes.get', { pushId }))
  useLive(data?.push)
  const failure = error && <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return failure ?? <Skeleton height={320} />
  return <Loaded push={data.push} failure={failure} />
}

/** `failure`: what stands there is from before. */
function Loaded({ push, failure }: { push: Push; failure: ReactNode }) {
  const [{ tab = 'targets' }, change] = useAddress(pushAddress)
  // What it left then may have been settled since.
  const hasLeft = (push.totals.conflict ?? 0) + (push.totals.ambiguous ?? 0) > 0
  const { conflicts } = useOpenConflicts(push.snapshotId, { pushId: push.id, enabled: hasLeft })
  const waiting = conflicts?.length ?? 0
  const name = push.snapshotName ?? texts.deletedSnapshot
  const { label, tone, meaning } = STATUS[push.status]
  return (
    <Page
      title={words.title(name, push.version, push.reverts !== undefined)}
      trail={<Link to="/app/pushes">{texts.title}</Link>}
      actions={<Actions push={push} />}
      lead={
        <Group gap="sm">
          <span role="status">
            <Tone tone={tone} hint={meaning}>
              {label}
            </Tone>
          </span>
          <span>
            <bdi>{actorText(push.actor, push.actorName)}</bdi> · <When at={push.createdAt} />
          </span>
          {push.snapshotName !== null && (
            <TextLink to="/app/snapshots/$snapshotId" params={{ snapshotId: push.snapshotId } as never}>
              {name}
            </TextLink>
          )}
          {push.reverts !== undefined && (
            <span>
              {words.reverted}{' '}
              <TextLink to="/app/pushes/$pushId" params={{ pushId: push.reverts } as never}>
                {words.another}
              </TextLink>
            </span>
          )}
        </Group>
      }
    >
      {failure}
      {isRunning(push.status) && <Running push={push} />}
      <Totals push={push} />
      <Tabs
        value={tab}
        onChange={(next) => change({ tab: next === 'conflicts' ? 'conflicts' : undefined }, 'push')}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="targets">{words.targets}</Tabs.Tab>
          <Tabs.Tab value="conflicts">
            {words.conflicts}
            {waiting > 0 && ` (${waiting})`}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="targets" pt="md">
          <PushTargets push={push} />
        </Tabs.Panel>
        <Tabs.Panel value="conflicts" pt="md">
          <ConflictInbox snapshotId={push.snapshotId} pushId={push.id} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

function Actions({ push }: { push: Push }) {
  const mayAct = useRole('operator')
  const changes = ['pushes.get', 'pushes.list', 'pushes.targets', 'fleet.list'] as const
  const cancel = useAct('pushes.cancel', { changes, onDone: () => showDone(words.cancelled) })
  const retry = useAct('pushes.retry', { changes })
  if (!mayAct) return null
  const hasFailed = (push.totals.failed ?? 0) > 0 || (push.targets.failed ?? 0) > 0
  return (
    <>
      {isRunning(push.status) && (
        <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate({ pushId: push.id })}>
          {words.cancel}
        </Button>
      )}
      {!isRunning(push.status) && hasFailed && (
        <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate({ pushId: push.id })}>
          {words.retry}
        </Button>
      )}
      {!isRunning(push.status) && push.status !== 'rolled_back' && (
        <LinkButton variant="default" to="/app/pushes/$pushId/rollback" params={{ pushId: push.id } as never}>
          {push.reverts === undefined ? words.rollBack : words.undoRollBack}
        </LinkButton>
      )}
    </>
  )
}

function Running({ push }: { push: Push }) {
  const { done, total, percent } = progressOf(push)
  return (
    <Stack gap={4}>
      <Progress value={percent} aria-label={words.progress(done, total)} />
      <Text size="sm" c="dimmed" className="tabular">
        {words.progress(done, total)}
        {remaining(push, done, total)}. {words.leave}
      </Text>
    </Stack>
  )
}

/** From how long the others took; nothing where too few have ended to tell. */
function remaining({ startedAt, createdAt }: Push, done: number, total: number): string {
  if (done < 2) return ''
  const seconds = ((Date.now() - new Date(startedAt ?? createdAt).getTime()) / done / 1000) * (total - done)
  const text = seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`
  return `, ${words.remaining(text)}`
}

function Totals({ push: { totals } }: { push: Push }) {
  return (
    <Group gap="md" role="group" aria-label={words.outcome}>
      {(Object.keys(OUTCOMES) as Outcome[]).map((outcome) => {
        const count = totals[outcome] ?? 0
        const { tone, label, meaning } = OUTCOMES[outcome]
        return (
          count > 0 && (
            <Tone key={outcome} tone={tone} hint={meaning}>
              {label} <b className="tabular">{count.toLocaleString('en')}</b>
            </Tone>
          )
        )
      })}
    </Group>
  )
}
