import type { FastifyInstance } from 'fastify'
import type { Log } from '../log.ts'

const TOLD_AGAIN_MS = 60_000

/** Each connection costs memory, also one on which nothing comes: there is an end to their number, and a line in the log. */
export function limitSockets(app: FastifyInstance, { most, log }: { most: number; log: Log }): void {
  let nextMs = 0
  app.server.maxConnections = most
  app.server.on('drop', () => {
    const now = performance.now()
    if (now < nextMs) return
    nextMs = now + TOLD_AGAIN_MS
    log.warn({ sockets: most }, 'there are as many connections as TINTYPE_SOCKETS allows: new ones are closed')
  })
}
