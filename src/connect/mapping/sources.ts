import { foldedText } from '../../store/natural-key.ts'
import { isEmpty, Unfit } from './conversions.ts'
import type { Problem, Source } from './document.ts'
import type { Evaluated } from './inside.ts'
import { parseExpression } from './jsonata.ts'
import { parsePath, readPath, type Step } from './paths.ts'

/** The value of a source. `evaluated` is what the expressions made of the item. Throws `Unfit`. */
export type Read = (item: unknown, evaluated: readonly Evaluated[]) => unknown

/** What the sources of one item (or of one line) have in common: their expressions, and what is wrong with them. */
export interface Gathered {
  expressions: string[]
  problems: Problem[]
}

const folded = (word: unknown) => foldedText(String(word))

export function compilePath(text: string, at: string, { problems }: Gathered): readonly Step[] {
  const steps = parsePath(text)
  if (steps === null)
    problems.push({ at, message: `“${text}” is no path: names with dots between them, [0] or [] for lists` })
  return steps ?? []
}

/** `asked` is what is evaluated in place of the expression itself. */
export function compileExpression(text: string, at: string, gathered: Gathered, asked = text): Read {
  const parsed = parseExpression(text)
  if ('error' in parsed) gathered.problems.push({ at, message: parsed.error })
  const slot = gathered.expressions.push(asked) - 1
  return (_, evaluated) => {
    const found = evaluated[slot]
    if (found === undefined || !('error' in found))
      return found?.json === undefined ? undefined : JSON.parse(found.json)
    throw new Unfit(`cannot be worked out: ${found.error}`)
  }
}

export function compileSource(source: Source, at: string, gathered: Gathered): Read {
  if ('value' in source) return () => source.value
  if ('expression' in source) return compileExpression(source.expression, `${at}.expression`, gathered)
  if ('lookup' in source) return compileLookup(source.lookup, `${at}.lookup`, gathered)
  if ('paths' in source) {
    const all = source.paths.map((path, index) => compilePath(path, `${at}.paths[${index}]`, gathered))
    return (item) => all.map((steps) => readPath(item, steps)).find((value) => !isEmpty(value))
  }
  const steps = compilePath(source.path, `${at}.path`, gathered)
  return (item) => readPath(item, steps)
}

/** A word that stands in no line of the table is somebody's mistake, unless the table says what it is otherwise. */
function compileLookup(
  { path, table, otherwise }: Extract<Source, { lookup: unknown }>['lookup'],
  at: string,
  gathered: Gathered,
): Read {
  const steps = compilePath(path, `${at}.path`, gathered)
  const byWord = new Map(Object.entries(table).map(([word, value]) => [folded(word), value]))
  const find = (word: unknown) => {
    if (isEmpty(word)) return byWord.get('') ?? otherwise
    if (typeof word === 'object') throw new Unfit('is looked up by a single word, and more is there')
    const found = byWord.get(folded(word)) ?? otherwise
    if (found === undefined) throw new Unfit(`“${String(word).slice(0, 80)}” stands in no line of its table`)
    return found
  }
  return (item) => {
    const words = readPath(item, steps)
    return Array.isArray(words) ? words.map(find) : find(words)
  }
}
