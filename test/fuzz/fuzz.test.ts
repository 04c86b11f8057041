import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import { registry } from '../../src/operations/index.ts'
import { MOST_MEMORY_MB } from './judge.ts'
import { type Fault, type Figures, playRound, type Settings } from './play.ts'
import { FuzzWorld } from './world.ts'

const { TINTYPE_FUZZ_SEED, TINTYPE_FUZZ_MINUTES, TINTYPE_FUZZ_OPERATIONS, TINTYPE_FUZZ_REQUESTS } = process.env
const isLong = TINTYPE_FUZZ_MINUTES !== undefined || TINTYPE_FUZZ_REQUESTS !== undefined
const minutes = Number(TINTYPE_FUZZ_MINUTES ?? 0)
const requests = Number(TINTYPE_FUZZ_REQUESTS ?? 0)
const only = TINTYPE_FUZZ_OPERATIONS?.split(',').filter(Boolean)
const SHRINK_MS = 30 * 60_000
/** Of each operation in one round; each round has tenants of its own. */
const IN_A_ROUND = 20
const [SHORT_REQUESTS, SHORT_SEED] = [1, 1]

let world: FuzzWorld
before(async () => {
  assert.deepEqual(
    (only ?? []).filter((name) => registry.find(name) === null),
    [],
    'there are no such operations',
  )
  world = await FuzzWorld.start()
})
after(() => world?.[Symbol.asyncDispose]())

const seed = Number(TINTYPE_FUZZ_SEED ?? (isLong ? randomInt(1_000_000) : SHORT_SEED))

// The short run sends the same requests each time: what fails is the change that was made. The long one looks for new
// ones.
const title = isLong
  ? `from seed ${seed} on, for ${minutes > 0 ? `${minutes} minutes` : `${requests} requests of each operation`}`
  : `of seed ${seed}, ${SHORT_REQUESTS} of each operation`
test(`no request does harm: ${title}`, { timeout: minutes * 60_000 + SHRINK_MS }, async (t) => {
  const figures: Figures = { taken: new Map(), sent: new Map() }
  const faults = new Map<string, Fault>()
  const began = Date.now()
  const endsAt = minutes > 0 ? began + minutes * 60_000 : Number.POSITIVE_INFINITY
  const tell = (fault: Fault) => {
    const kind = `${fault.operation} ${fault.what.replace(/\d+/g, '').slice(0, 200)}`
    if (!faults.has(kind)) process.stdout.write(`\n${fault.story}\n`)
    faults.set(kind, fault)
  }
  const settings: Settings = {
    seed,
    requests: SHORT_REQUESTS,
    lookEvery: 1_000,
    only,
    isOver: () => Date.now() >= endsAt,
  }
  if (isLong) {
    const inRound = minutes > 0 ? IN_A_ROUND : Math.min(IN_A_ROUND, requests)
    const rounds = minutes > 0 ? Number.POSITIVE_INFINITY : Math.ceil(requests / inRound)
    for (let round = 0; round < rounds && !settings.isOver(); round++) {
      if (round > 0) await world.begin()
      await playRound(world, { ...settings, seed: seed + round, requests: inRound, lookEvery: 5 }, figures, tell)
      report(t, figures, began)
    }
  } else await playRound(world, settings, figures, tell)
  report(t, figures, began)
  assert.equal(
    faults.size,
    0,
    `${faults.size} kinds of faults, told above: ` +
      `${[...faults.values()].map(({ operation, what }) => `${operation} ${what.slice(0, 100)}`).join('\n')}`,
  )
  assert.ok(world.peakMb < MOST_MEMORY_MB, `the server took ${world.peakMb} MB`)
})

function report(t: { diagnostic(text: string): void }, { taken, sent }: Figures, began: number): void {
  const total = [...sent.values()].reduce((sum, count) => sum + count, 0)
  const never = registry.all.filter(({ name }) => sent.has(name) && !taken.has(name)).map(({ name }) => name)
  const { busyMs, operation } = world.longest
  const line =
    `${total} requests to ${sent.size} of ${registry.all.length} operations in ` +
    `${Math.round((Date.now() - began) / 1000)} s, ${taken.size} of which took some; longest pause ` +
    `${Math.round(busyMs)} ms of processor time (${operation}), memory of the server at most ` +
    `${Math.round(world.peakMb)} MB, now ${Math.round(world.last.rssMb)} MB (heap ${Math.round(world.last.heapMb)}); took none: ${never.join(' ')}`
  if (isLong) process.stdout.write(`${line}\n`)
  else t.diagnostic(line)
}
