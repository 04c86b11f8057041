import { readFileSync } from 'node:fs'
import { type Context, createContext, Script } from 'node:vm'

/** Of a busy machine. What takes long by itself is nested, and refused before. */
const PARSE_MS = 1000
const DEEPEST = 100
const NESTED = 'it is nested too deeply to be read'

let source: Script | null = null

/**
 * JSONata as `jsonata` in a context of its own, with its promises: from there neither Node nor code made of texts is
 * within reach, and Node can end what runs there.
 */
export function encloseJsonata(): Context {
  const module = { exports: {} }
  const context = createContext(Object.assign(Object.create(null), { module, exports: module.exports }), {
    codeGeneration: { strings: false, wasm: false },
    microtaskMode: 'afterEvaluate',
  })
  source ??= new Script(readFileSync(new URL(import.meta.resolve('jsonata')), 'utf8'))
  source.runInContext(context)
  context.jsonata = module.exports
  for (const name of ['module', 'exports']) delete context[name]
  return context
}

/** By Node, since its time was over. */
export const wasEnded = (error: unknown) => (error as { code?: string } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

let parser: { context: Context; script: Script } | null = null

/** The tree of an expression; or what is wrong with it. */
export function parseExpression(text: string): { ast: unknown } | { error: string } {
  if (depthOf(text) > DEEPEST) return { error: NESTED }
  parser ??= { context: encloseJsonata(), script: new Script('JSON.stringify({ ast: jsonata(text).ast() })') }
  parser.context.text = text
  try {
    return JSON.parse(parser.script.runInContext(parser.context, { timeout: PARSE_MS }))
  } catch (error) {
    if (wasEnded(error)) return { error: NESTED }
    return { error: String((error as { message?: unknown } | null)?.message ?? error) }
  }
}

function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (const letter of text) {
    if ('([{'.includes(letter)) deepest = Math.max(deepest, ++depth)
    else if (')]}'.includes(letter)) depth--
  }
  return deepest
}
