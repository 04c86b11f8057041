import type { TestServer } from '../support/server.ts'
import { type Action, beginnings, nextAction } from './actions.ts'
import { checkAll, checkStep } from './check.ts'
import { perform } from './perform.ts'
import { Broken, World } from './run.ts'
import { sentence } from './story.ts'
import type { Feature } from './world.ts'

export interface Game {
  server: TestServer
  seed: number
  steps: number
  features: ReadonlySet<Feature>
}

export interface Played {
  actions: Action[]
  /** What went wrong after the last of them. */
  fault: string | null
}

/** A world drawn from its seed. */
export async function play({ server, seed, steps, features }: Game): Promise<Played> {
  const world = await new World({ seed, features, server }).open()
  const actions: Action[] = []
  const act = async (action: Action, isChecked: boolean) => {
    actions.push(action)
    await step(world, action, isChecked)
    world.number++
  }
  try {
    for (const action of beginnings(world)) await act(action, false)
    for (let count = 0; count < steps; count++) await act(nextAction(world), true)
    await checkAll(world)
    return { actions, fault: null }
  } catch (error) {
    return { actions, fault: faultOf(error) }
  }
}

/** The same actions, or some of them, in a new world. */
export async function replay({ server, seed, features }: Game, actions: readonly Action[], numbers: readonly number[]): Promise<Played> {
  const world = await new World({ seed, features, server }).open()
  const done: Action[] = []
  try {
    for (const [index, action] of actions.entries()) {
      world.number = numbers[index] as number
      done.push(action)
      await step(world, action, true)
    }
    await checkAll(world)
    return { actions: done, fault: null }
  } catch (error) {
    return { actions: done, fault: faultOf(error) }
  }
}

async function step(world: World, action: Action, isChecked: boolean): Promise<void> {
  const isDone = await perform(world, action)
  if (isDone && isChecked) await checkStep(world, action)
}

/** A broken promise is told by its message; anything else is a fault of the model, told with its stack. */
const faultOf = (error: unknown) => (error instanceof Broken ? error.message : String((error as Error).stack ?? error))

/** Fewest actions that still go wrong, by leaving out more and more of them. */
export async function shrink(game: Game, played: Played, budgetMs = 60_000): Promise<Played> {
  const deadline = Date.now() + budgetMs
  let best = { ...played, numbers: played.actions.map((_, index) => index) }
  for (let size = Math.ceil(best.actions.length / 2); size >= 1 && Date.now() < deadline; ) {
    let isShorter = false
    for (let from = best.actions.length - size; from > -size && Date.now() < deadline; from -= size) {
      const isLeft = (_: unknown, index: number) => index < Math.max(0, from) || index >= from + size
      const [actions, numbers] = [best.actions.filter(isLeft), best.numbers.filter(isLeft)]
      if (actions.length === best.actions.length || actions.length === 0) continue
      const again = await replay(game, actions, numbers)
      if (again.fault === null || kindOfFault(again.fault) !== kindOfFault(best.fault as string)) continue
      best = { ...again, numbers: numbers.slice(0, again.actions.length) }
      isShorter = true
    }
    if (!isShorter || size > 1) size = size === 1 ? 0 : Math.max(1, Math.floor(size / 2))
  }
  return best
}

/** Faults of one kind read alike but for names and numbers. */
const kindOfFault = (fault: string) => (fault.split('\n')[0] as string).replace(/‹[^›]*›|"[^"]*"|[A-Za-z0-9-]{20,}|\d+|\bl\d\b/g, '#').slice(0, 60)

export function tell({ seed, steps, features }: Game, { actions, fault }: Played, all: number): string {
  const story = actions.map((action, index) => `${index + 1}. ${sentence(action)}`).join('\n')
  return `${fault}\n\nThe shortest story that ends so:\n${story}\n\nAgain: npm run test:model -- --seed ${seed} --steps ${steps}${all === features.size ? '' : ` --features ${[...features].join(',')}`}`
}
