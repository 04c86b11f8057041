import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { countStanding } from '../store/asset-records.ts'
import { partMarker } from '../store/markers.ts'
import { partsIn } from './combine.ts'
import { heldElsewhereSql } from './elsewhere.ts'
import type { PlanWarning } from './planner.ts'
import type { PlannedRemoval } from './remove.ts'
import type { Verdict } from './settle.ts'
import type { LeavingStage } from './stages.ts'
import { STAGED } from './stages-after.ts'
import type { Wanted, WantedKind } from './wanted.ts'

/** Names shown of the assets that a warning is about; the others are counted. */
const MOST_NAMES = 3

/** Something of a target that a push takes away: an asset, or a part of one. */
interface Going {
  locationId: string
  /** Where it is told. */
  kind: string
  lineage: string
  name: string
  /** What documents of the location name it by: `kind:lineage` of an asset, or the marker of a part. */
  ref: string | null
  part: string | null
  id: string
  what: string
  /** Opportunities that name it and go elsewhere. */
  moved?: number
}

/** An asset that is there, and is to become what `hash` says. */
type Met = Pick<Going, 'locationId' | 'kind' | 'id' | 'lineage' | 'name'> & { hash: string }

interface KindNote {
  kind: WantedKind
  verdicts: readonly Verdict[]
  removals: readonly PlannedRemoval[]
  leavingStages: readonly LeavingStage[]
}

/** What a push would break or surprise in its targets, though it can be written: collected kind by kind, told at the end. */
export class Consequences {
  readonly #wanted: Wanted
  readonly #nowMs: number
  readonly #warnings = new Map<string, PlanWarning[]>()
  readonly #going: Going[] = []
  /** Documents as they would be: `location/kind/id` -> the hash of an entry, or a text. */
  readonly #after = new Map<string, string>()
  readonly #met: Met[] = []

  constructor(wanted: Wanted, nowMs: number) {
    this.#wanted = wanted
    this.#nowMs = nowMs
  }

  note({ kind: { kind, resource, entries }, verdicts, removals, leavingStages }: KindNote): void {
    const hashes = new Map(entries.map((entry) => [entry.lineage, entry.hash]))
    for (const { locationId, lineage, own, name, id, action, leavingStages = [] } of removals) {
      if (action !== 'delete') continue
      const moved = leavingStages.reduce((sum, { to, count }) => sum + (to === null ? 0 : count), 0)
      this.#going.push({ locationId, kind, lineage, name, ref: `${kind}:${own}`, part: null, id, what: resource.noun, moved })
      for (const stage of leavingStages) this.#tellStage(stage, { lineage, name })
    }
    for (const { decision, action, combined } of verdicts) {
      const { locationId, lineage, name, id } = decision
      if (id === null || action === 'ambiguous') continue
      if (action === 'update' || action === 'merge' || action === 'conflict')
        this.#met.push({ locationId, kind, id, lineage, name, hash: hashes.get(lineage) ?? decision.hash })
      if (action === 'update' && combined === null) this.#after.set(`${locationId}/${kind}/${id}`, decision.hash)
      if (combined === null) continue
      this.#after.set(`${locationId}/${kind}/${id}`, JSON.stringify(combined.after))
      for (const { path, why } of combined.warnings) this.#warn(locationId, { kind, lineage, name, why: `${path}: ${why}` })
      const left = new Set(partsIn(combined.after))
      for (const part of partsIn(combined.before).filter((one) => !left.has(one))) {
        this.#going.push({ locationId, kind, lineage, name, ref: null, part, id, what: 'part' })
      }
    }
    for (const stage of leavingStages) {
      const met = this.#met.find(({ locationId, id }) => locationId === stage.locationId && id === stage.pipelineId)
      this.#tellStage(stage, { lineage: met?.lineage ?? stage.pipelineId, name: met?.name ?? '' })
    }
  }

  #tellStage({ locationId, label, count, to }: LeavingStage, pipeline: { lineage: string; name: string }): void {
    const where = to === null ? 'stays, in no stage' : `moves to the stage "${to.label}"`
    const why = `the stage "${label}" goes; what stands in it ${where}`
    this.#warn(locationId, { kind: STAGED.kind, ...pipeline, why, records: { kind: 'opportunities', count } })
  }

  #warn(locationId: string, warning: PlanWarning): void {
    this.#warnings.set(locationId, [...(this.#warnings.get(locationId) ?? []), warning])
  }

  /** By target. */
  async tell(db: Db): Promise<ReadonlyMap<string, PlanWarning[]>> {
    await this.#tellRecords(db)
    await this.#tellReferences(db)
    await this.#tellOthers(db)
    return this.#warnings
  }

  async #tellRecords(db: Db): Promise<void> {
    const assets = this.#going.filter((going) => going.ref !== null)
    if (assets.length === 0) return
    const standing = await countStanding(db, assets, { nowMs: this.#nowMs })
    for (const [index, { locationId, kind, lineage, name, what, moved = 0 }] of assets.entries()) {
      for (const { kind: of, count: all } of standing[index]?.records ?? []) {
        const count = of === 'opportunities' ? all - moved : all
        if (count > 0) this.#warn(locationId, { kind, lineage, name, why: `the ${what} goes, and records name it`, records: { kind: of, count } })
      }
    }
  }

  async #tellReferences(db: Db): Promise<void> {
    if (this.#going.length === 0) return
    const gone = new Set(this.#going.filter((going) => going.ref !== null).map(({ locationId, kind, id }) => `${locationId}/${kind}/${id}`))
    const rows = await query(
      db,
      sql<{ index: number; locationId: string; kind: string; id: string; name: string }>`
        with going as materialized (
          select * from unnest(${texts(this.#going.map((g) => g.locationId))}, ${texts(this.#going.map((g) => g.ref))}, ${texts(this.#going.map((g) => (g.part === null ? null : partMarker(g.part))))})
            with ordinality g(location_id, ref, marker, index)
        ), place as materialized (select distinct location_id from going)
        select (g.index - 1)::int as index, a.location_id as "locationId", a.kind, a.id, a.name
        from place p join asset a on a.location_id = p.location_id join blob b on b.hash = a.hash
        join going g on g.location_id = a.location_id and (b.refs @> array[g.ref] or (g.marker is not null and position(g.marker in b.doc::text) > 0))
        order by 1, a.kind, a.name, a.id`,
    )
    const left = rows.filter((row) => !gone.has(`${row.locationId}/${row.kind}/${row.id}`) && this.#stillNames(row, this.#going[row.index] as Going))
    for (const [index, referring] of Map.groupBy(left, (row) => row.index)) {
      const { locationId, kind, lineage, name, part, what } = this.#going[index] as Going
      const names = referring.slice(0, MOST_NAMES).map((row) => `${row.kind} "${row.name}"`)
      const more = referring.length > MOST_NAMES ? ` and ${referring.length - MOST_NAMES} more` : ''
      const subject = part === null ? `the ${what} goes` : `a part of it goes`
      this.#warn(locationId, { kind, lineage, name, why: `${subject}, and ${names.join(', ')}${more} would refer to nothing` })
    }
  }

  /** The push may change the document that names it. */
  #stillNames({ locationId, kind, id }: { locationId: string; kind: string; id: string }, going: Going): boolean {
    const after = this.#after.get(`${locationId}/${kind}/${id}`)
    if (after === undefined) return true
    if (going.part !== null && going.kind === kind && going.id === id) return false
    if (!after.startsWith('{')) return false
    return after.includes(going.part === null ? `⟦${going.ref}⟧` : partMarker(going.part))
  }

  /** Two snapshots that meet in one asset take turns at it, or stay in conflict: whoever pushes should know. */
  async #tellOthers(db: Db): Promise<void> {
    if (this.#met.length === 0) return
    const [other] = await query(
      db,
      sql`select 1 from snapshot s join snapshot o on o.agency_id = s.agency_id and o.id <> s.id
        where s.id = ${this.#wanted.snapshotId} and exists (select 1 from push p where p.snapshot_id = o.id) limit 1`,
    )
    if (other === undefined) return
    const rows = await query(
      db,
      sql<{ index: number; name: string; version: number }>`
        with met as materialized (
          select m.index, m.hash, a.location_id, a.kind, a.id, a.lineage
          from unnest(${texts(this.#met.map((m) => m.locationId))}, ${texts(this.#met.map((m) => m.kind))}, ${texts(this.#met.map((m) => m.id))}, ${texts(this.#met.map((m) => m.hash))})
            with ordinality m(location_id, kind, id, hash, index)
          join asset a on a.location_id = m.location_id and a.kind = m.kind and a.id = m.id
        )
        select distinct (a.index - 1)::int as index, h.name, h.version from met a cross join lateral ${heldElsewhereSql(this.#wanted.snapshotId)} h
        where h.hash <> decode(a.hash, 'hex') order by 1, 2, 3`,
    )
    for (const { index, name: other, version } of rows) {
      const { locationId, kind, lineage, name } = this.#met[index] as Met
      this.#warn(locationId, { kind, lineage, name, why: `the snapshot "${other}", version ${version}, brought another version of it` })
    }
  }
}
