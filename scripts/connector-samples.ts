import { CATALOG, itemsOf } from '../src/operations/catalogue/index.ts'
import type { Operation } from '../src/operations/define.ts'
import { lineShape, type Registry } from '../src/operations/registry.ts'
import type { Schema } from '../src/surfaces/schema-text.ts'

export interface Samples {
  /** Each once, by its name. */
  used: Record<string, unknown>
  /** The name of the first item of an answer; `key` where it is a new one. */
  of(key: string, answer: unknown, items: string): string
  /** The name of a made-up item of what an operation answers. */
  ofAnswer(key: string, output: Operation['output'], items: string): string
}

/** Samples of items: those of the catalogue, and answers of what has none put together from them. */
export function createSamples({ all }: Registry): Samples {
  const used: Record<string, unknown> = {}
  const names = new Map<string, string>()
  const known: Known = { nouns: new Map(), values: new Map() }
  const keep = (item: unknown, name: string): string => {
    const text = JSON.stringify(item)
    const same = names.get(text)
    if (same !== undefined) return same
    names.set(text, name)
    used[name] = item
    return name
  }
  const byLine = new Map(all.map((operation) => [lineShape(operation.http), operation]))
  for (const { line, sample } of Object.values(CATALOG).flat()) {
    const { output } = byLine.get(lineShape(line)) as Operation
    if (output !== 'stream' && sample !== null) learn(known, output as Schema, sample)
  }
  return {
    used,
    of: (key, answer, items) => keep(itemsOf(answer, items)[0], key),
    ofAnswer: (key, output, items) =>
      keep(itemsOf(output === 'stream' ? {} : madeUp(known, output as Schema), items)[0], key),
  }
}

/** What the samples of the catalogue hold: by the names of nouns, and texts and numbers by the names of properties. */
interface Known {
  nouns: Map<string, unknown>
  values: Map<string, unknown>
}

function learn(known: Known, schema: Schema, value: unknown, name = ''): void {
  if (value === null || value === undefined) return
  const { title, properties = {}, items } = schema
  if (typeof value !== 'object') {
    if (!known.values.has(name)) known.values.set(name, value)
    return
  }
  if (title !== undefined && !known.nouns.has(title)) known.nouns.set(title, value)
  if (Array.isArray(value)) {
    if (items !== undefined && !Array.isArray(items)) learn(known, items, value[0], name)
    return
  }
  for (const [key, one] of Object.entries(value)) learn(known, properties[key] ?? {}, one, key)
}

function madeUp(known: Known, schema: Schema, name = ''): unknown {
  const { title, const: only, enum: values, anyOf, allOf, properties = {}, items, examples } = schema
  if (title !== undefined && known.nouns.has(title)) return known.nouns.get(title)
  if (allOf !== undefined) return Object.assign({}, ...allOf.map((part) => madeUp(known, part)))
  if (only !== undefined) return only
  if (values !== undefined) return values[0]
  if (examples !== undefined) return examples[0]
  if (anyOf !== undefined) return madeUp(known, anyOf[0] ?? {}, name)
  const type = [schema.type].flat()[0]
  if (type === 'object') {
    const told = Object.entries(properties).filter(([key]) => key !== 'traceId')
    return Object.fromEntries(told.map(([key, one]) => [key, madeUp(known, one, key)]))
  }
  if (type === 'array') return items === undefined || Array.isArray(items) ? [] : [madeUp(known, items, name)]
  if (type === 'boolean') return true
  const value = known.values.get(name)
  if (type === 'integer' || type === 'number') return typeof value === 'number' ? value : 1
  if (typeof value === 'string') return value
  return schema.format === 'date-time' ? '2026-03-02T15:04:05.000Z' : name
}
