import { sql } from 'kysely'
import { query } from '../../db/pool.ts'
import { run } from '../../db/prepared.ts'
import { preparePerKind } from '../../db/statements.ts'
import type { Condition } from './conditions.ts'
import { COLUMNS, livingRows, type RecordRow } from './reads.ts'
import type { RecordKind, RecordResource } from './resource.ts'
import type { RecordScope } from './statements.ts'

export const lockRow = ({ tx, locationId }: RecordScope, { kind }: RecordResource, id: string) =>
  run(tx, rowForUpdate(kind), [locationId, id])

const rowForUpdate = preparePerKind<RecordRow>(
  (kind) =>
    `select ${COLUMNS} from record where location_id = $1 and kind = ${kind} and deleted_at is null and id = $2
        for update`,
)

/**
 * A record that something new is about to name: it cannot be deleted until the transaction ends, so that nothing comes
 * to hang on a record that is on its way out. Null when it is not there.
 */
export async function holdRecord(
  { tx, locationId }: RecordScope,
  { kind }: RecordKind,
  id: string,
): Promise<RecordRow | null> {
  const [row] = await run(tx, rowForShare(kind), [locationId, id])
  return row ?? null
}

const rowForShare = preparePerKind<RecordRow>(
  (kind) =>
    `select ${COLUMNS} from record where location_id = $1 and kind = ${kind} and deleted_at is null
        and id = $2 for key share`,
)

/** In the order of ids, so that two writers of several records never wait for each other in a circle. */
export function lockRows(scope: RecordScope, { kind }: RecordResource, where: Condition): Promise<RecordRow[]> {
  return query(
    scope.tx,
    sql<RecordRow>`select ${sql.raw(COLUMNS)} from record where ${livingRows(kind, scope.locationId)} and ${where}
        order by id for update`,
  )
}
