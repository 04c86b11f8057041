import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import type { Operation } from '../../src/operations/define.ts'
import { registry } from '../../src/operations/index.ts'
import { requestsOf } from './generate.ts'
import { judge, readAll } from './judge.ts'
import { type FuzzRequest, toCurl } from './request.ts'
import type { FuzzWorld } from './world.ts'

export interface Figures {
  /** By operation: how many it took (2xx), and how many were sent. */
  taken: Map<string, number>
  sent: Map<string, number>
}

export interface Settings {
  seed: number
  /** Of each operation. */
  requests: number
  /** Operations that write, between two looks at everything. */
  lookEvery: number
  /** Some operations only. */
  only?: readonly string[] | undefined
  isOver(): boolean
}

/** What was found, ready to be read. */
export interface Fault {
  operation: string
  what: string
  story: string
}

const SHRINK_MS = 60_000
const IDLE_MS = 30_000

/**
 * First what reads and makes, then what takes away, parts before what they are of; what everything hangs on goes last.
 */
const rankOf = ({ name, http, hasBody }: Operation) =>
  (!http.startsWith('DELETE') || hasBody) && !['tokens.rotate', 'account.password'].includes(name)
    ? 0
    : /^(locations|tokens|apps|oauth|people|account)\./.test(name)
      ? 2
      : 1
const depthOf = ({ http }: Operation) => http.split('/:').length
const [reads, ...removals] = [0, 1, 2].map((rank) =>
  registry.all.filter((operation) => rankOf(operation) === rank),
) as [Operation[], Operation[], Operation[]]
const ordered = [
  ...reads,
  ...removals.flatMap((operations) => operations.reverse().sort((a, b) => depthOf(b) - depthOf(a))),
]

/** So that one operation alone gets the same requests as among all. */
const seedOf = (seed: number, name: string) => createHash('sha256').update(`${seed} ${name}`).digest().readInt32LE(0)

/** One round over all operations. Faults are told as they are found. */
export async function playRound(
  world: FuzzWorld,
  settings: Settings,
  figures: Figures,
  tell: (fault: Fault) => void,
): Promise<void> {
  const { only, isOver, lookEvery } = settings
  let suspects: Operation[] = []
  const look = async () => {
    const fault = (await readAll(world)) ?? (await workOf(world))
    if (fault !== null) {
      tell(await findCulprit(world, settings, suspects, fault))
      await world.begin()
    }
    suspects = []
  }
  for (const operation of ordered) {
    if (isOver()) break
    if (only !== undefined && !only.includes(operation.name)) continue
    const { fault, wrote } = await fuzz(world, settings, operation, { figures })
    if (fault !== null) tell(fault)
    if (wrote) suspects.push(operation)
    if (suspects.length >= lookEvery || (suspects.length > 0 && rankOf(operation) === 2)) await look()
  }
  if (suspects.length > 0) await look()
}

/** Jobs that stumbled over what was written. */
async function workOf(world: FuzzWorld): Promise<string | null> {
  for (const end = Date.now() + IDLE_MS; Date.now() < end && !(await world.isIdle()); ) await pause(50)
  const failed = await world.failedJobs()
  return failed.length === 0 ? null : `a job fails: ${failed[0]}`
}

interface Extra {
  figures?: Figures
  /** After each request that writes. */
  afterwards?: () => Promise<string | null>
}

/** Requests of one operation until one of them shows a fault, which is then made as small as it can be. */
async function fuzz(
  world: FuzzWorld,
  { seed, requests }: Settings,
  operation: Operation,
  { figures, afterwards }: Extra,
): Promise<{ fault: Fault | null; wrote: boolean }> {
  let [wrote, what] = [false, '']
  let found: FuzzRequest | null = null
  let shrinkUntil = Number.POSITIVE_INFINITY
  const property = fc.asyncProperty(requestsOf(operation, world.names), async (request) => {
    if (Date.now() > shrinkUntil) return
    const verdict = await judge(world, request)
    if (figures !== undefined && found === null) count(figures, operation.name, verdict.status)
    wrote ||= verdict.wrote
    const fault = verdict.fault ?? (verdict.wrote ? ((await afterwards?.()) ?? null) : null)
    if (fault === null) return
    if (found === null) shrinkUntil = Date.now() + SHRINK_MS
    ;[found, what] = [request, fault]
    // What was written may be what every later read chokes on.
    if (verdict.wrote) await world.begin()
    throw new Error(fault)
  })
  await fc.check(property, { seed: seedOf(seed, operation.name), numRuns: requests, endOnFailure: false, verbose: 0 })
  return { fault: found === null ? null : tellOf(seed, operation.name, what, found), wrote }
}

function count({ taken, sent }: Figures, name: string, status: number): void {
  sent.set(name, (sent.get(name) ?? 0) + 1)
  if (status >= 200 && status < 300) taken.set(name, (taken.get(name) ?? 0) + 1)
}

/** Among operations that wrote: the one after which something cannot be read, with its smallest request. */
async function findCulprit(
  world: FuzzWorld,
  settings: Settings,
  suspects: readonly Operation[],
  what: string,
): Promise<Fault> {
  await world.begin()
  const before = await readAll(world)
  if (before !== null) return { operation: 'nothing', what: before, story: `Before anything was asked: ${before}` }
  for (const operation of [...suspects].reverse()) {
    await world.begin()
    const { fault } = await fuzz(world, settings, operation, {
      afterwards: async () => (await readAll(world)) ?? (await workOf(world)),
    })
    if (fault !== null) return fault
  }
  const names = suspects.map(({ name }) => name).join(',')
  return { operation: names, what, story: `After ${names} (seed ${settings.seed}): ${what}` }
}

function tellOf(seed: number, operation: string, what: string, request: FuzzRequest): Fault {
  const saved = (body: string) => {
    const file = join(tmpdir(), `tintype-fuzz-${seed}-${operation}.body`)
    writeFileSync(file, body, request.encoding === 'bytes' ? 'latin1' : 'utf8')
    return file
  }
  return {
    operation,
    what,
    story:
      `${operation} (npm run test:fuzz -- --seed ${seed} --operations ${operation}) ` +
      `${what}\n${toCurl(request, saved)}`,
  }
}
