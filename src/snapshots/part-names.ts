import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { partOfMarker, readMarkers } from '../store/markers.ts'
import { isObject, type Json, labelOf } from './diff.ts'
import type { Names } from './names.ts'
import { OWN_ID, type RefNames } from './ref-names.ts'

/** What people call a part, and where it is. */
export interface PartName {
  /** The word for such parts: stage, step, field. */
  noun: string
  label: string
  /** Kind and name of the asset that holds it. */
  holder: { kind: string; name: string }
}

/** Lineages of parts -> what they are called. Parts without a label are absent. */
export type PartNames = Map<string, PartName>

/** The word for one of a list: `stages` -> stage. */
const nounOf = (list: string) => list.replace(/(ch|sh|x)es$|s$/, '$1')

/** Adds the labels of a document's parts. What is known already stays. */
export function addLabels(names: PartNames, document: Json, holder: PartName['holder'], list = 'parts'): void {
  if (Array.isArray(document)) for (const element of document) addLabels(names, element, holder, list)
  if (!isObject(document)) return
  const part = partOfMarker(document.id)
  const label = labelOf(document)
  if (part !== null && label !== null && !names.has(part)) names.set(part, { noun: nounOf(list), label, holder })
  for (const [name, child] of Object.entries(document)) addLabels(names, child, holder, name)
}

/** Parts that the document of after does not have. */
export function lostParts(before: readonly string[], after: readonly string[]): string[] {
  const left = new Set(after)
  return before.filter((part) => !left.has(part))
}

/** A part as a sentence begins with it. */
export function subjectOf(names: PartNames, part: string): string {
  const known = names.get(part)
  return known === undefined ? 'a part of it' : `the ${known.noun} "${known.label}"`
}

/**
 * Parts that are named in anything made of JSON, but for those that stand there themselves: their label is beside them.
 */
const namedIn = (value: unknown) => readMarkers((JSON.stringify(value) ?? '').replace(OWN_ID, '')).parts

interface PartScope {
  /** Any version of it may know the label; the newest goes first. */
  snapshotId: string
  /** Their assets are asked for what no version holds. */
  locationIds: readonly string[]
}

/** Finds out what these parts are called. Two statements at most, and none where all is known. */
export async function findPartNames(
  db: Db,
  { snapshotId, locationIds }: PartScope,
  names: PartNames,
  parts: readonly string[],
): Promise<void> {
  const unknown = () => parts.filter((part) => !names.has(part))
  if (unknown().length === 0) return
  const held = await query(
    db,
    sql<HolderRow>`
      with entry as materialized (
        select hash, kind, name, max(version) as version from snapshot_entry
        where snapshot_id = ${snapshotId} group by 1, 2, 3
      )
      select e.kind, e.name, b.doc::text as text from entry e join blob b on b.hash = e.hash
      where b.parts && ${texts(unknown())} order by e.version desc`,
  )
  for (const row of held) addHolder(names, row)
  if (unknown().length === 0 || locationIds.length === 0) return
  const own = await query(
    db,
    sql<HolderRow>`
      with held as materialized (
        select distinct on (hash) hash, kind, name from asset where location_id = any(${texts(locationIds)})
      )
      select h.kind, h.name, b.doc::text as text from held h join blob b on b.hash = h.hash
      where b.parts && ${texts(unknown())}`,
  )
  for (const row of own) addHolder(names, row)
}

/**
 * What parts were called that a location had once, by what its own assets of these kinds said. The newest goes first.
 */
export async function findLostParts(
  db: Db,
  { locationId, kinds }: { locationId: string; kinds: readonly string[] },
  parts: readonly string[],
): Promise<PartNames> {
  const names: PartNames = new Map()
  if (parts.length === 0) return names
  const rows = await query(
    db,
    sql<HolderRow>`
      select c.kind, '' as name, b.doc::text as text from change c join blob b on b.hash = c.before_hash
      where c.location_id = ${locationId} and c.kind = any(${texts(kinds)}) and b.parts && ${texts(parts)}
      order by c.id desc`,
  )
  for (const row of rows) addHolder(names, row)
  return names
}

interface HolderRow {
  kind: string
  name: string
  text: string
}

const addHolder = (names: PartNames, { kind, name, text }: HolderRow) =>
  addLabels(names, JSON.parse(text) as Json, { kind, name })

interface Completing {
  names: RefNames
  value: unknown
  /** Parts that are known already. */
  parts?: PartNames
  /** Where parts that were matched go by other lineages. */
  own?: Names | undefined
}

/** Adds what parts are called that `value` names: `.lineage` -> `stage: Won`. */
export async function completeParts(
  db: Db,
  scope: PartScope,
  { names, value, parts = new Map(), own }: Completing,
): Promise<void> {
  const incomingOf = (part: string) => own?.incomingPart(part) ?? part
  const named = namedIn(value)
  await findPartNames(db, scope, parts, named.filter((part) => !parts.has(part)).map(incomingOf))
  for (const part of named) {
    const found = parts.get(part) ?? parts.get(incomingOf(part))
    if (found !== undefined) names.set(`.${part}`, `${found.noun}: ${found.label}`)
  }
}
