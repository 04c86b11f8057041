import { flagIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const STATES = ['open', 'used', 'revoked'] as const

/** `make`: a snapshot, or any. `link`: what is to be imported. */
export const sharesAddress = (raw: RawSearch) => ({
  state: wordIn(raw.state, STATES),
  make: raw.make === true ? 'any' : textIn(raw.make),
  share: textIn(raw.share),
  import: flagIn(raw.import),
  link: textIn(raw.link),
})
