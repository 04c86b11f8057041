import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { type Blob, getBlobs } from '../store/assets/index.ts'
import { NAMED, type Naming, tellBare } from './bare-tags.ts'
import { type Combined, partsIn, toBlob } from './combine.ts'
import type { Json } from './diff.ts'
import { broughtElsewhereSql, heldElsewhereSql } from './elsewhere.ts'
import { type Going, goneOf, type Told, tellRecords, tellReferences } from './going.ts'
import type { Identities } from './identity.ts'
import { tellLostSettings } from './lost-settings.ts'
import { type Rekeyed, tellMergeTags } from './merge-tags.ts'
import { findMissing, holdersIn, type Written } from './missing.ts'
import { tellMissing } from './nowhere.ts'
import { addLabels, lostParts, type PartNames, subjectOf } from './part-names.ts'
import type { PlanWarning } from './planner.ts'
import { Present } from './present.ts'
import type { PlannedRemoval } from './remove.ts'
import { readUndoneNames } from './rollback-parts.ts'
import type { Verdict } from './settle.ts'
import type { LeavingStage } from './stages.ts'
import { STAGED } from './stages-after.ts'
import type { Wanted, WantedKind } from './wanted.ts'

/** An asset that is there, and is to become what `hash` says. */
type Met = Pick<Going, 'locationId' | 'kind' | 'id' | 'lineage' | 'name'> & { hash: string }

interface KindNote {
  kind: WantedKind
  verdicts: readonly Verdict[]
  removals: readonly PlannedRemoval[]
  leavingStages: readonly LeavingStage[]
}

/**
 * What a push would break or surprise in its targets, though it can be written: collected kind by kind, told at the
 * end.
 */
export class Consequences {
  readonly #wanted: Wanted
  readonly #identities: Identities
  readonly #nowMs: number
  readonly #warnings = new Map<string, PlanWarning[]>()
  readonly #going: Going[] = []
  readonly #written: Written[] = []
  /** Of those, documents with parts that give way to the snapshot's as a whole. */
  readonly #replaced: Written[] = []
  /** Documents that are stored nowhere yet, by their hashes. */
  readonly #fresh = new Map<string, Blob>()
  readonly #present: Present
  readonly #met: Met[] = []
  /** Tags that come to have another name than they had. */
  readonly #namings: Naming[] = []
  /** What comes to have another natural key than it had, and the keys of all that is written. */
  readonly #rekeyed: Rekeyed[] = []
  readonly #keys = new Set<string>()
  /** What parts are called that were met on the way. */
  readonly parts: PartNames = new Map()

  constructor(wanted: Wanted, identities: Identities, nowMs: number) {
    this.#wanted = wanted
    this.#identities = identities
    this.#nowMs = nowMs
    this.#present = new Present(wanted, identities.names)
  }

  note({ kind, verdicts, removals, leavingStages }: KindNote): void {
    const { noun } = kind.resource
    const hashes = new Map(kind.entries.map((entry) => [entry.lineage, entry.hash]))
    for (const { locationId, lineage, name, id, action, leavingStages: stages = [] } of removals) {
      if (action !== 'delete') continue
      const moved = stages.reduce((sum, { to, count }) => sum + (to === null ? 0 : count), 0)
      this.#going.push({ locationId, kind: kind.kind, lineage, name, id, part: null, what: `the ${noun}`, moved })
      for (const stage of stages) this.#tellStage(stage, { lineage, name })
    }
    this.#present.note(kind, verdicts)
    for (const verdict of verdicts) {
      const { decision, action, combined } = verdict
      const { locationId, lineage, name, id } = decision
      if (action === 'ambiguous') continue
      this.#noteWritten(kind, verdict)
      if (id === null) continue
      if (action === 'update' || action === 'merge' || action === 'conflict')
        this.#met.push({ locationId, kind: kind.kind, id, lineage, name, hash: hashes.get(lineage) ?? decision.hash })
      if (combined === null || verdict.isFault) continue
      for (const { path, why } of combined.warnings)
        this.#warn({ locationId, warning: { kind: kind.kind, lineage, name, why: `${path}: ${why}` } })
      this.#noteParts({ locationId, kind: kind.kind, lineage, name, id }, combined)
    }
    for (const stage of leavingStages) {
      const decision = verdicts.find(
        (verdict) => verdict.decision.locationId === stage.locationId && verdict.decision.id === stage.pipelineId,
      )?.decision
      if (decision !== undefined) this.#tellStage(stage, decision)
    }
  }

  #tellStage(
    { locationId, label, count, to }: LeavingStage,
    { lineage, name }: { lineage: string; name: string },
  ): void {
    const where = to === null ? 'stays, in no stage' : `moves to the stage "${to.label}"`
    const why = `the stage "${label}" goes; what stands in it ${where}`
    this.#warn({
      locationId,
      warning: { kind: STAGED.kind, lineage, name, why, records: { kind: 'opportunities', count } },
    })
  }

  #noteWritten({ kind, resource }: WantedKind, { decision, action, combined, isFault }: Verdict): void {
    const { locationId, lineage, name, id, mine } = decision
    const hash = combined?.hash ?? decision.hash
    if (combined === null ? action !== 'create' && action !== 'update' : isFault || hash === mine) return
    const written = { locationId, kind, lineage, name, id, hash, mine }
    this.#written.push(written)
    const key = combined === null ? decision.key : combined.key
    if (resource.isMergeTag) {
      this.#keys.add(`${locationId}/${kind}/${key}`)
      if (id !== null && key !== decision.oldKey) this.#rekeyed.push({ locationId, kind, lineage, name, id, key })
    }
    if (kind === NAMED && (combined?.key ?? decision.key) !== decision.oldKey)
      this.#namings.push({ locationId, lineage, name: combined?.name ?? name })
    if (combined === null && mine !== null && Object.keys(resource.parts).length > 0) this.#replaced.push(written)
    if (this.#fresh.has(hash)) return
    const text = this.#identities.texts.get(hash)
    const blob =
      combined?.blobs.find((one) => one.hash === hash) ?? (text === undefined ? undefined : toBlob(text, hash))
    if (blob !== undefined) this.#fresh.set(hash, blob)
  }

  #noteParts(holder: Omit<Going, 'part' | 'what'>, { before, after }: Combined): void {
    const gone = lostParts(partsIn(before), partsIn(after))
    if (gone.length === 0) return
    addLabels(this.parts, before, holder)
    for (const part of gone) this.#going.push({ ...holder, part, what: subjectOf(this.parts, part) })
  }

  #warn({ locationId, warning }: Told): void {
    const warnings = this.#warnings.get(locationId)
    if (warnings === undefined) this.#warnings.set(locationId, [warning])
    else warnings.push(warning)
  }

  /**
   * Parts that the snapshot's documents do not have. Equal pairs of documents are compared once, however many targets
   * have them.
   */
  async #noteReplaced(db: Db): Promise<void> {
    const blobs = await getBlobs(
      db,
      this.#replaced.flatMap(({ mine, hash }) => [mine as string, hash]).filter((hash) => !this.#fresh.has(hash)),
    )
    const get = (hash: string) => this.#fresh.get(hash) ?? (blobs.get(hash) as Blob)
    const memo = new Map<string, string[]>()
    for (const { mine, hash, ...holder } of this.#replaced) {
      const [before, after] = [get(mine as string), get(hash)]
      const pair = `${mine}/${hash}`
      let gone = memo.get(pair)
      if (gone === undefined) {
        gone = lostParts(before.parts, after.parts)
        memo.set(pair, gone)
        if (gone.length > 0) addLabels(this.parts, JSON.parse(before.text) as Json, holder)
      }
      for (const part of gone)
        this.#going.push({ ...holder, id: holder.id as string, part, what: subjectOf(this.parts, part) })
    }
  }

  /** By target. */
  async tell(db: Db): Promise<ReadonlyMap<string, PlanWarning[]>> {
    await this.#noteReplaced(db)
    for (const told of await tellRecords(db, this.#going, this.#nowMs)) this.#warn(told)
    const written = new Set(
      this.#going.length === 0 ? [] : this.#written.map(({ locationId, kind, id }) => `${locationId}/${kind}/${id}`),
    )
    for (const told of await tellReferences(db, this.#going, written)) this.#warn(told)
    const { resources } = this.#wanted
    const keys = { rekeyed: this.#rekeyed, coming: this.#keys, written: this.#written, fresh: this.#fresh, resources }
    for (const told of await tellMergeTags(db, { going: this.#going, ...keys })) this.#warn(told)
    for (const told of await tellLostSettings(db, { ...keys, parts: this.parts })) this.#warn(told)
    for (const told of await tellBare(db, this.#namings, goneOf(this.#going))) this.#warn(told)
    for (const told of await this.#findMissing(db)) this.#warn(told)
    await this.#tellOthers(db)
    return this.#warnings
  }

  async #findMissing(db: Db): Promise<Told[]> {
    const { names } = this.#identities
    const present = this.#present
    const missing = await findMissing(db, {
      written: this.#written,
      fresh: this.#fresh,
      gone: goneOf(this.#going),
      arriving: present.arriving,
      isUnlinked: (locationId, ref) => this.#identities.turns.leaves(locationId, ref),
      names,
      holders: holdersIn(this.#wanted.resources),
      isSure: (locationId, ref) => present.isSure(locationId, ref),
      findSureParts: (parts) => present.findSureParts(db, parts),
    })
    return tellMissing(db, missing, {
      deed: 'this push',
      snapshotId: this.#wanted.snapshotId,
      names: new Map(this.#wanted.entries.map((entry) => [`${entry.kind}:${entry.lineage}`, entry.name])),
      parts: this.parts,
      own: names,
      nounOf: (kind) => this.#wanted.resources.get(kind)?.noun ?? kind,
      explain: (locationId, ref) => present.explain(locationId, ref),
      explainPart: (locationId, part) => present.explainPart(locationId, part),
      unknown: 'which neither the snapshot nor the sub-account has',
    })
  }

  /** Two snapshots that meet in one asset take turns at it, or stay in conflict: whoever pushes should know. */
  async #tellOthers(db: Db): Promise<void> {
    if (this.#met.length === 0) return
    const { snapshotId } = this.#wanted
    const [other] = await query(
      db,
      sql`select 1 from snapshot s join snapshot o on o.agency_id = s.agency_id and o.id <> s.id
        where s.id = ${snapshotId} and exists (select 1 from push p where p.snapshot_id = o.id) limit 1`,
    )
    if (other === undefined) return
    const locationIds = [...new Set(this.#met.map((met) => met.locationId))]
    const undone = await readUndoneNames(db, { beside: snapshotId, locationIds })
    const rows = await query(
      db,
      sql<{ index: number; name: string; version: number }>`
        with met as materialized (
          select m.index, m.hash, a.location_id, a.kind, a.id, a.lineage
          from unnest(${texts(this.#met.map((m) => m.locationId))}, ${texts(this.#met.map((m) => m.kind))},
            ${texts(this.#met.map((m) => m.id))}, ${texts(this.#met.map((m) => m.hash))})
            with ordinality m(location_id, kind, id, hash, index)
          join asset a on a.location_id = m.location_id and a.kind = m.kind and a.id = m.id
        )
        select distinct (a.index - 1)::int as index, h.name, h.version from met a
        cross join lateral (
          select * from ${heldElsewhereSql(snapshotId, { hasBrought: true, undone })} held
          union select * from ${broughtElsewhereSql(snapshotId)} brought
        ) h
        where h.hash <> decode(a.hash, 'hex') order by 1, 2, 3`,
    )
    for (const { index, name: other, version } of rows) {
      const { locationId, kind, lineage, name } = this.#met[index] as Met
      this.#warn({
        locationId,
        warning: {
          kind,
          lineage,
          name,
          why: `the snapshot "${other}", version ${version}, brought another version of it`,
        },
      })
    }
  }
}
