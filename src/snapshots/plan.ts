import { createHash, type Hash } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { getBlobs } from '../store/blobs.ts'
import { canonicalJson } from '../store/hash.ts'
import { readMarkers } from '../store/markers.ts'
import type { AssetResource } from '../store/resource.ts'
import { combine } from './combine.ts'
import { type Decision, findBusyKinds, readDecisions, readRemovals, reasonOf } from './decide.ts'
import { diffDocuments, type FieldDiff, type Json } from './diff.ts'
import { ambiguityReason, comersOf, matchByKey } from './match.ts'
import { loadPreferences, type Preferences } from './normalise.ts'
import { type Action, type PushOptions, policyOf } from './options.ts'
import { completeNames, type RefNames, showRefs } from './ref-names.ts'
import { removalAction } from './remove.ts'
import type { SnapshotRow } from './snapshots.ts'
import { isQuiet, readWanted, type Wanted } from './wanted.ts'

/** A plan lists at most this many assets; totals and hash cover all of them. */
const MAX_LINES = 20_000
const ROWS_A_QUERY = 20_000
const MOST_TARGETS = 500

export interface PlannedAsset {
  kind: string
  lineage: string
  name: string
  action: Action
  /** What would change, or (for a conflict) both values. */
  fields?: (FieldDiff | { path: string; base?: Json; target?: Json; source?: Json })[]
  reason?: string
}

export type ActionTotals = Partial<Record<Action, number>>

export interface Plan {
  /** Equal as long as the version, the options and everything the push would touch are equal. */
  hash: string
  version: number
  totals: ActionTotals
  targets: { locationId: string; totals: ActionTotals; assets: PlannedAsset[] }[]
  /** Some assets are not listed: too many. */
  truncated: boolean
  /** References inside the snapshot to what it does not hold. */
  brokenReferences: { kind: string; lineage: string; name: string; reference: string }[]
}

export interface PlanInput {
  snapshot: SnapshotRow
  version: number
  root: string
  locationIds: readonly string[]
  options: PushOptions
  resources: ReadonlyMap<string, AssetResource>
}

/** What a push would do, without doing it: the push's own decision, read instead of written. */
export async function planPush(db: Db, input: PlanInput): Promise<Plan> {
  const { snapshot, version, options, resources } = input
  const planner = new Planner(db)
  const standing = await query(
    db,
    sql<{ locationId: string; fromVersion: number | null }>`
      select t.id as "locationId", s.version as "fromVersion" from unnest(${texts(input.locationIds)}) t(id)
      left join location_applied s on s.location_id = t.id and s.snapshot_id = ${snapshot.id} order by t.id`,
  )
  let broken: Plan['brokenReferences'] = []
  for (const [fromVersion, group] of Map.groupBy(standing, (row) => row.fromVersion)) {
    const wanted = await readWanted(db, { snapshotId: snapshot.id, version, fromVersion, options, resources })
    broken = await findBroken(db, wanted)
    const size = fromVersion === null ? Math.min(MOST_TARGETS, Math.max(1, Math.floor(ROWS_A_QUERY / Math.max(1, wanted.entries.length)))) : MOST_TARGETS
    for (let start = 0; start < group.length; start += size) await planner.planTargets(wanted, group.slice(start, start + size))
  }
  return planner.result(input, broken)
}

interface PlannedTarget {
  locationId: string
  fromVersion: number | null
}

interface Describe {
  wanted: Wanted
  resource: AssetResource
  decisions: readonly Decision[]
  preferences: Preferences
  reasons: ReadonlyMap<string, string>
}

class Planner {
  readonly #db: Db
  readonly #targets = new Map<string, { totals: ActionTotals; assets: PlannedAsset[]; digest: string }>()
  #lines = 0
  #truncated = false

  constructor(db: Db) {
    this.#db = db
  }

  async planTargets(wanted: Wanted, targets: readonly PlannedTarget[]): Promise<void> {
    const digests = new Map<string, Hash>()
    const drafts = new Map(targets.map(({ locationId }) => [locationId, { totals: {} as ActionTotals, assets: [] as PlannedAsset[] }]))
    const names: RefNames = new Map(wanted.entries.map((entry) => [`${entry.kind}:${entry.lineage}`, entry.name]))
    const ids = targets.map((target) => target.locationId)
    const current = targets.every((target) => target.fromVersion !== null)
    const comers = current ? await comersOf(this.#db, wanted, ids) : wanted.entries
    const matches = await matchByKey(this.#db, { targets: ids, entries: wanted.entries, comers, choices: wanted.options.matches })
    const preferences = await loadPreferences(this.#db, ids)
    for (const { locationId, kind, lineage, own } of matches) if (own !== null) preferences.add(locationId, kind, [own], lineage)
    const busy = await findBusyKinds(this.#db, targets)

    const add = (locationId: string, asset: PlannedAsset, state: string) => {
      const draft = drafts.get(locationId)
      if (draft === undefined) return
      draft.totals[asset.action] = (draft.totals[asset.action] ?? 0) + 1
      const digest = digests.get(locationId) ?? createHash('sha256')
      digest.update(`${asset.kind} ${asset.lineage} ${asset.action} ${state}\n`)
      digests.set(locationId, digest)
      if (this.#hasRoom()) draft.assets.push(asset)
    }

    for (const kind of wanted.kinds) {
      const seen = new Map<string, Set<string>>()
      if (!(current && isQuiet(kind) && !busy.has(kind.kind))) {
        const known = matches.filter((match) => match.kind === kind.kind)
        const scope = {
          kind: kind.kind,
          unique: kind.resource.unique !== null,
          entries: kind.entries,
          known,
          targets: targets.map(({ locationId, fromVersion }) => ({ locationId, isCurrent: fromVersion !== null })),
        }
        const decisions = await readDecisions(this.#db, scope)
        const reasons = new Map(known.map((match) => [`${match.locationId}/${match.lineage}`, ambiguityReason(match)]))
        const planned = await this.#describe({ wanted, resource: kind.resource, decisions, preferences, reasons })
        for (const { decision, asset } of planned) {
          if (asset.action === 'unchanged') continue
          seen.set(decision.locationId, (seen.get(decision.locationId) ?? new Set()).add(decision.lineage))
          add(decision.locationId, asset, `${decision.id} ${decision.mine} ${decision.hash}`)
        }
        const held = kind.entries.map((entry) => entry.lineage)
        const removals = { kind: kind.kind, snapshotId: wanted.snapshotId, locationIds: ids, gone: kind.gone, held, matched: known }
        for (const removal of await readRemovals(this.#db, removals)) {
          const action = removalAction(removal, policyOf(wanted.options, kind.kind, removal.lineage))
          const reason = action === 'delete' ? 'deleted in the snapshot' : 'deleted in the snapshot, changed in the target'
          add(removal.locationId, { kind: kind.kind, lineage: removal.lineage, name: removal.name, action, reason }, `${removal.id} ${removal.mine}`)
        }
      }
      for (const [locationId, draft] of drafts) {
        const unchanged = kind.entries.length - (seen.get(locationId)?.size ?? 0)
        if (unchanged > 0) draft.totals.unchanged = (draft.totals.unchanged ?? 0) + unchanged
        for (const { lineage, name } of kind.entries) {
          if (seen.get(locationId)?.has(lineage) || !this.#hasRoom()) continue
          draft.assets.push({ kind: kind.kind, lineage, name, action: 'unchanged' })
        }
      }
    }
    await completeNames(
      this.#db,
      ids,
      names,
      [...drafts.values()].map((draft) => draft.assets),
    )
    for (const [locationId, draft] of drafts) {
      this.#targets.set(locationId, { totals: draft.totals, assets: showRefs(draft.assets, names), digest: digests.get(locationId)?.digest('hex') ?? '' })
    }
  }

  #hasRoom(): boolean {
    if (this.#lines < MAX_LINES) {
      this.#lines++
      return true
    }
    this.#truncated = true
    return false
  }

  /** Adds to each decision what a person wants to see: merged fields, conflicts with both values, reasons. */
  async #describe({ wanted, resource, decisions, preferences, reasons }: Describe) {
    const policyFor = (lineage: string) => policyOf(wanted.options, resource.kind, lineage)
    const merges = decisions.filter((decision) => decision.action === 'merge')
    const combined = new Map((await combine(this.#db, { resource, decisions: merges, preferences, policyFor })).map((item) => [item.decision, item]))
    const updates = this.#truncated ? [] : decisions.filter((decision) => decision.action === 'update')
    const blobs = await getBlobs(
      this.#db,
      updates.flatMap(({ mine, hash }) => [mine as string, hash]),
    )
    const memo = new Map<string, FieldDiff[]>()
    return decisions.map((decision) => {
      const asset = (action: Action, more: Partial<PlannedAsset> = {}): PlannedAsset => ({
        kind: resource.kind,
        lineage: decision.lineage,
        name: decision.name,
        action,
        ...more,
      })
      const item = combined.get(decision)
      if (item !== undefined) {
        if (item.fault !== null) return { decision, asset: asset('conflict', { reason: item.fault }) }
        const fields = [...(item.conflicts as PlannedAsset['fields'] & object), ...(item.action === 'conflict' ? [] : diffDocuments(item.before, item.after))]
        return { decision, asset: asset(item.action, fields.length > 0 ? { fields } : {}) }
      }
      if (decision.action === 'update') {
        const name = `${decision.mine}/${decision.hash}`
        const fields =
          memo.get(name) ?? (blobs.size === 0 ? [] : diffDocuments(parse(blobs.get(decision.mine as string)?.text), parse(blobs.get(decision.hash)?.text)))
        memo.set(name, fields)
        return { decision, asset: asset('update', { fields }) }
      }
      if (decision.action === 'ambiguous')
        return { decision, asset: asset('ambiguous', { reason: reasons.get(`${decision.locationId}/${decision.lineage}`) ?? 'ambiguous' }) }
      const reason = reasonOf(resource.noun, decision)
      if (decision.action === 'taken') return { decision, asset: asset('ambiguous', { reason: reason as string }) }
      if (reason !== null) return { decision, asset: asset(decision.action as Action, { reason }) }
      return { decision, asset: asset(decision.action as Action) }
    })
  }

  result({ version, root, options }: PlanInput, brokenReferences: Plan['brokenReferences']): Plan {
    const totals: ActionTotals = {}
    const digest = createHash('sha256').update(`${version} ${root} ${canonicalJson(options)}\n`)
    const targets = [...this.#targets].sort(([a], [b]) => (a < b ? -1 : 1))
    for (const [locationId, target] of targets) {
      digest.update(`${locationId} ${target.digest}\n`)
      for (const [action, count] of Object.entries(target.totals) as [Action, number][]) totals[action] = (totals[action] ?? 0) + count
    }
    return {
      hash: digest.digest('hex'),
      version,
      totals,
      targets: targets.map(([locationId, { totals, assets }]) => ({ locationId, totals, assets })),
      truncated: this.#truncated,
      brokenReferences,
    }
  }
}

const parse = (text: string | undefined): Json => JSON.parse(text ?? 'null') as Json

/** References that lead out of the version: to assets, or to parts of none of its assets. */
async function findBroken(db: Db, wanted: Wanted): Promise<Plan['brokenReferences']> {
  const inside = new Set(wanted.entries.map((entry) => `${entry.kind}:${entry.lineage}`))
  const rows = await query(
    db,
    sql<{ hash: string; refs: string[]; parts: string[]; text: string }>`
      select hash, refs, parts, doc::text as text from blob
      where hash = any(select decode(h, 'hex') from unnest(${texts(wanted.entries.map((entry) => entry.hash))}) h)`,
  )
  const parts = new Set(rows.flatMap((row) => row.parts))
  const lost = new Map(
    rows.map(({ hash, refs, text }) => [
      hash,
      [
        ...refs.filter((ref) => !inside.has(ref)),
        ...readMarkers(text)
          .parts.filter((part) => !parts.has(part))
          .map((part) => `part:${part}`),
      ],
    ]),
  )
  return wanted.entries.flatMap(({ kind, lineage, name, hash }) => (lost.get(hash) ?? []).map((reference) => ({ kind, lineage, name, reference })))
}
