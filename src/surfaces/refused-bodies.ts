import type { IncomingMessage } from 'node:http'
import { finished } from 'node:stream/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/**
 * Of bodies that nobody reads so much is taken, all of them together: each 64 KB that come are memory of their own, and
 * taking them as fast as a refused client sends keeps everybody else waiting for the collection of that garbage.
 */
const BYTES_PER_MS = 16_384
/** What the body of an honest mistake is: taken at once. */
const AT_ONCE_MS = 64
/** More than this is not waited for. */
const MOST_UNREAD_BYTES = 100_000_000
const UNREAD_MS = 30_000

export interface RefusedBodies {
  /**
   * Takes the rest of a body that is refused, and drops it. A connection that is closed while its client still sends is
   * broken for the client, which then never reads the answer.
   */
  hearOut(request: FastifyRequest): Promise<void>
}

/** What is left of a body when its request has been answered without a look at it is dropped at a pace. */
export function paceRefusedBodies(app: FastifyInstance): RefusedBodies {
  let takenUntilMs = 0
  const drop = (raw: IncomingMessage) => {
    raw.on('error', () => {})
    raw.on('data', ({ length }: Buffer) => {
      const now = performance.now()
      takenUntilMs = Math.max(takenUntilMs, now) + length / BYTES_PER_MS
      const aheadMs = takenUntilMs - now - AT_ONCE_MS
      if (aheadMs < 1) return
      raw.pause()
      setTimeout(() => raw.resume(), aheadMs).unref()
    })
  }
  // Whatever else reads a body has begun to by now.
  app.addHook('onSend', async ({ raw }) => {
    if (!raw.complete && !raw.destroyed && raw.readableFlowing === null) drop(raw)
  })
  return {
    async hearOut({ raw, headers }) {
      if (raw.complete || raw.destroyed || Number(headers['content-length'] ?? 0) > MOST_UNREAD_BYTES) return
      raw.unpipe()
      drop(raw)
      raw.resume()
      await finished(raw, { signal: AbortSignal.timeout(UNREAD_MS) }).catch(() => {})
    },
  }
}
