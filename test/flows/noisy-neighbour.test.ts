import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { ATTACKS } from '../support/attacks.ts'
import { measure, openStreet, type Street, under, type Waits } from '../support/neighbours.ts'

/**
 * `npm run test:neighbours -- --seconds 20`: how long each attack goes on. A short run, among many others, cannot tell
 * the slowest of a hundred.
 */
const LONG = process.env.TINTYPE_NEIGHBOURS_SECONDS
const MS = Number(LONG ?? 1.5) * 1000
const FLEET = LONG === undefined ? 200 : 1000
const MOST_TIMES = 3
const MOST_MEMORY = 400 * 2 ** 20
/** What a machine that does other things too adds in a short run. */
const SLACK_MS = LONG === undefined ? 60 : 0

let street: Street
let quiet: Waits
before(async () => {
  street = await openStreet({ fleet: FLEET, assets: 100 })
  await measure(street, 1_000)
  quiet = await measure(street, MS)
})
after(() => street?.[Symbol.asyncDispose]())

const shown = ({ count, p50, p95, p99 }: Waits) =>
  `${count} calls, p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`

for (const attack of Object.keys(ATTACKS))
  test(`${attack}: the neighbour goes on as ever`, async (t) => {
    const { waits, tally } = await under(street, attack, { ms: MS, warmMs: LONG === undefined ? 500 : 3_000 })
    await pause(LONG === undefined ? 200 : 3_000)
    const before = quiet
    quiet = await measure(street, MS)
    t.diagnostic(`quiet: ${shown(before)}; ${shown(quiet)}`)
    t.diagnostic(
      `under attack: ${shown(waits)}; the attacker: ${JSON.stringify(tally)}; memory ` +
        `${Math.round(street.peak() / 2 ** 20)} MB`,
    )
    const name = LONG === undefined ? 'p95' : 'p99'
    const bound = Math.max(before[name], quiet[name]) * MOST_TIMES + SLACK_MS
    assert.ok(
      waits[name] < bound,
      `${name} ${waits[name].toFixed(1)} ms, in quiet ${before[name].toFixed(1)} and ${quiet[name].toFixed(1)} ms`,
    )
  })

test('through all of it the server stays small, and nothing fails', () => {
  assert.ok(street.peak() < MOST_MEMORY, `${Math.round(street.peak() / 2 ** 20)} MB`)
  assert.deepEqual(street.errors(), [])
})
