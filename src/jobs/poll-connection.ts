import { createGuardedFetch, pollConnection } from '../connect/index.ts'
import type { JobContext } from './context.ts'

/** Asks another program for what is new. */
export async function pollConnectionOf(context: JobContext, payload: unknown): Promise<void> {
  const { db, clock, config, mail } = context
  const fetch = createGuardedFetch({ allowedNetworks: config.outgoingNetworks, connections: 1 })
  try {
    const polling = { db, clock, fetch, byMail: mail.isSetUp, chance: Math.random }
    await pollConnection(polling, payload as { locationId: string; id: string })
  } finally {
    fetch.close()
  }
}
