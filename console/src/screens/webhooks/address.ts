import { flagIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const SWITCHES = ['on', 'off'] as const

export const listAddress = (raw: RawSearch) => ({
  q: textIn(raw.q),
  state: wordIn(raw.state, SWITCHES),
  location: textIn(raw.location),
  make: flagIn(raw.make),
  key: flagIn(raw.key),
})

export const STATES = ['waiting', 'delivered', 'failed'] as const

/** `location`, `app`: whose webhook it is. */
export const webhookAddress = (raw: RawSearch) => ({
  location: textIn(raw.location),
  app: textIn(raw.app),
  state: wordIn(raw.state, STATES),
  event: textIn(raw.event),
  since: textIn(raw.since),
  delivery: textIn(raw.delivery),
  act: wordIn(raw.act, ['edit', 'secret', 'replay', 'remove'] as const),
})
