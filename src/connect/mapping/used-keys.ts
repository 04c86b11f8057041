import type { Mapping, MappingCondition, Source } from './document.ts'
import { parseExpression } from './jsonata.ts'
import { parsePath, toStep } from './paths.ts'
import { usedNames } from './used-names.ts'

/** The names alone: expressions go through lists without saying so. */
export const keyOf = (path: string): string => toKey(namesOf(path))
export const namesOf = (path: string) => (parsePath(path) ?? []).filter((step) => typeof step === 'string')
export const toKey = (names: readonly string[]) => names.map(toStep).join('.')

/** A place of the mapping, and what else it would read in place of this. */
export interface Use {
  at: string
  instead: string[]
}

const used = new WeakMap<Mapping, Map<string, Use[]>>()

/** The places of the mapping that read something, by what they read. */
export function keysOf(mapping: Mapping): Map<string, Use[]> {
  const keys = used.get(mapping) ?? usedKeys(mapping)
  used.set(mapping, keys)
  return keys
}

function usedKeys({ fields, filters, externalId, changedAt, lines }: Mapping): Map<string, Use[]> {
  const used = new Map<string, Use[]>()
  const addPath = (path: string, at: string, before = '', among: readonly string[] = []) => {
    const key = keyOf(before + path)
    const instead = among.map((one) => keyOf(before + one)).filter((one) => one !== key)
    used.set(key, [...(used.get(key) ?? []), { at, instead }])
  }
  const addExpression = (text: string, at: string, before = '') => {
    const parsed = parseExpression(text)
    if ('ast' in parsed) for (const names of usedNames(parsed.ast)) addPath(names.map(toStep).join('.'), at, before)
  }
  const addSource = (source: Source | MappingCondition | null | undefined, at: string, before = '') => {
    if (source === null || source === undefined) return
    if ('path' in source) addPath(source.path, at, before)
    else if ('paths' in source) for (const path of source.paths) addPath(path, at, before, source.paths)
    else if ('lookup' in source) addPath(source.lookup.path, at, before)
    else if ('expression' in source) addExpression(source.expression, at, before)
  }
  for (const { to, from } of fields) addSource(from, to)
  for (const [index, { when }] of filters.entries()) addSource(when, `filters[${index}]`)
  addSource(externalId, 'externalId')
  addSource(changedAt, 'changedAt')
  if (lines === undefined) return used
  addPath(lines.from, 'lines')
  addSource(lines.unless, 'lines.unless', `${lines.from}[].`)
  addSource(lines.key, 'lines.key', `${lines.from}[].`)
  for (const { to, from } of lines.fields) addSource(from, `lines.${to}`, `${lines.from}[].`)
  return used
}
