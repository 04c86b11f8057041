import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { deriveId } from '../ids.ts'
import type { AssetResource } from '../store/assets/index.ts'
import { firstChangeOf } from '../store/changes/index.ts'
import type { Covered } from './covered.ts'
import { assetOf } from './identity.ts'
import type { PushRow } from './push.ts'
import type { EndedPair } from './release.ts'
import { readEntries } from './snapshots.ts'

/** A row of `asset_alias` as a change row keeps it. */
export interface AliasRow {
  lineage: string
  id: string
  base_hash: string | null
  source_push: string | null
  part_aliases: object | null
  created_at: string
}

/** A row of `asset_tombstone` as a change row keeps it, as far as it is read here. */
interface TombstoneRow {
  lineage: string
  id: string
  base_hash: string | null
  source_push: string | null
}

/** What a push did to one asset, beside what the asset is now. */
export interface Trace {
  locationId: string
  kind: string
  id: string
  op: 'create' | 'update' | 'adopt' | 'delete'
  before: string | null
  after: string | null
  /** What write.ts, remove.ts and undo.ts keep. */
  delta: {
    lineage?: string
    own?: string
    base?: string | null
    sourcePush?: string | null
    parts?: object | null
    byAlias?: boolean
    alias?: AliasRow | null
    aliases?: AliasRow[]
    name?: string
    key?: string | null
    uniqueKey?: string | null
    local?: object
    createdAt?: string
    updatedAt?: string
    tombstones?: TombstoneRow[]
    /** What was known of the pair of an asset that the target had deleted: what was pushed last, and by which push. */
    buried?: { base: string | null; push: string | null }
    /** The alias that leads again where it led. */
    linked?: AliasRow
    /** What a roll-back had forgotten of a deleted asset is known again. */
    isKnownAgain?: boolean
    /** What it took the place of. */
    covered?: Covered
    /** The push that the pair is known by from then on, where it is not the writing one. */
    left?: { push: string | null }
    /** Other pairs of the asset, which ended with its own or came back with it. */
    ended?: EndedPair[]
  } | null
  /** The lineage by which the push knew it. */
  lineage: string
  name: string | null
  key: string | null
  now: string | null
  /** The push that the pair was written by last. */
  pairPush: string | null
  /** What this push left there. */
  leftPush: string | null
  /** A person has changed it since. */
  isEdited: boolean
  /** The newest of these changes. */
  lastEdit: string | null
  /** It is gone, and remembered. */
  isBuried: boolean
}

/** First and last of what a push did to each asset (a retry can add a second row), and the asset as it stands. */
export async function readTraces(
  db: Db,
  push: PushRow,
  locationIds: readonly string[],
  resources: ReadonlyMap<string, AssetResource>,
): Promise<Trace[]> {
  const rows = await query(
    db,
    sql<Omit<Trace, 'lineage' | 'lastEdit'> & { lineage: string | null }>`
      with done as (
        select c.*, row_number() over (partition by location_id, kind, entity_id order by id) as nth,
          last_value(after_hash) over (partition by location_id, kind, entity_id
            order by id rows between unbounded preceding and unbounded following) as last_hash,
          last_value(id) over (partition by location_id, kind, entity_id
            order by id rows between unbounded preceding and unbounded following) as last_id
        from change c
        where c.location_id = any(${texts(locationIds)}) and c.cause = ${push.id}
          and c.kind = any(${texts([...resources.keys()])}) and c.id >= ${firstChangeOf(push)}
      )
      select d.location_id as "locationId", d.kind, d.entity_id as id, d.op, d.before_hash as before,
        d.last_hash as after, d.delta,
        coalesce(d.delta->>'lineage', a.lineage) as lineage, a.name, a.key, a.hash as now,
        case when (d.delta->>'byAlias')::boolean is not true then a.source_push when l.id is not null then l.source_push
          -- What it had led to before is deleted, and remembered.
          else (
            select z.source_push from asset_tombstone z where z.location_id = d.location_id and z.kind = d.kind
              and z.lineage = d.delta->>'lineage' and z.own_lineage <> z.lineage) end as "pairPush",
        case when d.delta ? 'left' then d.delta->'left'->>'push' else ${push.id}::text end as "leftPush",
        exists (
          select 1 from change p where p.location_id = d.location_id and p.kind = d.kind and p.entity_id = d.entity_id
            and p.id > d.last_id and p.actor not like 'push:%'
        ) as "isEdited",
        a.id is null and exists (select 1 from asset_tombstone z where z.location_id = d.location_id and z.kind = d.kind
          and z.id = d.entity_id) as "isBuried"
      from done d
      left join asset a on a.location_id = d.location_id and a.kind = d.kind and a.id = d.entity_id
      left join asset_alias l on (d.delta->>'byAlias')::boolean and l.location_id = d.location_id and l.kind = d.kind
        and l.lineage = d.delta->>'lineage'
      where d.nth = 1 order by d.location_id, d.kind, d.entity_id`,
  )
  const edits = await lastEdits(
    db,
    push,
    rows.filter((row) => row.isEdited),
  )
  const known = rows.every((row) => row.lineage !== null) ? null : await lineagesOf(db, push, locationIds, resources)
  return rows.map((row) => ({
    ...row,
    lastEdit: edits.get(assetOf(row)) ?? null,
    lineage: row.lineage ?? known?.get(`${row.locationId}/${row.kind}/${row.id}`) ?? row.id,
  }))
}

/** The newest change that a person has made of each since the push, by `location/kind/id`. */
async function lastEdits(
  db: Db,
  push: PushRow,
  edited: readonly Pick<Trace, 'locationId' | 'kind' | 'id'>[],
): Promise<Map<string, string>> {
  if (edited.length === 0) return new Map()
  const column = (name: 'locationId' | 'kind' | 'id') => texts(edited.map((row) => row[name]))
  const rows = await query(
    db,
    sql<{ locationId: string; kind: string; id: string; last: string }>`
      select c.location_id as "locationId", c.kind, c.entity_id as id, max(c.id::text) as last
      from unnest(${column('locationId')}, ${column('kind')}, ${column('id')}) e(location_id, kind, id)
      join change c on c.location_id = e.location_id and c.kind = e.kind and c.entity_id = e.id
      where c.location_id = any(${column('locationId')}) and c.actor not like 'push:%' and c.id >= ${firstChangeOf(push)}
      group by c.location_id, c.kind, c.entity_id`,
  )
  return new Map(rows.map((row) => [assetOf(row), row.last]))
}

/** Lineages of what the push created and is gone since, by the ids that it gave: `location/kind/id`. */
async function lineagesOf(
  db: Db,
  push: PushRow,
  locationIds: readonly string[],
  resources: ReadonlyMap<string, AssetResource>,
): Promise<Map<string, string>> {
  const entries = await readEntries(db, push.snapshotId, push.version)
  const names = locationIds.flatMap((locationId) =>
    entries.map(({ kind, lineage }) => {
      const id = deriveId(resources.get(kind)?.idFormat ?? 'id20', locationId, kind, lineage)
      return [`${locationId}/${kind}/${id}`, lineage] as const
    }),
  )
  return new Map(names)
}
