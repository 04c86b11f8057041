import { flagIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const peopleAddress = (raw: RawSearch) => ({
  q: textIn(raw.q),
  invite: flagIn(raw.invite),
  person: textIn(raw.person),
})

export const ACTS = ['password', 'factor', 'codes', 'off'] as const
export const accountAddress = (raw: RawSearch) => ({ act: wordIn(raw.act, ACTS) })
