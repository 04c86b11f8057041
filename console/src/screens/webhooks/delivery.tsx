import { Button, Code, Group, Modal, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { JsonView, valueIn } from '../../parts/json-view.tsx'
import { showDone } from '../../parts/notices.tsx'
import { useMayWork } from '../../parts/role.ts'
import { Failure } from '../../parts/states.tsx'
import { Tone, type ToneName } from '../../parts/tone.tsx'
import { When } from '../../parts/when.tsx'
import { texts as shared } from '../../texts.ts'
import { ofWebhook, type Webhook } from './standing.tsx'
import { texts } from './texts.ts'
import { eventName, subjectText } from './words.ts'

export type Delivery = Output<'webhooks.deliveries'>['deliveries'][number]
type Whole = Output<'webhooks.delivery'>['delivery']
const words = texts.delivery
const LOOK_MS = 1_000

const TONES = {
  waiting: 'calm',
  underWay: 'info',
  again: 'change',
  delivered: 'good',
  failed: 'bad',
} as const satisfies Record<keyof typeof texts.log.states, ToneName>

export function DeliveryTone({ delivery: { state, underWay, attemptCount } }: { delivery: Delivery }) {
  const word = state !== 'waiting' ? state : underWay ? 'underWay' : attemptCount > 0 ? 'again' : 'waiting'
  const { label, hint } = texts.log.states[word]
  return (
    <Tone tone={TONES[word]} hint={hint}>
      {label}
    </Tone>
  )
}

interface Props {
  webhook: Webhook
  deliveryId: string
  onClose: () => void
}

/** One delivery: what is sent, and what each attempt was answered. It is looked at until it has ended. */
export function DeliveryDialog({ webhook, deliveryId, onClose }: Props) {
  const of = { ...ofWebhook(webhook), deliveryId }
  const mayWork = useMayWork()
  const { data, error, refetch } = useQuery({
    ...reads('webhooks.delivery', of),
    refetchInterval: ({ state }) => (state.data?.delivery.state === 'waiting' ? LOOK_MS : false),
  })
  const replay = useAct('webhooks.replay', {
    changes: ['webhooks.delivery', 'webhooks.deliveries', 'webhooks.get'],
    onDone: () => showDone(webhook.enabled ? words.sentAgain : words.willWait),
  })
  const delivery = data?.delivery
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={delivery === undefined ? texts.log.title : eventName(delivery.type)}
      closeButtonProps={{ 'aria-label': shared.close }}
    >
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : delivery === undefined ? (
        <Skeleton height="60dvh" />
      ) : (
        <Stack>
          <Group justify="space-between" gap="xs">
            <Group gap="md">
              <DeliveryTone delivery={delivery} />
              {delivery.nextAttemptAt !== null && webhook.enabled && delivery.attemptCount > 0 && (
                <Text size="sm">
                  {words.next} <When at={delivery.nextAttemptAt} />
                </Text>
              )}
            </Group>
            {mayWork && (
              <Button
                variant="default"
                loading={replay.isPending}
                disabled={delivery.underWay}
                onClick={() => replay.mutate(of)}
              >
                {words.again}
              </Button>
            )}
          </Group>
          <Text size="sm" dir="auto">
            {subjectText(delivery)}
          </Text>
          <Text size="sm" c="dimmed">
            {words.id} <Code>{delivery.id}</Code>
          </Text>
          <Attempts attempts={delivery.attempts} />
          <Title order={3} size="h5">
            {words.sent}
          </Title>
          <JsonView label={words.sent} value={valueIn(delivery.request.body)} />
        </Stack>
      )}
    </Modal>
  )
}

/** The newest first. */
function Attempts({ attempts }: Pick<Whole, 'attempts'>) {
  const numbered = attempts.map((attempt, index) => ({ ...attempt, number: index + 1 })).reverse()
  return (
    <Stack component="section" gap="xs" aria-label={words.attempts}>
      <Title order={3} size="h5">
        {words.attempts}
      </Title>
      {numbered.length === 0 && <Text size="sm">{words.noAttempt}</Text>}
      <Stack component="ol" p={0} m={0} gap="sm" style={{ listStyle: 'none' }}>
        {numbered.map(({ number, at, status, error, answer, durationMs }) => (
          <li key={number}>
            <Group gap="xs">
              <Tone tone={status !== null && status < 300 ? 'good' : 'bad'}>
                {number}. {status ?? words.noAnswer}
              </Tone>
              <Text size="sm" c="dimmed">
                <When at={at} /> · {words.took(durationMs)}
              </Text>
            </Group>
            {error !== null && (
              <Text size="sm" dir="auto">
                {error}
              </Text>
            )}
            {status !== null &&
              (answer === '' ? (
                <Text size="xs" c="dimmed">
                  {words.noText}
                </Text>
              ) : (
                <JsonView label={words.answer(number)} value={answer} />
              ))}
          </li>
        ))}
      </Stack>
    </Stack>
  )
}
