/*
 * What runs beside JSONata in its context (evaluation.ts): it is handed over as text, so it names nothing from outside
 * but types.
 */

export interface Job {
  /** The item as JSON. */
  json: string
  expressions: readonly string[]
}

export type Evaluated = { json: string | undefined } | { error: string }

/** What the two sides share. Expressions see nothing of it: their items and values pass as texts. */
export interface Exchange {
  jobs: readonly Job[]
  results: Evaluated[][]
  /** The expression it is at, of the job behind those with results; -1: it is at none. */
  place: number
  failed: string | null
  ask(name: string, values: string): string
}

export interface Limits {
  timeMs: number
  depth: number
  sequence: number
  resultCharacters: number
  turnMs: number
}

interface Expression {
  evaluate(input: unknown): Promise<unknown>
  registerFunction(name: string, run: (...values: unknown[]) => unknown): void
}
type Jsonata = (text: string, options: Record<string, unknown>) => Expression

/** What is given back goes on until all jobs are done or the turn is over; results tell how many are. */
export function install(jsonata: Jsonata, exchange: Exchange, limits: Limits): () => void {
  const HELPERS = ['money', 'minor', 'phone', 'date', 'moment', 'name']
  const MOST_PROGRAMS = 1000
  const programs = new Map<string, Expression>()
  const messageOf = (error: unknown) => String((error as { message?: unknown } | null)?.message ?? error)

  function help(name: string, values: unknown[]): unknown {
    const answer = JSON.parse(exchange.ask(name, JSON.stringify(values)))
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer.value
  }

  /** A text is compiled once; of so many it is remembered. */
  function compile(text: string): Expression {
    const known = programs.get(text)
    if (known !== undefined) return known
    const program = jsonata(text, { timeout: limits.timeMs, stack: limits.depth, sequence: limits.sequence })
    for (const name of HELPERS) program.registerFunction(name, (...values) => help(name, values))
    if (programs.size >= MOST_PROGRAMS) programs.clear()
    programs.set(text, program)
    return program
  }

  async function evaluate(text: string, json: string): Promise<Evaluated> {
    try {
      const value = JSON.stringify(await compile(text).evaluate(JSON.parse(json)))
      if (value === undefined || value.length <= limits.resultCharacters) return { json: value }
      return { error: `it makes more than ${limits.resultCharacters} characters` }
    } catch (error) {
      return { error: messageOf(error) }
    }
  }

  async function work(): Promise<void> {
    const end = Date.now() + limits.turnMs
    for (const { expressions, json } of exchange.jobs) {
      const found: Evaluated[] = []
      for (const [place, text] of expressions.entries()) {
        exchange.place = place
        found.push(await evaluate(text, json))
      }
      exchange.place = -1
      exchange.results.push(found)
      if (Date.now() > end) return
    }
  }

  return () => {
    work().catch((error) => {
      exchange.failed = messageOf(error)
    })
  }
}
