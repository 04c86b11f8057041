import { type Context, createContext, Script } from 'node:vm'

/*
 * Patterns are written by people, and some take longer than the world will last for a text that they do not fit. They run
 * where Node can end them.
 */

const PATIENCE_MS = 250

/** A pattern that cannot be used, or did not come to an end. */
export class PatternFault extends Error {}

let place: { context: Context; script: Script } | null = null

/** Null: it is no fault of the pattern's. */
export function patternFault(pattern: string): string | null {
  try {
    new RegExp(pattern, FLAGS)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Whatever the case, and lines by themselves. */
const FLAGS = 'imu'

/** What its first group fits, else the whole; null: it fits nowhere. Throws `PatternFault`. */
export function findPattern(pattern: string, text: string): string | null {
  place ??= {
    context: createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } }),
    script: new Script(`found = new RegExp(pattern, '${FLAGS}').exec(text); found && (found[1] ?? found[0])`),
  }
  Object.assign(place.context, { pattern, text })
  try {
    return place.script.runInContext(place.context, { timeout: PATIENCE_MS })
  } catch (error) {
    const isEnded = (error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    throw new PatternFault(
      isEnded ? `the pattern takes longer than ${PATIENCE_MS} ms` : String((error as { message?: string }).message),
    )
  }
}
