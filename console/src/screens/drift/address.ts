import { listIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

/** What sub-accounts are put in order by; without it by their names. */
export const SORTS = ['most', 'least'] as const

/** `chosen`: `location/kind/lineage`. `pushes`: those that were started here and are followed. */
export const driftAddress = (raw: RawSearch) => ({
  snapshot: textIn(raw.snapshot),
  q: textIn(raw.q),
  sort: wordIn(raw.sort, SORTS),
  chosen: listIn(raw.chosen),
  pushes: listIn(raw.pushes),
})
