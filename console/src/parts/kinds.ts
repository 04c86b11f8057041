import { KINDS } from '../api/operations.ts'

/** What assets of a kind are called together. */
export const kindName = (kind: string): string => {
  const one = KINDS[kind]
  return one === undefined ? kind : `${one}s`
}

/** What one of a kind is called. Records go by the plural of their word. */
export const kindWord = (kind: string): string =>
  KINDS[kind] ??
  kind
    .replace(/ies$/, 'y')
    .replace(/(ss)es$/, '$1')
    .replace(/([^s])s$/, '$1')

const ORDER = new Map(Object.keys(KINDS).map((kind, index) => [kind, index]))

/** In the order in which kinds are pushed: what others refer to comes first. */
export const byKind = (one: string, other: string): number => (ORDER.get(one) ?? 99) - (ORDER.get(other) ?? 99)
