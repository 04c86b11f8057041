import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { startStorm, stormOnce, troubleOf } from '../support/storm.ts'

const LONG = process.env.TINTYPE_STORM_ROUNDS
const ROUNDS = Number(LONG ?? 4)
const SEED = Number(process.env.TINTYPE_STORM_SEED ?? (LONG === undefined ? 1 : randomInt(1_000_000)))
/** Rounds that run beside each other. */
const LANES = LONG === undefined ? 1 : 2
/** On a machine that does nothing else, 500 take some minutes; what is not done in time is no success. */
const LIMIT_MS = (LONG === undefined ? 15 : 60) * 60_000
const MOST_FAULTS = 20

test('two pushes at once, with clients at work in their targets, end as one thing after the other would', {
  timeout: LIMIT_MS + 120_000,
}, async (t) => {
  t.diagnostic(`TINTYPE_STORM_SEED=${SEED}`)
  const until = Date.now() + LIMIT_MS
  await using storm = await startStorm(SEED)
  const faults: string[] = []
  let begun = 0
  const lane = async () => {
    while (begun < ROUNDS && Date.now() < until && faults.length < MOST_FAULTS) {
      const round = ++begun
      for (const fault of await stormOnce(storm)) faults.push(`round ${round}: ${fault}`)
      if (round % 50 === 0) t.diagnostic(JSON.stringify({ ...storm.tally, faults: faults.length }))
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  const { deadlocks, jobFailures } = await troubleOf(storm)
  t.diagnostic(JSON.stringify({ ...storm.tally, deadlocks, jobFailures: jobFailures.length }))
  assert.deepEqual(faults, [])
  assert.deepEqual(jobFailures, [])
  assert.equal(begun, ROUNDS, 'rounds that were begun before the time was over')
})
