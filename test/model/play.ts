import type { TestServer } from '../support/server.ts'
import { type Action, beginnings, nextAction } from './actions.ts'
import { checkAll, checkStep, learnStep } from './check.ts'
import type { Feature } from './features.ts'
import { perform } from './perform.ts'
import { Broken, World } from './run.ts'

export interface Game {
  server: TestServer
  seed: number
  steps: number
  features: ReadonlySet<Feature>
}

/** An action with its number in the world that it was drawn in: what it makes is called by it. */
export interface Numbered {
  number: number
  action: Action
}

export interface Played {
  actions: Numbered[]
  /** What went wrong after the last of them. */
  fault: string | null
}

/** A world drawn from its seed. */
export async function play({ server, seed, steps, features }: Game): Promise<Played> {
  const world = await new World({ seed, features, server }).open()
  return run(world, async (act) => {
    for (const action of beginnings(world)) {
      await act({ number: world.number, action })
      world.number++
    }
    for (let count = 0; count < steps; count++) {
      const action = nextAction(world)
      await act({ number: world.number, action })
      await checkStep(world, action)
      world.number++
    }
  })
}

/**
 * The same actions, or some of them, in a new world. `isWatched`: everything is looked at after each of them, not only
 * at the end.
 */
export async function replay(
  { server, seed, features }: Game,
  actions: readonly Numbered[],
  isWatched: boolean,
): Promise<Played> {
  const world = await new World({ seed, features, server }).open()
  return run(world, async (act) => {
    for (const one of actions) {
      world.number = one.number
      await act(one)
      if (isWatched) await checkStep(world, one.action, { isWhole: true })
      else await learnStep(world, one.action)
    }
  })
}

async function run(world: World, script: (act: (one: Numbered) => Promise<void>) => Promise<void>): Promise<Played> {
  const actions: Numbered[] = []
  try {
    await script(async (one) => {
      actions.push(one)
      await perform(world, one.action)
    })
    await checkAll(world)
    return { actions, fault: null }
  } catch (error) {
    // A broken promise is told by its message; anything else is a fault of the model, told with its stack.
    return { actions, fault: error instanceof Broken ? error.message : String((error as Error).stack ?? error) }
  }
}
