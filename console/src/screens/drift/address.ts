import { listIn, type RawSearch, textIn } from '../../parts/address.ts'

/** `chosen`: `location/kind/lineage`. */
export const driftAddress = (raw: RawSearch) => ({ snapshot: textIn(raw.snapshot), chosen: listIn(raw.chosen) })
