import { type RawBuilder, sql } from 'kysely'
import { type Db, query, type Tx, texts } from '../db/pool.ts'
import type { AssetResource } from '../store/assets/index.ts'
import { firstChangeOf } from '../store/changes/index.ts'
import type { PushRow } from './push.ts'
import { readTraces } from './traces.ts'
import type { UndoOptions } from './undoing.ts'
import { keepsTo } from './wanted.ts'

/** Single assets of a push that a roll-back of them alone has undone, and nothing has redone. */
export interface UndoneParts {
  /** True for what another roll-back of the push is about. */
  isOpen: (asset: { locationId: string; kind: string; lineage: string }) => boolean
  /** The newest of these roll-backs. */
  by: string
}

/** A roll-back of single assets that stands, or another one of such a roll-back. */
interface Part {
  id: string
  reverts: string
  only: { kind: string; lineage: string }[]
  createdAt: Date
  isBefore: boolean
}

const ofSnapshot = (id: string) => sql`r.snapshot_id = ${id}`

/** `before`: whether each began before this roll-back. */
const partsSql = (of: RawBuilder<unknown>, before?: string) => sql<Part>`
  select r.id, r.reverts, r.options->'only' as only, r.created_at as "createdAt",
    ${before ?? null}::text is null
      or (r.created_at, r.id) < (select b.created_at, b.id from push b where b.id = ${before ?? null}) as "isBefore"
  from push r where ${of} and r.reverts is not null and r.options ? 'only' and r.state <> 'rolled_back'
  order by r.created_at desc, r.id desc`

/**
 * What each roll-back has undone, or is to: `location/kind/lineage` by its id. `done`: of an asset `o` of one, in its
 * target `t`.
 */
async function readNames(
  db: Db,
  parts: readonly Part[],
  { locationIds, done }: { locationIds: readonly string[] | undefined; done: RawBuilder<unknown> },
): Promise<Map<string, Set<string>>> {
  const named = parts.flatMap((part) =>
    part.only.map((asset) => ({ ...asset, id: part.id, from: firstChangeOf(part) })),
  )
  const rows = await query(
    db,
    sql<{ id: string; name: string }>`
      select o.id, t.location_id || '/' || o.kind || '/' || o.lineage as name
      from unnest(${texts(named.map(({ id }) => id))}, ${texts(named.map(({ from }) => from))},
        ${texts(named.map(({ kind }) => kind))}, ${texts(named.map(({ lineage }) => lineage))})
        o(id, first_change, kind, lineage)
      join push_target t on t.push_id = o.id
        and (${locationIds === undefined} or t.location_id = any(${texts(locationIds ?? [])}))
      where ${done}`,
  )
  return new Map([...Map.groupBy(rows, ({ id }) => id)].map(([id, of]) => [id, new Set(of.map(({ name }) => name))]))
}

/** One that was left out itself, as an earlier one had undone it, has left no trace. */
const IS_TRACED = sql`(t.state in ('pending', 'processing') or t.state in ('completed', 'partial') and exists (
    select 1 from change c where c.location_id = t.location_id and c.cause = o.id and c.kind = o.kind
      and c.delta->>'lineage' = o.lineage and c.id >= o.first_change::uuid))
  and not exists (
    select 1 from push_outcome k where k.location_id = t.location_id and k.push_id = o.id and k.kind = o.kind
      and k.lineage = o.lineage and k.outcome = 'kept')`

/** What a push has found as it brought it has left no trace, and is undone all the same. */
const IS_SAID = sql`t.state in ('completed', 'partial') and not exists (
  select 1 from push_outcome k where k.location_id = t.location_id and k.push_id = o.id and k.kind = o.kind
    and k.lineage = o.lineage and k.outcome <> 'unchanged')`

/**
 * What of which push is undone and not redone, as `push/location/kind/lineage`: each roll-back in its turn takes what it
 * names from its push, and so gives it back to what that one had taken it from, and so on. `parts`: newest first.
 */
function undoneBy(parts: readonly Part[], namesOf: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const reverted = new Map(parts.map(({ id, reverts }) => [id, reverts]))
  const undone = new Set<string>()
  const idle = new Set<string>()
  for (const { id, reverts } of parts.toReversed())
    for (const name of namesOf.get(id) ?? []) {
      if (undone.has(`${reverts}/${name}`) || idle.has(`${reverts}/${name}`)) {
        idle.add(`${id}/${name}`)
        continue
      }
      let isTaken = true
      for (let of: string | undefined = reverts; of !== undefined; of = reverted.get(of)) {
        if (isTaken) undone.add(`${of}/${name}`)
        else undone.delete(`${of}/${name}`)
        isTaken = !isTaken
      }
    }
  return undone
}

/** Roll-backs of single assets of a push, and all of such a roll-back, newest first. */
async function readBelow(tx: Tx, { id, agencyId, snapshotId }: PushRow, before?: string): Promise<Part[]> {
  const all = await query(tx, partsSql(sql`r.agency_id = ${agencyId} and ${ofSnapshot(snapshotId)}`, before))
  const by = Map.groupBy(all, ({ reverts }) => reverts)
  const idsOf = (part: Part): string[] => [part.id, ...(by.get(part.id) ?? []).flatMap(idsOf)]
  const ids = new Set((by.get(id) ?? []).filter(({ isBefore }) => isBefore).flatMap(idsOf))
  return all.filter((part) => ids.has(part.id))
}

/**
 * What roll-backs of single assets have undone of a push in these targets; null: nothing. Whoever has changed it since
 * did not change what the push had brought, so another roll-back of the push is not about it. `before`: of roll-backs
 * that began before this one.
 */
export async function readParts(
  tx: Tx,
  push: PushRow,
  locationIds: readonly string[],
  before?: string,
): Promise<UndoneParts | null> {
  return partsIn(tx, push, await readBelow(tx, push, before), locationIds)
}

async function partsIn(
  tx: Tx,
  push: PushRow,
  parts: readonly Part[],
  locationIds: readonly string[],
): Promise<UndoneParts | null> {
  if (parts.length === 0) return null
  const namesOf = await readNames(tx, parts, { locationIds, done: IS_TRACED })
  const first = parts.find(({ id, reverts }) => reverts === push.id && namesOf.has(id))
  if (first === undefined) return null
  const undone = undoneBy(parts, namesOf)
  return {
    by: first.id,
    isOpen: ({ locationId, kind, lineage }) => !undone.has(`${push.id}/${locationId}/${kind}/${lineage}`),
  }
}

/** Of pushes of this snapshot; or of all in the agency of one. `locationIds`: in these alone. */
type Asked = ({ snapshotId: string } | { beside: string }) & { locationIds?: readonly string[] }

/**
 * What is undone, and not redone, of pushes for single assets: `push/location/kind/lineage`. Such a push holds nothing
 * of these there.
 */
export async function readUndoneNames(db: Db, { locationIds, ...asked }: Asked): Promise<string[]> {
  const [id, isAsked] = 'beside' in asked ? [asked.beside, sql`true`] : [asked.snapshotId, ofSnapshot(asked.snapshotId)]
  const parts = await query(
    db,
    partsSql(sql`r.agency_id = (select s.agency_id from snapshot s where s.id = ${id}) and ${isAsked}`),
  )
  if (parts.length === 0) return []
  return [...undoneBy(parts, await readNames(db, parts, { locationIds, done: IS_SAID }))]
}

const TARGETS_AT_ONCE = 100

/**
 * The roll-back of single assets after which these options leave nothing of a push to undo, in whatever target; null:
 * something is left.
 */
export async function findExhausting(
  tx: Tx,
  push: PushRow,
  { options, resources }: { options: UndoOptions; resources: ReadonlyMap<string, AssetResource> },
): Promise<string | null> {
  const below = await readBelow(tx, push)
  if (below.length === 0) return null
  const targets = await query(
    tx,
    sql<{
      id: string
    }>`select location_id as id from push_target where push_id = ${push.id} and started_at is not null order by 1`,
  )
  let by: string | null = null
  for (let start = 0; start < targets.length; start += TARGETS_AT_ONCE) {
    const locationIds = targets.slice(start, start + TARGETS_AT_ONCE).map(({ id }) => id)
    const parts = await partsIn(tx, push, below, locationIds)
    const traces = (await readTraces(tx, push, locationIds, resources)).filter(keepsTo(options))
    if (traces.some((trace) => parts?.isOpen(trace) ?? true)) return null
    by ??= parts?.by ?? null
  }
  return by
}
