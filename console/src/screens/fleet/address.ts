import { flagIn, listIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const SORTS = ['name', 'state', 'drifted', 'broken', 'lastPush', 'lastChange'] as const
export const STATE_NAMES = ['running', 'failed', 'drifted', 'behind', 'current', 'none'] as const

/** `broken`: only where references lead nowhere. `chosen`: ids of sub-accounts, or `all` of those that are shown but `except`. */
export const fleetAddress = (raw: RawSearch) => ({
  q: textIn(raw.q),
  state: wordIn(raw.state, STATE_NAMES),
  broken: flagIn(raw.broken),
  snapshot: textIn(raw.snapshot),
  sort: wordIn(raw.sort, SORTS),
  order: wordIn(raw.order, ['asc', 'desc'] as const),
  chosen: listIn(raw.chosen),
  except: listIn(raw.except),
})
