import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { startStorm, stormOnce, troubleOf } from '../support/storm.ts'

const ROUNDS = Number(process.env.TINTYPE_STORM_ROUNDS ?? 10)
const SEED = Number(process.env.TINTYPE_STORM_SEED ?? randomInt(1_000_000))
const LIMIT_MS = Number(process.env.TINTYPE_STORM_MINUTES ?? 15) * 60_000

test(`${ROUNDS} rounds of two pushes at once, with clients at work in their targets, end as one thing after the other would`, {
  timeout: LIMIT_MS + 60_000,
}, async (t) => {
  t.diagnostic(`TINTYPE_STORM_SEED=${SEED}`)
  const until = Date.now() + LIMIT_MS
  await using storm = await startStorm(SEED)
  const faults: string[] = []
  for (let round = 1; round <= ROUNDS && Date.now() < until; round++) {
    for (const fault of await stormOnce(storm)) faults.push(`round ${round}: ${fault}`)
    if (process.env.TINTYPE_STORM_ROUNDS !== undefined && round % 10 === 0)
      t.diagnostic(JSON.stringify({ ...storm.tally, faults: faults.length, ...(await troubleOf(storm)) }))
    if (faults.length > 20) break
  }
  const trouble = await troubleOf(storm)
  t.diagnostic(JSON.stringify({ ...storm.tally, ...trouble }))
  assert.deepEqual(faults, [])
  assert.deepEqual(trouble.jobFailures, [])
})
