import type { Clock } from '../clock.ts'
import type { Db, Tx } from '../db/pool.ts'
import type { AssetDocument } from '../store/assets/index.ts'
import type { Removal } from '../store/records/index.ts'

/** Whose time is asked for: a location, as its database says now. */
export interface Diary {
  db: Db
  clock: Clock
  agencyId: string
  readonly locationId: string
}

/** The same for whoever books: what is found free is held, and written, in one transaction. */
export interface Booker extends Diary {
  readonly tx: Tx
  readonly scope: Removal
}

/** What says when something can be booked, and by whom: a calendar, or a service as one. */
export interface CalendarDocument {
  id: string
  document: AssetDocument
}
