// The server under test, in a process of its own: its memory is its own, and how long it was busy at one go can be
// told.
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'

const TICK_MS = 5

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

const cpuMs = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
let last = cpuMs()
let busyMs = 0
const tick = () => {
  const now = cpuMs()
  busyMs = Math.max(busyMs, now - last)
  last = now
}
setInterval(tick, TICK_MS)

process.on('message', () => {
  tick()
  const { rss, heapUsed } = process.memoryUsage()
  const look: Look = { busyMs, rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20 }
  busyMs = 0
  process.send?.(look)
})
process.once('disconnect', async () => {
  await app[Symbol.asyncDispose]()
  process.exit()
})
process.send?.({ url })
