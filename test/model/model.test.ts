import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startTestServer, type TestServer } from '../support/server.ts'
import { FEATURES, type Feature } from './features.ts'
import { type Game, play } from './play.ts'
import { kindOfFault, shrink, tell } from './shrink.ts'

const { TINTYPE_MODEL_SEED, TINTYPE_MODEL_STEPS, TINTYPE_MODEL_MINUTES, TINTYPE_MODEL_FEATURES, TINTYPE_MODEL_FIRST } =
  process.env
const SHORT_STEPS = 30
const LONG_STEPS = 60
const minutes = Number(TINTYPE_MODEL_MINUTES ?? 0)
const steps = Number(TINTYPE_MODEL_STEPS ?? (minutes > 0 ? LONG_STEPS : SHORT_STEPS))
const features = new Set((TINTYPE_MODEL_FEATURES?.split(',').filter(Boolean) as Feature[] | undefined) ?? FEATURES)
const SHRINK_MS = 10 * 60_000

let server: TestServer
before(async () => {
  const unknown = [...features].filter((name) => !FEATURES.includes(name))
  assert.deepEqual(unknown, [], `the features are ${FEATURES.join(', ')}`)
  server = await startTestServer()
})
after(() => server?.[Symbol.asyncDispose]())

if (minutes > 0) {
  const first = Number(TINTYPE_MODEL_SEED ?? randomInt(1_000_000))
  test(`random worlds from seed ${first} on are what the model says, for ${minutes} minutes`, {
    timeout: minutes * 60_000 + SHRINK_MS,
  }, async (t) => {
    const [began, stories] = [Date.now(), new Map<string, string>()]
    let [worlds, actions] = [0, 0]
    for (let seed = first; Date.now() < began + minutes * 60_000; seed++, worlds++) {
      const game = { server, seed, steps, features }
      const played = await play(game)
      actions += played.actions.length
      if (played.fault === null || stories.has(kindOfFault(played.fault))) continue
      // For scripts/mutate.ts: that there is one is enough.
      if (TINTYPE_MODEL_FIRST !== undefined) {
        process.stdout.write(`\nSeed ${seed}: ${played.fault.split('\n')[0]}\n`)
        return
      }
      const story = tell(game, await shrink(game, played))
      stories.set(kindOfFault(played.fault), story)
      process.stdout.write(`\n${story}\n`)
    }
    t.diagnostic(
      `${worlds} worlds, ${actions} actions, ${Math.round((actions * 1000) / (Date.now() - began))} in a second`,
    )
    assert.equal(stories.size, 0, `${stories.size} kinds of faults, told above`)
  })
} else {
  // The same worlds each time: whoever changes something must be able to trust that what fails is theirs. The long run
  // looks for new ones.
  for (const seed of TINTYPE_MODEL_SEED === undefined ? [1, 2, 3, 4] : [Number(TINTYPE_MODEL_SEED)]) {
    test(`a random world, seed ${seed}, is what the model says`, { timeout: SHRINK_MS }, () =>
      playOnce({ server, seed, steps, features }),
    )
  }
}

async function playOnce(game: Game): Promise<void> {
  const played = await play(game)
  if (played.fault !== null) assert.fail(tell(game, await shrink(game, played)))
}
