import { Radio, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { MomentField } from '../../parts/document/moment-field.tsx'
import { showDone } from '../../parts/notices.tsx'
import { Failure } from '../../parts/states.tsx'
import { ofWebhook, type Webhook } from './standing.tsx'
import { texts } from './texts.ts'

const words = texts.replay
const CHANGED = ['webhooks.deliveries', 'webhooks.delivery', 'webhooks.countDeliveries', 'webhooks.get'] as const
const DAY_MS = 86_400_000

/** Sends much again, after it was said how much that is. */
export function Replay({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const [which, setWhich] = useState<'failed' | 'since'>('failed')
  const [first] = useState(() => new Date(Date.now() - DAY_MS).toISOString())
  const [since, setSince] = useState<string | undefined>(first)
  const [fault, setFault] = useState<unknown>(null)
  const of = ofWebhook(webhook)
  const { data, error } = useQuery({
    ...reads('webhooks.countDeliveries', { ...of, ...(which === 'since' && since ? { since } : {}) }),
    enabled: which === 'failed' || since !== undefined,
    staleTime: 0,
  })
  const count = data === undefined ? null : which === 'failed' ? data.failed : data.failed + data.delivered
  const onDone = ({ replayed }: { replayed: number }) => {
    showDone(words.done(replayed))
    onClose()
  }
  const failed = useAct('webhooks.replayFailed', { changes: CHANGED, onFault: setFault, onDone })
  const all = useAct('webhooks.replaySince', { changes: CHANGED, onFault: setFault, onDone })
  return (
    <Dialog title={words.title} isDirty={which === 'since' && since !== first} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setFault(null)
          if (!count) return
          if (which === 'failed') failed.mutate(of)
          else if (since !== undefined) all.mutate({ ...of, since })
        }}
      >
        <Stack>
          <Text size="sm">{words.lead}</Text>
          {(fault ?? error) !== null && <Failure error={fault ?? error} />}
          <Radio.Group label={words.which} value={which} onChange={(next) => setWhich(next as 'failed' | 'since')}>
            <Stack mt="xs" gap="xs">
              <Radio value="failed" label={words.failed} />
              <Radio value="since" label={words.since} />
            </Stack>
          </Radio.Group>
          {which === 'since' && <MomentField label={words.moment} value={since} onChange={setSince} required />}
          <Text size="sm" role="status">
            {count === null ? words.counting : count === 0 ? words.none : words.count(count)}
            {count !== null && count > 0 && !webhook.enabled && ` ${texts.delivery.willWait}`}
          </Text>
          <DialogButtons
            submit={words.submit(count ?? 0)}
            isPending={failed.isPending || all.isPending}
            onClose={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  )
}
