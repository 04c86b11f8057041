import type { JobHelpers } from 'graphile-worker'
import { createGuardedFetch } from '../connect/index.ts'
import type { JobContext } from './context.ts'

const PATIENCE_MS = 15_000
/** Of the tries of a job: who does not answer for some minutes hears of the next news. */
const MOST_TRIES = 6

/** Tells an address that somebody has named how a connection does. */
export async function connectionAlert(
  { log, config }: JobContext,
  payload: unknown,
  { job }: JobHelpers,
): Promise<void> {
  const { url, body } = payload as { url: string; body: { connectionId: string } }
  const fetch = createGuardedFetch({ allowedNetworks: config.outgoingNetworks, connections: 1 })
  try {
    const headers = { 'content-type': 'application/json' }
    const outgoing = { url, headers, body: JSON.stringify(body), patienceMs: PATIENCE_MS, mostBytes: 1_000 }
    const { status } = await fetch.post(outgoing)
    if (status >= 300) throw new Error(`it answered ${status}`)
  } catch (error) {
    if (job.attempts < MOST_TRIES) throw error
    log.warn({ connection: body.connectionId, reason: (error as Error).message }, 'an alert was not taken')
  } finally {
    fetch.close()
  }
}
