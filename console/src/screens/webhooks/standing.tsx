import type { Output } from '../../api/call.ts'
import { Tone, type ToneName } from '../../parts/tone.tsx'
import { texts } from './texts.ts'

export type Webhook = Output<'webhooks.list'>['webhooks'][number]
const words = texts.standing

interface Standing {
  tone: ToneName
  label: string
  hint: string
}

const isTaken = (status: number | null) => status !== null && status >= 200 && status < 300

/** How it goes with a webhook, in a word. */
export function standingOf({ offBecause, heldUntil, health }: Webhook): Standing {
  const { waiting, failed, lastAttemptAt, lastStatus } = health
  if (offBecause !== null) return { tone: offBecause === 'person' ? 'calm' : 'bad', ...words.off[offBecause] }
  if (heldUntil !== null && new Date(heldUntil).getTime() > Date.now()) return { tone: 'change', ...words.held }
  if (lastAttemptAt === null) return { tone: 'calm', ...(waiting > 0 ? words.waiting : words.none) }
  if (!isTaken(lastStatus)) return { tone: 'bad', ...words.failing(lastStatus) }
  return failed > 0 ? { tone: 'change', ...words.some(failed) } : { tone: 'good', ...words.good }
}

export function StandingTone({ webhook }: { webhook: Webhook }) {
  const { tone, label, hint } = standingOf(webhook)
  return (
    <Tone tone={tone} hint={hint}>
      {label}
    </Tone>
  )
}

interface Asked {
  id: string
  locationId?: string | null | undefined
  appId?: string | null | undefined
}

/** A webhook as calls name it: clients say where it is, and one of an app is not found without the app. */
export const ofWebhook = ({ id, locationId, appId }: Asked) => ({
  webhookId: id,
  ...(locationId ? { locationId } : {}),
  ...(appId ? { appId } : {}),
})

/** Its page, as links name it. */
export const toWebhook = ({ id, locationId, appId }: Asked) => ({
  to: '/app/webhooks/$webhookId' as never,
  params: { webhookId: id } as never,
  search: { ...(locationId ? { location: locationId } : {}), ...(appId ? { app: appId } : {}) } as never,
})
