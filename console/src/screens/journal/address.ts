import { flagIn, type RawSearch, textIn } from '../../parts/address.ts'

/** `event`: which entry is open, as `location/kind/entity/change`. */
export const journalAddress = (raw: RawSearch) => ({
  location: textIn(raw.location),
  kind: textIn(raw.kind),
  event: textIn(raw.event),
  paused: flagIn(raw.paused),
})

export const listenersAddress = (raw: RawSearch) => ({ location: textIn(raw.location) })

/** Record snapshots that somebody has asked for, followed. */
export const snapshotAddress = (raw: RawSearch) => ({ location: textIn(raw.location), snapshot: textIn(raw.snapshot) })
