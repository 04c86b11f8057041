import { type RawSearch, textIn } from '../../parts/address.ts'

const oneOf = <T extends string>(values: readonly T[], raw: unknown): T | undefined =>
  values.find((value) => value === raw)

export const KINDS = ['trigger', 'action'] as const
export const TABS = ['try', 'sample', 'code'] as const
export const LANGUAGES = ['curl', 'sdk', 'typescript'] as const

export const listAddress = (raw: RawSearch) => ({
  q: textIn(raw.q),
  kind: oneOf(KINDS, raw.kind),
  category: textIn(raw.category),
})

export const entryAddress = (raw: RawSearch) => ({
  tab: oneOf(TABS, raw.tab),
  language: oneOf(LANGUAGES, raw.language),
  location: textIn(raw.location),
})
