import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { readMarkers, replaceMarkers } from '../store/markers.ts'
import { readEntries } from './snapshots.ts'

/**
 * What references are called: `kind:lineage` -> name; `.lineage` of a part -> what it is, and its label
 * (part-names.ts).
 */
export type RefNames = Map<string, string>

/** The id of a part in its own document. */
export const OWN_ID = /"id":"⟦\.([A-Za-z0-9-]+)⟧"/g

/**
 * Shows references by name in anything made of JSON: a reference to the tag VIP reads `[tags: VIP]`, one to a stage
 * `[stage: Won]` where its label is known, else its lineage; the location itself reads `[this location]`. A part's own
 * id stays its lineage.
 */
export function showRefs<T>(value: T, names: RefNames): T {
  const text = JSON.stringify(value)
  if (text === undefined || !text.includes('⟦')) return value
  const quote = (name: string) => JSON.stringify(name).slice(1, -1)
  const partOf = (lineage: string) => {
    const label = names.get(`.${lineage}`)
    return label === undefined ? lineage : `[${quote(shownName(label, names))}]`
  }
  return JSON.parse(
    show(text.replace(OWN_ID, '"id":"$1"'), (kind, lineage) => quote(nameOf(names, kind, lineage)), partOf),
  ) as T
}

/**
 * A name as it is stored (of an asset, an entry, an outcome) as people read it where no one location is meant:
 * references by name, `⟦⟦` as the ⟦ it is.
 */
export function shownName(name: string, names: RefNames): string {
  return show(name, (kind, lineage) => nameOf(names, kind, lineage))
}

/** What is named in a name is shown by its kind only: two names may name each other. */
const nameOf = (names: RefNames, kind: string, lineage: string) =>
  show(names.get(`${kind}:${lineage}`) ?? lineage, () => '…')

const show = (text: string, asset: (kind: string, lineage: string) => string, part = (lineage: string) => lineage) =>
  replaceMarkers(text, {
    asset: (kind, lineage) => `[${kind}: ${asset(kind, lineage)}]`,
    part,
    self: '[this location]',
    literal: '⟦',
  })

/** Entries of a version with their names as people read them. Costs nothing where no name holds a marker. */
export async function showEntryNames<E extends { name: string }>(
  db: Db,
  snapshotId: string,
  version: number,
  entries: E[],
): Promise<E[]> {
  if (!entries.some(({ name }) => name.includes('⟦'))) return entries
  const kinds = entries.flatMap(({ name }) => readMarkers(name).refs.map((ref) => ref.slice(0, ref.indexOf(':'))))
  const named = kinds.length === 0 ? [] : await readEntries(db, snapshotId, version, [...new Set(kinds)])
  const names = new Map(named.map((entry) => [`${entry.kind}:${entry.lineage}`, entry.name]))
  return entries.map((entry) => ({ ...entry, name: shownName(entry.name, names) }))
}

/**
 * What assets that are not in a location were called: its own memory of what was deleted goes first, then the snapshots
 * of its agency, the newest first. What nobody knows is absent.
 */
export function findLostNames(db: Db, locationId: string, refs: readonly string[]): Promise<RefNames> {
  return findLostNamesIn(db, [locationId], refs)
}

/** The same for locations of one agency: whichever remembers. */
async function findLostNamesIn(db: Db, locationIds: readonly string[], refs: readonly string[]): Promise<RefNames> {
  if (refs.length === 0) return new Map()
  const [kinds, lineages] = splitRefs(refs)
  const rows = await query(
    db,
    sql<{ ref: string; name: string | null }>`
      select w.kind || ':' || w.lineage as ref, coalesce(
        (select z.name from asset_tombstone z where z.location_id = any(${texts(locationIds)}) and z.kind = w.kind
          and z.lineage = w.lineage order by z.deleted_at desc limit 1),
        (select e.name from location l
          join snapshot s on s.agency_id = l.agency_id
          join snapshot_version v on v.snapshot_id = s.id
          join snapshot_entry e on e.snapshot_id = v.snapshot_id and e.version = v.version and e.kind = w.kind
            and e.lineage = w.lineage
          where l.id = ${locationIds[0]} order by v.created_at desc, v.version desc limit 1)) as name
      from unnest(${texts(kinds)}, ${texts(lineages)}) w(kind, lineage)`,
  )
  return new Map(rows.flatMap(({ ref, name }) => (name === null ? [] : [[ref, shownName(name, new Map())]])))
}

/** Kinds and lineages of `kind:lineage`. */
export function splitRefs(refs: readonly string[]): [string[], string[]] {
  return [refs.map((ref) => ref.slice(0, ref.indexOf(':'))), refs.map((ref) => ref.slice(ref.indexOf(':') + 1))]
}

/**
 * Adds the names of references in `value` that `names` lacks, as far as these locations know them, or knew them once.
 */
export async function completeNames(
  db: Db,
  locationIds: readonly string[],
  names: RefNames,
  value: unknown,
): Promise<void> {
  const text = JSON.stringify(value) ?? ''
  const unknown = readMarkers(text).refs.filter((ref) => !names.has(ref))
  if (unknown.length === 0 || locationIds.length === 0) return
  const [kinds, lineages] = splitRefs(unknown)
  const rows = await query(
    db,
    sql<{ kind: string; lineage: string; name: string }>`
      select distinct on (a.kind, a.lineage) a.kind, a.lineage, a.name
      from unnest(${texts(kinds)}, ${texts(lineages)}) w(kind, lineage)
      join asset a on a.location_id = any(${texts(locationIds)}) and a.kind = w.kind and a.lineage = w.lineage`,
  )
  for (const row of rows) names.set(`${row.kind}:${row.lineage}`, row.name)
  const lost = unknown.filter((ref) => !names.has(ref))
  for (const [ref, name] of await findLostNamesIn(db, locationIds, lost)) names.set(ref, name)
}
