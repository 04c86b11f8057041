import { Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { forget, reads } from '../../api/query.ts'
import { useDeed } from '../../parts/act.ts'
import { showFailure } from '../../parts/notices.tsx'
import { planSentence } from '../../parts/plan/sentence.ts'
import { Failure } from '../../parts/states.tsx'
import { texts as shared } from '../../texts.ts'
import { type PushBack, toPushRequest } from './chosen.ts'
import { texts } from './texts.ts'

const { all: words } = texts

interface Props {
  snapshot: string
  pushes: readonly PushBack[]
  /** These were begun, in their order; what was to come after a refusal was not, and is `left`, as the keys chosen. */
  onStarted: (pushIds: string[], left: string[]) => void
}

/** All pushes that bring back what is chosen: what each would do, and then one click that begins them all. */
export function PushAll(props: Props) {
  const [isOpen, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <Group justify="flex-end">
        <Button onClick={() => setOpen(true)}>{words.open(props.pushes.length)}</Button>
      </Group>
      <Modal
        opened={isOpen}
        onClose={close}
        title={words.title(props.pushes.length)}
        size="lg"
        closeButtonProps={{ 'aria-label': shared.close }}
      >
        <Plans {...props} onClose={close} />
      </Modal>
    </>
  )
}

function Plans({ snapshot, pushes, onStarted, onClose }: Props & { onClose: () => void }) {
  const requests = pushes.map((push) => toPushRequest(snapshot, push))
  const plans = useQueries({
    queries: requests.map((request) => ({
      ...reads<'snapshots.plan'>('snapshots.plan', request),
      // What is shown is what is carried out.
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 0,
    })),
  })
  const failed = plans.find(({ error }) => error !== null)
  const start = useDeed<string[], readonly string[]>({
    mutationFn: async (hashes) => {
      const started: string[] = []
      try {
        for (const [index, request] of requests.entries())
          started.push((await call('snapshots.push', { ...request, planHash: hashes[index] })).push.id)
      } catch (error) {
        if (started.length === 0) throw error
        showFailure(error)
      }
      return started
    },
    onSuccess: (started) => {
      void forget('pushes.list', 'fleet.list', 'snapshots.drift')
      const left = pushes.slice(started.length)
      onStarted(
        started,
        left.flatMap(({ chosen }) => chosen.map(({ key }) => key)),
      )
    },
    onError: showFailure,
  })
  const hashes = plans.flatMap(({ data }) => data?.plan.hash ?? [])
  return (
    <Stack gap="sm">
      <Text size="sm">{words.lead}</Text>
      <ol style={{ margin: 0, paddingInlineStart: '1.4em' }}>
        {pushes.map((push, index) => {
          const plan = plans[index]?.data?.plan
          return (
            <li key={push.chosen[0]?.key}>
              <Text size="sm" fw={600}>
                {texts.pushTo(push.version, push.to.length)}
              </Text>
              {plan === undefined ? <Skeleton h={16} my={4} /> : <Text size="sm">{planSentence(plan)}</Text>}
            </li>
          )
        })}
      </ol>
      {failed && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {shared.cancel}
        </Button>
        <Button loading={start.isPending} disabled={hashes.length < pushes.length} onClick={() => start.mutate(hashes)}>
          {words.start(pushes.length)}
        </Button>
      </Group>
    </Stack>
  )
}
