import { numberIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const KINDS = ['contacts', 'opportunities', 'appointments', 'conversations', 'invoices', 'businesses'] as const
export type Kind = (typeof KINDS)[number]

/** `pipeline`: opportunities of it, as a board. `calendar`, `week`: appointments of it, from that Monday on. */
export const listAddress = (raw: RawSearch) => ({
  kind: wordIn(raw.kind, KINDS),
  q: textIn(raw.q),
  pipeline: textIn(raw.pipeline),
  calendar: textIn(raw.calendar),
  week: textIn(raw.week),
})

/** Moments in milliseconds: the record as of `at`, with what has changed since `since`. */
export const recordAddress = (raw: RawSearch) => ({ at: numberIn(raw.at), since: numberIn(raw.since) })

/** What the list a new record was asked for in says of it. */
export const makeAddress = (raw: RawSearch) => ({ pipeline: textIn(raw.pipeline), calendar: textIn(raw.calendar) })
