import type { Tx } from '../../db/pool.ts'
import { run } from '../../db/prepared.ts'
import { prepare } from '../../db/statements.ts'

/*
 * Contacts bear tags by their names. Whoever writes names of tags to contacts shares the names of the location until
 * their transaction ends, and a renaming or a deletion has them alone: so no contact is left with a name that went away
 * between the look and the write. A lock on the rows of tags would be written to each of them by every contact that
 * bears it.
 */

/** What the lock of a location is called. */
export const tagNamesOf = (locationId: string) => `${locationId}/tag names`

/** They stay as they are until the transaction ends. Before the location is locked, or anything in it. */
export async function holdTagNames(tx: Tx, locationId: string): Promise<void> {
  await run(tx, HOLD, [tagNamesOf(locationId)])
}

const HOLD = prepare('select pg_advisory_xact_lock_shared(hashtextextended($1, 0))')

/**
 * Waits until nobody is writing names of tags to contacts of these locations, and keeps everybody from it. Before the
 * locations are locked: who gives a new tag to a contact holds the names and then waits for the location.
 */
export async function lockTagNames(tx: Tx, locationIds: readonly string[]): Promise<void> {
  await run(tx, LOCK, [[...new Set(locationIds)].sort().map(tagNamesOf)])
}

const LOCK = prepare('select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest($1::text[]) name')
