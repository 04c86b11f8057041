import { flagIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const peopleAddress = (raw: RawSearch) => ({
  q: textIn(raw.q),
  invite: flagIn(raw.invite),
  person: textIn(raw.person),
})

export const ACTS = ['password', 'factor', 'codes', 'off'] as const
export const accountAddress = (raw: RawSearch) => ({ act: wordIn(raw.act, ACTS) })

export const TOKEN_STATES = ['active', 'ended'] as const
export const tokensAddress = (raw: RawSearch) => ({
  q: textIn(raw.q),
  state: wordIn(raw.state, TOKEN_STATES),
  make: flagIn(raw.make),
  token: textIn(raw.token),
})

export const appsAddress = (raw: RawSearch) => ({ make: flagIn(raw.make), app: textIn(raw.app) })

export const AI_WAYS = ['program', 'command', 'address'] as const
export const aiAddress = (raw: RawSearch) => ({ way: wordIn(raw.way, AI_WAYS), read: flagIn(raw.read) })

export const logAddress = (raw: RawSearch) => ({
  who: textIn(raw.who),
  what: textIn(raw.what),
  did: textIn(raw.did),
  outcome: wordIn(raw.outcome, ['done', 'refused'] as const),
  entry: textIn(raw.entry),
})
