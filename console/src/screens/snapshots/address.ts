import { flagIn, numberIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const TABS = ['contents', 'versions', 'standing', 'conflicts'] as const

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
})
