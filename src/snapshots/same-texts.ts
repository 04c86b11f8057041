import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { readMarkers } from '../store/markers.ts'
import type { PlannedAsset } from './planner.ts'
import { type RefNames, showRefs, splitRefs } from './ref-names.ts'

type Field = NonNullable<PlannedAsset['fields']>[number]

interface Shown {
  locationId: string
  assets: PlannedAsset[]
}

/**
 * Assets as people read them: references by name. Two that bear one name are told apart where a change would not be
 * seen otherwise.
 */
export async function showAssets(db: Db, targets: readonly Shown[], names: RefNames): Promise<PlannedAsset[][]> {
  const shown = targets.map(({ assets }) => showRefs(assets, names))
  const alike = targets.flatMap(({ locationId, assets }, target) =>
    assets.flatMap(({ fields = [] }, asset) =>
      fields.flatMap((field, index) => {
        const place = shown[target]?.[asset]?.fields
        return place !== undefined && looksSame(field, place[index] as Field)
          ? [{ locationId, field, place, index }]
          : []
      }),
    ),
  )
  if (alike.length === 0) return shown
  const states = await readStates(db, alike)
  for (const { locationId, field, place, index } of alike) {
    const { refs, parts } = readMarkers(JSON.stringify(field))
    const marked: RefNames = new Map(names)
    const mark = (ref: string, what: string) => marked.set(ref, `${names.get(ref) ?? ref} (${what})`)
    for (const ref of refs) {
      const state = states.get(`${locationId}/${ref}`)
      if (state !== undefined) mark(ref, state)
    }
    const told = showRefs(field, marked)
    if (looksSame(field, told))
      for (const [number, ref] of [...refs, ...parts.map((part) => `.${part}`)].entries()) mark(ref, `${number + 1}`)
    place[index] = looksSame(field, told) ? showRefs(field, marked) : told
  }
  return shown
}

/** Two sides differ, and read the same. */
function looksSame(field: Field, shown: Field): boolean {
  const sides = (one: Field) =>
    Object.entries(one).flatMap(([name, value]) => (name === 'path' ? [] : [JSON.stringify(value)]))
  const count = (one: Field) => new Set(sides(one)).size
  return count(shown) < count(field)
}

/** What is not there: `location/kind:lineage` -> why. */
async function readStates(
  db: Db,
  alike: readonly { locationId: string; field: Field }[],
): Promise<Map<string, string>> {
  const asked = new Map(
    alike.flatMap(({ locationId, field }) =>
      readMarkers(JSON.stringify(field)).refs.map((ref) => [`${locationId}/${ref}`, { locationId, ref }] as const),
    ),
  )
  const [kinds, lineages] = splitRefs([...asked.values()].map(({ ref }) => ref))
  const rows = await query(
    db,
    sql<{ name: string; state: string }>`
      select w.location_id || '/' || w.kind || ':' || w.lineage as name,
        case when z.id is null then 'new' else 'deleted' end as state
      from unnest(${texts([...asked.values()].map(({ locationId }) => locationId))}, ${texts(kinds)},
        ${texts(lineages)}) w(location_id, kind, lineage)
      left join asset_tombstone z on z.location_id = w.location_id and z.kind = w.kind and z.lineage = w.lineage
      where not exists (select 1 from asset a where a.location_id = w.location_id and a.kind = w.kind
        and a.lineage = w.lineage)`,
  )
  return new Map(rows.map(({ name, state }) => [name, state]))
}
