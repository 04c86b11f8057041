import { flagIn, numberIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const TABS = ['contents', 'versions', 'standing', 'conflicts'] as const
/** What sub-accounts in which it stands are put in order by. */
export const SORTS = ['name', 'behind'] as const

export const listAddress = (raw: RawSearch) => ({
  q: textIn(raw.q),
  capture: flagIn(raw.capture),
  from: textIn(raw.from),
})

export const snapshotAddress = (raw: RawSearch) => ({
  tab: wordIn(raw.tab, TABS),
  version: numberIn(raw.version),
  asset: textIn(raw.asset),
  q: textIn(raw.q),
  sort: wordIn(raw.sort, SORTS),
  order: wordIn(raw.order, ['asc', 'desc'] as const),
})
