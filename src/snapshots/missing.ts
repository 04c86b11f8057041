import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { type AssetResource, type Blob, getBlobs } from '../store/assets/index.ts'
import { readMarkers } from '../store/markers.ts'
import type { Names } from './names.ts'

/** A document that is written, as its location names things. */
export interface Written {
  locationId: string
  kind: string
  lineage: string
  name: string
  /** Null: it is made. */
  id: string | null
  hash: string
  /** The document that stands there; null: none does. */
  mine: string | null
}

/** A reference of a written document that leads nowhere afterwards. */
export interface Missing {
  written: Written
  /** `kind:lineage` of an asset, `:lineage` of a part; both as the location's documents name them. */
  ref: string
  /**
   * It was there: a person deleted it after a push had brought it, or it went some other way. Null: nothing is known of
   * it.
   */
  buried: { name: string | null; wasPushed: boolean } | null
  /** It is there now, and goes. */
  goes: boolean
  /** The document that stands there leads nowhere already. */
  isOld: boolean
}

/** What is known of the locations without asking them. */
export interface Afterwards {
  written: readonly Written[]
  /** Documents that are stored nowhere yet, by their hashes. */
  fresh: ReadonlyMap<string, Blob>
  /** Assets that go: `location/kind/id`. */
  gone: ReadonlySet<string>
  /** Assets that come: `location/kind:lineage`. */
  arriving: ReadonlySet<string>
  /** The lineage reaches nothing by its alias any more. */
  isUnlinked: (locationId: string, ref: string) => boolean
  names: Names
  /** Kinds of assets that hold parts. */
  holders: readonly string[]
  /** An asset is there, and will be. */
  isSure: (locationId: string, ref: string) => boolean
  /** Part lineages that an asset holds which is there as it should be. Asked for those that documents name. */
  findSureParts: (parts: readonly string[]) => Promise<(locationId: string, part: string) => boolean>
}

export const holdersIn = (resources: ReadonlyMap<string, AssetResource>) =>
  [...resources.values()].flatMap(({ kind, parts }) => (Object.keys(parts).length === 0 ? [] : [kind]))

/** What a document names, and the parts it holds. */
interface Mentions {
  refs: readonly string[]
  /** Parts of other documents. */
  parts: readonly string[]
  holds: ReadonlySet<string>
}

interface Asked {
  locationId: string
  ref: string
  by: Written[]
}

/**
 * References of documents that are written to what their locations do not have, and will not have. Locations are asked
 * only for what is not known without them: where nothing special is going on, for nothing.
 */
export async function findMissing(db: Db, afterwards: Afterwards): Promise<Missing[]> {
  const { written, fresh, isSure, names } = afterwards
  if (written.length === 0) return []
  const mentions = await readMentions(
    db,
    written.map(({ hash }) => hash),
    fresh,
  )
  const parts = new Set(written.flatMap(({ hash }) => mentions.get(hash)?.parts ?? []))
  const isSurePart = parts.size === 0 ? () => true : await afterwards.findSureParts([...parts])
  const asked = new Map<string, Asked>()
  const ask = (locationId: string, ref: string, by: Written) => {
    const known = asked.get(`${locationId}/${ref}`)
    if (known === undefined) asked.set(`${locationId}/${ref}`, { locationId, ref, by: [by] })
    else known.by.push(by)
  }
  for (const one of written) {
    const { refs, parts } = mentions.get(one.hash) as Mentions
    for (const ref of refs)
      if (!isSure(one.locationId, ref) && !afterwards.arriving.has(`${one.locationId}/${ref}`))
        ask(one.locationId, ref, one)
    for (const part of parts)
      if (!isSurePart(one.locationId, part)) ask(one.locationId, `:${names.partOf(one.locationId, part)}`, one)
  }
  const rows = [...asked.values()]
  const isPart = ({ ref }: Asked) => ref.startsWith(':')
  const lost = [
    ...(await findLostAssets(
      db,
      rows.filter((row) => !isPart(row)),
      afterwards,
    )),
    ...(await findLostParts(db, rows.filter(isPart), afterwards, mentions)),
  ]
  return markOld(db, lost, afterwards)
}

type Lost = Omit<Missing, 'written' | 'isOld'> & { by: readonly Written[] }

async function findLostAssets(db: Db, asked: readonly Asked[], { gone, isUnlinked }: Afterwards): Promise<Lost[]> {
  if (asked.length === 0) return []
  const rows = await query(
    db,
    sql<{ index: number; kind: string; id: string | null; name: string | null; wasPushed: boolean | null }>`
      select (w.index - 1)::int as index, w.kind, coalesce(a.id, l.id) as id, z.name,
        z.base_hash is not null as "wasPushed"
      from unnest(${texts(asked.map((one) => one.locationId))},
        ${texts(asked.map(({ ref }) => ref.slice(0, ref.indexOf(':'))))},
        ${texts(asked.map(({ ref }) => ref.slice(ref.indexOf(':') + 1)))},
        ${asked.map(({ locationId, ref }) => isUnlinked(locationId, ref))}::boolean[])
        with ordinality w(location_id, kind, lineage, is_unlinked, index)
      left join lateral (
        select id from asset where location_id = w.location_id and kind = w.kind and lineage = w.lineage offset 0
      ) a on true
      left join lateral (
        select r.id from asset_alias r join asset t on t.location_id = r.location_id and t.kind = r.kind and t.id = r.id
        where a.id is null and not w.is_unlinked and r.location_id = w.location_id and r.kind = w.kind
          and r.lineage = w.lineage offset 0
      ) l on true
      left join lateral (
        select name, base_hash from asset_tombstone
        where a.id is null and l.id is null and location_id = w.location_id and kind = w.kind and lineage = w.lineage
          offset 0
      ) z on true
      where ${gone.size > 0}::boolean or (a.id is null and l.id is null) order by 1`,
  )
  return rows.flatMap(({ index, kind, id, name, wasPushed }) => {
    const { locationId, ref, by } = asked[index] as Asked
    const goes = id !== null
    if (goes && !gone.has(`${locationId}/${kind}/${id}`)) return []
    return [{ ref, by, goes, buried: name === null ? null : { name, wasPushed: wasPushed === true } }]
  })
}

/** A part is there as long as a document of the location holds it: one that is written, or one that stays as it is. */
async function findLostParts(
  db: Db,
  asked: readonly Asked[],
  afterwards: Afterwards,
  mentions: ReadonlyMap<string, Mentions>,
): Promise<Lost[]> {
  if (asked.length === 0) return []
  const places = new Set(asked.map((one) => one.locationId))
  const written = Map.groupBy(
    afterwards.written.filter(({ locationId }) => places.has(locationId)),
    ({ locationId }) => locationId,
  )
  const isWritten = new Set(
    [...written.values()].flat().map(({ locationId, kind, id }) => `${locationId}/${kind}/${id}`),
  )
  const held = await query(
    db,
    sql<{ index: number; kind: string; id: string }>`
      with asked as materialized (
        select * from unnest(${texts(asked.map((one) => one.locationId))},
          ${texts(asked.map(({ ref }) => ref.slice(1)))}) with ordinality w(location_id, part, index)
      ), holder as materialized (
        select a.location_id, a.kind, a.id, b.parts from asset a join blob b on b.hash = a.hash
        where a.location_id = any(${texts([...places])}) and a.kind = any(${texts(afterwards.holders)})
          and b.parts && ${texts([...new Set(asked.map(({ ref }) => ref.slice(1)))])}
      )
      select (w.index - 1)::int as index, h.kind, h.id from asked w join holder h on h.location_id = w.location_id
        and w.part = any(h.parts)`,
  )
  const now = Map.groupBy(held, (row) => row.index)
  const lost = asked.flatMap(({ locationId, ref, by }, index) => {
    const holders = now.get(index) ?? []
    const stays = holders.some(
      ({ kind, id }) =>
        !isWritten.has(`${locationId}/${kind}/${id}`) && !afterwards.gone.has(`${locationId}/${kind}/${id}`),
    )
    const comes = written.get(locationId)?.some(({ hash }) => mentions.get(hash)?.holds.has(ref.slice(1)))
    return stays || comes ? [] : [{ locationId, ref, by, goes: holders.length > 0 }]
  })
  const pushed = await findPushedParts(db, lost, afterwards)
  return lost.map(({ locationId, ...one }) => ({
    ...one,
    buried: pushed.has(`${locationId}/${one.ref}`) ? { name: null, wasPushed: true } : null,
  }))
}

/** Which parts a push has brought, as far as what was pushed last is known: `location/:lineage`. */
async function findPushedParts(
  db: Db,
  lost: readonly { locationId: string; ref: string }[],
  { holders, names }: Afterwards,
): Promise<Set<string>> {
  if (lost.length === 0) return new Set()
  const parts = lost.map(({ ref }) => ref.slice(1))
  const rows = await query(
    db,
    sql<{ index: number }>`
      with lost as materialized (
        select * from unnest(${texts(lost.map((one) => one.locationId))}, ${texts(parts)},
          ${texts(parts.map((part) => names.incomingPart(part) ?? part))})
          with ordinality w(location_id, part, incoming, index)
      ), base as materialized (
        select location_id, base_hash from asset where location_id = any(select location_id from lost)
          and kind = any(${texts(holders)})
        union select location_id, base_hash from asset_alias where location_id = any(select location_id from lost)
          and kind = any(${texts(holders)})
        union select location_id, base_hash from asset_tombstone where location_id = any(select location_id from lost)
          and kind = any(${texts(holders)})
      )
      select distinct (w.index - 1)::int as index from base b join blob on blob.hash = b.base_hash
      join lost w on w.location_id = b.location_id and blob.parts && array[w.part, w.incoming]`,
  )
  return new Set(rows.map(({ index }) => `${lost[index]?.locationId}/${lost[index]?.ref}`))
}

/** Tells what led nowhere before from what comes to lead nowhere. */
async function markOld(db: Db, lost: readonly Lost[], { fresh }: Afterwards): Promise<Missing[]> {
  const before = await readMentions(
    db,
    lost.flatMap(({ goes, by }) => (goes ? [] : by.flatMap(({ mine }) => (mine === null ? [] : [mine])))),
    fresh,
  )
  const names = (hash: string | null, ref: string) => {
    const { refs = [], parts = [] } = before.get(hash ?? '') ?? {}
    return ref.startsWith(':') ? parts.includes(ref.slice(1)) : refs.includes(ref)
  }
  return lost.flatMap(({ by, ...one }) =>
    by.map((written) => ({ ...one, written, isOld: !one.goes && names(written.mine, one.ref) })),
  )
}

/** Blobs are kept for long, and a text is long to read. */
const partsNamed = new WeakMap<Blob, readonly string[]>()

async function readMentions(
  db: Db,
  hashes: readonly string[],
  fresh: ReadonlyMap<string, Blob>,
): Promise<Map<string, Mentions>> {
  const wanted = [...new Set(hashes)]
  const blobs = await getBlobs(
    db,
    wanted.filter((hash) => !fresh.has(hash)),
  )
  return new Map(wanted.map((hash) => [hash, mentionsOf(blobs.get(hash) ?? (fresh.get(hash) as Blob))]))
}

function mentionsOf(blob: Blob): Mentions {
  const holds = new Set(blob.parts)
  const parts = partsNamed.get(blob) ?? readMarkers(blob.text).parts.filter((part) => !holds.has(part))
  partsNamed.set(blob, parts)
  return { refs: blob.refs, parts, holds }
}
