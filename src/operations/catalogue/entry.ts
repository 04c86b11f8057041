import type { Dedupe } from './dedupe.ts'

/** One trigger or action as the catalogue of the connection guide names it, and the line that serves it. */
export interface CatalogEntry {
  /** Unique and lasting: what connectors call it. The title in snake case. */
  key: string
  kind: 'trigger' | 'action'
  title: string
  description: string
  line: string
  /** Lines that serve what this one cannot, and when to use them. */
  also: Readonly<Record<string, string>>
  dedupe: Dedupe | null
  /** An answer as the line gives it, the same on every run. Of a stream, all but its bytes. */
  sample: unknown
  /** What was asked to get the sample, where the dedupe key needs it. */
  sampleInput: Readonly<Record<string, unknown>> | null
}

const keyOf = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')

const NOTHING = { also: {}, dedupe: null, sample: null, sampleInput: null }

export function trigger(
  title: string,
  description: string,
  line: string,
  more: Required<Pick<CatalogEntry, 'dedupe' | 'sample'>> & Partial<Pick<CatalogEntry, 'sampleInput'>>,
): CatalogEntry {
  return { key: keyOf(title), kind: 'trigger', title, description, line, ...NOTHING, ...more }
}

export function action(
  title: string,
  description: string,
  line: string,
  also: CatalogEntry['also'] = {},
): CatalogEntry {
  return { key: keyOf(title), kind: 'action', title, description, line, ...NOTHING, also }
}
