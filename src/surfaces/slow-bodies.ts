import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'

const LOOK_MS = 500
/** Bytes in a second that a body must bring on average, once its first seconds are over. */
const LEAST_RATE = 4_096

export interface BodyTimes {
  /** Within these the body may come as it likes. */
  graceMs: number
  /** The end of every body, however steadily it comes. */
  mostMs: number
}

interface Waiting {
  request: FastifyRequest
  reply: FastifyReply
  sinceMs: number
  before: number
  mostMs: number
}

/**
 * Ends requests whose bodies never come, or trickle: 408, and the connection is closed. Node looks only at how long a
 * whole request takes, alike for a line of JSON and a file of 50 MB.
 */
export function endSlowBodies(app: FastifyInstance, { graceMs, mostMs }: BodyTimes): void {
  const waiting = new Set<Waiting>()
  const look = () => {
    for (const one of waiting) {
      const { request, reply, sinceMs, before } = one
      if (request.raw.complete || request.raw.destroyed || reply.sent) {
        waiting.delete(one)
        continue
      }
      const elapsedMs = performance.now() - sinceMs
      const received = request.raw.socket.bytesRead - before
      if (elapsedMs < one.mostMs && received >= ((elapsedMs - graceMs) * LEAST_RATE) / 1000) continue
      waiting.delete(one)
      // Whoever waits for the body learns that it ends here; the answer is on its way before.
      reply.header('connection', 'close').send(new AppError('body_too_slow'))
      reply.raw.once('finish', () => request.raw.destroy())
    }
  }
  const timer = setInterval(look, LOOK_MS).unref()
  app.addHook('onClose', async () => clearInterval(timer))
  app.addHook('onRequest', async (request, reply) => {
    const { headers, raw } = request
    if (raw.complete || (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0))
      return
    const { bodyMs = mostMs } = request.routeOptions.config
    waiting.add({ request, reply, sinceMs: performance.now(), before: raw.socket.bytesRead, mostMs: bodyMs })
  })
}
