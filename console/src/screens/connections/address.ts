import { flagIn, type RawSearch, textIn, wordIn } from '../../parts/address.ts'

export const listAddress = (raw: RawSearch) => ({ location: textIn(raw.location), make: flagIn(raw.make) })

export const TABS = ['mapping', 'runs', 'failed'] as const

/** `location`: where it is. `run`: whose rows are shown; `row`: the dead letter that is edited. */
export const connectionAddress = (raw: RawSearch) => ({
  location: textIn(raw.location),
  tab: wordIn(raw.tab, TABS),
  run: textIn(raw.run),
  row: textIn(raw.row),
  act: wordIn(raw.act, ['address', 'remove'] as const),
})
