import { type Context, Script } from 'node:vm'
import { helpersOf } from './conversions.ts'
import type { Habits } from './document.ts'
import { type Evaluated, type Exchange, install, type Job, type Limits } from './inside.ts'
import { encloseJsonata, wasEnded } from './jsonata.ts'

/*
 * JSONata's own limits are looked at between steps, so a single step (a regular expression, a text of a hundred million
 * blanks) gets past them; Node ends it from outside, with its promises. Where somebody watches promises (`async_hooks`)
 * that ends the process, so this belongs into one of its own, which memory is its own, too (expression-process.ts). A run costs
 * 0.3 ms, for the clock that watches it, so many items share one.
 */

const LIMITS: Limits = { timeMs: 500, depth: 200, sequence: 100_000, resultCharacters: 1_000_000, turnMs: 50 }
const PATIENCE_MS = 1000

/** What the process says first. */
export const READY = 'ready'

export interface Batch {
  jobs: readonly Job[]
  habits: Habits
}

interface Enclosure {
  context: Context
  exchange: Exchange
}

let scripts: { install: Script; run: Script } | null = null
/** One for all: an expression leaves nothing behind in it. After one that was ended there is another. */
let kept: Enclosure | null = null

function enclose(): Enclosure {
  scripts ??= {
    install: new Script(`(${install.toString()})(jsonata, exchange, limits)`),
    run: new Script('run()'),
  }
  const context = encloseJsonata()
  const exchange: Exchange = { jobs: [], results: [], place: -1, failed: null, ask: () => '{}' }
  Object.assign(context, { exchange, limits: LIMITS })
  context.run = scripts.install.runInContext(context)
  for (const name of ['exchange', 'limits', 'jsonata']) delete context[name]
  return { context, exchange }
}

/** What becomes of the first jobs, of one at least: as many as a turn is long. */
export function evaluateSome({ jobs, habits }: Batch): Evaluated[][] {
  kept ??= enclose()
  const { context, exchange } = kept
  Object.assign(exchange, { jobs, results: [], failed: null, place: -1, ask: answering(habits) })
  try {
    scripts?.run.runInContext(context, { timeout: PATIENCE_MS })
  } catch (error) {
    kept = null
    if (!wasEnded(error)) throw error
  }
  const { results, failed, place } = exchange
  if (failed !== null) throw new Error(failed)
  const culprit = kept === null && place !== -1 ? jobs[results.length] : undefined
  if (culprit === undefined) return results
  const error = `it takes longer than ${PATIENCE_MS} ms`
  return [...results, culprit.expressions.map((_, at) => (at === place ? { error } : { json: undefined }))]
}

/** The helpers' answers: texts alone pass in and out, so nothing of ours can be reached. */
function answering(habits: Habits): Exchange['ask'] {
  const help = helpersOf(habits)
  return (name, values) => {
    try {
      return JSON.stringify({ value: help(name, JSON.parse(values)) })
    } catch (error) {
      return JSON.stringify({ error: error instanceof Error ? error.message : String(error) })
    }
  }
}
