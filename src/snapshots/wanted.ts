import { sql } from 'kysely'
import { type Db, query } from '../db/pool.ts'
import { type AssetResource, getBlobs, initialLocal, seedsLocal } from '../store/assets/index.ts'
import type { Entry } from './capture.ts'
import type { WantedEntry } from './decide.ts'
import { Decided, type Policy, type PushOptions, policyOf } from './options.ts'
import { inDependencyOrder } from './order.ts'
import { type Deciding, PushDecisions } from './push-decisions.ts'
import { readEntries } from './snapshots.ts'

/** One kind of a pushed version. */
export interface WantedKind {
  kind: string
  resource: AssetResource
  entries: WantedEntry[]
  /** Lineages that other versions chose and this one has not; empty unless deletions travel. */
  gone: string[]
}

/** Nothing of this kind differs from the version that current targets stand at. */
export const isQuiet = ({ entries, gone }: WantedKind) => gone.length === 0 && !entries.some((entry) => entry.changed)

/** A pushed version, ready to be decided: the same for the plan and for every piece of the push. */
export interface Wanted {
  snapshotId: string
  version: number
  kinds: WantedKind[]
  /** All entries, for matching. */
  entries: Entry[]
  /** `kind:lineage` of what the version compared with did not have. */
  added: ReadonlySet<string>
  options: PushOptions
  decided: Decided
  decisions: PushDecisions
  resources: ReadonlyMap<string, AssetResource>
}

/** How an asset is to be decided in one target: as the push says, or as somebody decided there. */
export function policyIn({ options, decided }: Wanted, kind: string): (lineage: string, locationId: string) => Policy {
  return (lineage, locationId) =>
    decided.overrides(kind, lineage, locationId) ? 'override' : policyOf(options, kind, lineage)
}

/** Whose values somebody took for fields of an asset there, by path. */
export function takesIn(
  { decided }: Wanted,
  kind: string,
): (lineage: string, locationId: string) => ReadonlyMap<string, 'source' | 'target'> {
  return (lineage, locationId) => decided.pathsOf(kind, lineage, locationId)
}

/** What is decided about conflicts that the push meets. */
export function decidingIn({ decisions }: Wanted, kind: string): (lineage: string, locationId: string) => Deciding {
  return (lineage, locationId) => decisions.of({ kind, lineage }, locationId)
}

/** Pairs of target and asset that a push of decisions keeps to; undefined: no decisions, no limits. */
export function onlyDecided({ decided }: Wanted, kind: string): { locationId: string; lineage: string }[] | undefined {
  return decided.isEmpty ? undefined : decided.of(kind)
}

export interface WantedInput {
  snapshotId: string
  version: number
  /** The version that current targets stand at; null: no target is current. */
  fromVersion: number | null
  options: PushOptions
  resources: ReadonlyMap<string, AssetResource>
}

/** Reads a version once for all targets that are compared from the same one. */
export async function readWanted(
  db: Db,
  { snapshotId, version, fromVersion, options, resources }: WantedInput,
): Promise<Wanted> {
  const entries = (await readEntries(db, snapshotId, version)).filter((entry) => resources.has(entry.kind))
  const before = fromVersion === null ? [] : await readEntries(db, snapshotId, fromVersion)
  const hashBefore = new Map(before.map((entry) => [`${entry.kind}:${entry.lineage}`, entry.hash]))
  const decided = new Decided(options.takes ?? [])
  const decisions = new PushDecisions(options.decisions ?? [])
  const isWanted = keepsTo(options)
  const gone = options.deletions || !decided.isEmpty ? (await readGone(db, snapshotId, version)).filter(isWanted) : []
  const locals = await initialLocals(db, entries, resources)
  const byKind = Map.groupBy(entries.filter(isWanted), (entry) => entry.kind)
  const goneByKind = Map.groupBy(gone, (entry) => entry.kind)
  const kinds = inDependencyOrder(
    resources,
    [...byKind.keys(), ...goneByKind.keys()].filter((kind) => resources.has(kind)),
  ).map((kind) => ({
    kind,
    resource: resources.get(kind) as AssetResource,
    gone: (goneByKind.get(kind) ?? []).map((entry) => entry.lineage),
    entries: (byKind.get(kind) ?? []).map(({ lineage, name, key, hash }) => ({
      lineage,
      name,
      key,
      hash,
      policy: policyOf(options, kind, lineage),
      changed: hashBefore.get(`${kind}:${lineage}`) !== hash,
      local: locals.get(`${kind}:${lineage}`) ?? {},
      ifGone: decisions.ifGone({ kind, lineage }),
    })),
  }))
  const added = new Set(
    entries.map((entry) => `${entry.kind}:${entry.lineage}`).filter((name) => !hashBefore.has(name)),
  )
  return { snapshotId, version, kinds, entries, added, options, decided, decisions, resources }
}

/** True for assets that the push is about. */
export function keepsTo({ only }: Pick<PushOptions, 'only'>): (asset: { kind: string; lineage: string }) => boolean {
  const names = only === undefined ? null : new Set(only.map(({ kind, lineage }) => `${kind}/${lineage}`))
  return ({ kind, lineage }) => names === null || names.has(`${kind}/${lineage}`)
}

function readGone(db: Db, snapshotId: string, version: number): Promise<{ kind: string; lineage: string }[]> {
  return query(
    db,
    sql<{ kind: string; lineage: string }>`
      select distinct kind, lineage from snapshot_entry where snapshot_id = ${snapshotId} and version <> ${version}
        and not dependency
      except select kind, lineage from snapshot_entry where snapshot_id = ${snapshotId} and version = ${version}`,
  )
}

/**
 * `local` of the assets a push would create. Documents are read only for kinds whose local values are seeded by them.
 */
async function initialLocals(
  db: Db,
  entries: readonly Entry[],
  resources: ReadonlyMap<string, AssetResource>,
): Promise<Map<string, Record<string, unknown>>> {
  const seeded = (kind: string) => seedsLocal(resources.get(kind) ?? { local: {} })
  const blobs = await getBlobs(
    db,
    entries.filter((entry) => seeded(entry.kind)).map((entry) => entry.hash),
  )
  const locals = new Map<string, Record<string, unknown>>()
  for (const { kind, lineage, hash } of entries) {
    const resource = resources.get(kind)
    if (resource === undefined) continue
    const text = blobs.get(hash)?.text
    locals.set(`${kind}:${lineage}`, initialLocal(resource, text === undefined ? {} : JSON.parse(text)))
  }
  return locals
}
