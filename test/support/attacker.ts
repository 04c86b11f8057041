import { parentPort, workerData } from 'node:worker_threads'
import { ATTACKS, type Ground, type Tally } from './attacks.ts'

// A thread of its own, so that what an attack costs whoever sends it does not delay those who measure.
const { name, ground } = workerData as { name: string; ground: Ground }
const leave = new AbortController()
const tally: Tally = {}
parentPort?.once('message', () => leave.abort())
await ATTACKS[name]?.(ground, leave.signal, tally)
parentPort?.postMessage(tally)
