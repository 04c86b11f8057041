import type { Tx } from '../../db/pool.ts'
import { run } from '../../db/prepared.ts'
import { prepare } from '../../db/statements.ts'

/*
 * Opportunities stand in stages by their ids. Whoever puts one into a stage shares the stages of the location until
 * their transaction ends, and whoever may take stages away has them alone: so none goes between the look of one and the
 * write of the other.
 */

const stagesOf = (locationId: string) => `${locationId}/stages`

/**
 * Nobody takes a stage of the location away until the transaction ends. Before the pipeline is read, and before an
 * opportunity is locked.
 */
export async function holdStages(tx: Tx, locationId: string): Promise<void> {
  await run(tx, HOLD, [stagesOf(locationId)])
}

const HOLD = prepare('select pg_advisory_xact_lock_shared(hashtextextended($1, 0))')

/**
 * Waits until nobody is putting opportunities into stages of these locations, and keeps everybody from it. After the
 * locations are locked.
 */
export async function lockStages(tx: Tx, locationIds: readonly string[]): Promise<void> {
  await run(tx, LOCK, [[...new Set(locationIds)].sort().map(stagesOf)])
}

const LOCK = prepare('select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest($1::text[]) name')
