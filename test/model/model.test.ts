import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startTestServer, type TestServer } from '../support/server.ts'
import { play, shrink, tell } from './play.ts'
import { FEATURES, type Feature } from './world.ts'

const { TINTYPE_MODEL_SEED, TINTYPE_MODEL_STEPS, TINTYPE_MODEL_MINUTES, TINTYPE_MODEL_FEATURES } = process.env
const STEPS = Number(TINTYPE_MODEL_STEPS ?? 40)
const features = new Set((TINTYPE_MODEL_FEATURES?.split(',').filter(Boolean) as Feature[] | undefined) ?? FEATURES)
const seeds = TINTYPE_MODEL_SEED === undefined ? [1, 2, randomInt(1_000_000)] : [Number(TINTYPE_MODEL_SEED)]
const untilMs = TINTYPE_MODEL_MINUTES === undefined ? 0 : Date.now() + Number(TINTYPE_MODEL_MINUTES) * 60_000

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server?.[Symbol.asyncDispose]())

for (const first of seeds) {
  test(`a random world, seed ${first}, is what the model says`, { timeout: Math.max(untilMs - Date.now(), 0) + 10 * 60_000 }, async (t) => {
    let count = 0
    let actions = 0
    const began = Date.now()
    for (let seed = first; count === 0 || Date.now() < untilMs; seed++) {
      const game = { server, seed, steps: STEPS, features }
      const played = await play(game)
      count++
      actions += played.actions.length
      if (played.fault !== null) assert.fail(tell(game, await shrink(game, played), FEATURES.length))
    }
    t.diagnostic(`${count} worlds, ${actions} actions, ${Math.round((actions * 1000) / (Date.now() - began))} in a second`)
  })
}
