import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'

/** An asset on its way to another natural key of a kind in which keys are unique. */
export interface Move {
  locationId: string
  /** Null: it is created. */
  id: string | null
  from: string | null
  to: string | null
}

/**
 * Which moves cannot have their key, because another asset of the location goes on having it. All are taken to succeed
 * at first; each that fails keeps its old key, which may make others fail, until nothing changes: so names may be
 * swapped and shifted round. `leaving`: `location/id` of assets that go in the same step.
 */
export async function findTaken<M extends Move>(
  db: Db,
  kind: string,
  moves: readonly M[],
  leaving: ReadonlySet<string>,
): Promise<Set<M>> {
  const taken = new Set<M>()
  const real = moves.filter((move) => move.to !== move.from || move.id === null)
  if (real.length === 0) return taken
  const holders = await readHolders(db, kind, real)
  for (const [locationId, inLocation] of Map.groupBy(real, (move) => move.locationId)) {
    const byId = new Map(inLocation.flatMap((move) => (move.id === null ? [] : [[move.id, move] as const])))
    const keepsKey = (id: string) => {
      const move = byId.get(id)
      return !leaving.has(`${locationId}/${id}`) && (move === undefined || taken.has(move))
    }
    for (let changed = true; changed; ) {
      changed = false
      const granted = new Set<string>()
      for (const move of inLocation) {
        if (move.to === null || taken.has(move)) continue
        const holder = holders.get(`${locationId}/${move.to}`)
        const isHeld = holder !== undefined && holder !== move.id && keepsKey(holder)
        if (isHeld || granted.has(move.to)) {
          taken.add(move)
          changed = true
        } else granted.add(move.to)
      }
    }
  }
  return taken
}

/** Who has these keys now: `location/key` -> id. */
async function readHolders(db: Db, kind: string, moves: readonly Move[]): Promise<Map<string, string>> {
  const rows = await query(
    db,
    sql<{ locationId: string; key: string; id: string }>`
      select m.location_id as "locationId", m.key, a.id
      from unnest(${texts(moves.map((m) => m.locationId))}, ${texts(moves.map((m) => m.to))}) m(location_id, key)
      join lateral (
        select id from asset where location_id = m.location_id and kind = ${kind} and unique_key = m.key offset 0
      ) a on true`,
  )
  return new Map(rows.map((row) => [`${row.locationId}/${row.key}`, row.id]))
}
