import { flagIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const listAddress = (raw: RawSearch) => ({ location: textIn(raw.location), make: flagIn(raw.make) })

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
