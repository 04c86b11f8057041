import { flagIn, listIn, numberIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const KINDS = ['contacts', 'opportunities', 'appointments', 'conversations', 'invoices', 'businesses'] as const
export type Kind = (typeof KINDS)[number]

/**
 * `pipeline`: opportunities of it, as a board. `calendar`, `week`: appointments of it, from that Monday on. `take`: a
 * snapshot of those `chosen` is about to be taken.
 */
export const listAddress = (raw: RawSearch) => ({
  kind: wordIn(raw.kind, KINDS),
  q: textIn(raw.q),
  pipeline: textIn(raw.pipeline),
  calendar: textIn(raw.calendar),
  week: textIn(raw.week),
  chosen: listIn(raw.chosen),
  take: flagIn(raw.take),
})

/** Moments in milliseconds: the record as of `at`, with what has changed since `since`. */
export const recordAddress = (raw: RawSearch) => ({
  at: numberIn(raw.at),
  since: numberIn(raw.since),
  take: flagIn(raw.take),
})

/** What the list a new record was asked for in says of it. */
export const makeAddress = (raw: RawSearch) => ({ pipeline: textIn(raw.pipeline), calendar: textIn(raw.calendar) })
