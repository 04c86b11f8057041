import { listIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const SORTS = ['name', 'state', 'drifted', 'lastPush', 'lastChange'] as const
export const STATE_NAMES = ['running', 'failed', 'drifted', 'behind', 'current', 'none'] as const

/** `chosen`: ids of sub-accounts, or `all` of those that are shown but `except`. */
export const fleetAddress = (raw: RawSearch) => ({
  q: textIn(raw.q),
  state: wordIn(raw.state, STATE_NAMES),
  snapshot: textIn(raw.snapshot),
  sort: wordIn(raw.sort, SORTS),
  order: wordIn(raw.order, ['asc', 'desc'] as const),
  chosen: listIn(raw.chosen),
  except: listIn(raw.except),
})
