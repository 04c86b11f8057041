import { ASSOCIATING_KINDS, TYPES } from '../objects/index.ts'

/** Kinds of records whose changes a journal may tell of. */
export const RECORD_KINDS: readonly string[] = [
  ...new Set([...TYPES.map(({ kind }) => kind), 'object_records', ...ASSOCIATING_KINDS]),
]
