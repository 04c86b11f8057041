import { flagIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const STANDINGS = ['needs_authorisation', 'failing', 'paused', 'live', 'test', 'draft'] as const
export const SORTS = ['name', 'location', 'standing', 'last'] as const

/** `location`: only those of this one. `own`: only those of the agency itself. */
export const listAddress = (raw: RawSearch) => ({
  location: textIn(raw.location),
  own: flagIn(raw.own),
  q: textIn(raw.q),
  standing: wordIn(raw.standing, STANDINGS),
  sort: wordIn(raw.sort, SORTS),
  order: wordIn(raw.order, ['asc', 'desc'] as const),
  make: flagIn(raw.make),
})

export const TABS = ['upload', 'mapping', 'source', 'runs', 'failed', 'versions'] as const

/** `location`: where it is. `run`: whose rows are shown, those in `state`; `row`: the one that is looked at. */
export const connectionAddress = (raw: RawSearch) => ({
  location: textIn(raw.location),
  tab: wordIn(raw.tab, TABS),
  run: textIn(raw.run),
  row: textIn(raw.row),
  state: textIn(raw.state),
  act: wordIn(raw.act, ['address', 'remove'] as const),
})
