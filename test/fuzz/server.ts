// The server under test, in a process of its own: its memory is its own, and how long it was busy at one go can be
// told.
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { watchBusy } from '../support/busy.ts'

/** What the parent asks for with any message: since it asked last. */
export interface Look {
  /** Longest time on the processor of the one thread that answers requests, between two turns of its clock. */
  busyMs: number
  rssMb: number
  /** Of that: what is alive, and garbage that nobody has looked for yet. */
  heapMb: number
}

const app = await createApp({ ...readConfig(process.env), port: 0, demo: false, rateLimit: 0, visitorLimit: 0 })
const url = await app.serve()

const busy = watchBusy()

process.on('message', () => {
  const { rss, heapUsed } = process.memoryUsage()
  const look: Look = { busyMs: busy.take(), rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20 }
  process.send?.(look)
})
process.once('disconnect', async () => {
  await app[Symbol.asyncDispose]()
  process.exit()
})
process.send?.({ url })
