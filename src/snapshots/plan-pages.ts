import { createHash } from 'node:crypto'
import { invalid } from '../errors.ts'
import { canonicalJson } from '../store/hash.ts'
import type { Action } from './options.ts'
import type { PlannedTarget as Planned, PlannedAsset } from './planner.ts'
import type { Places } from './target-order.ts'

type PlannedTarget = Omit<Planned, 'digest'>

/** An equal change of one asset in some targets. */
export interface PlanGroup {
  /** Equal changes, equal key: also on another page and in a later plan. */
  key: string
  kind: string
  lineage: string
  name: string
  action: Action
  fields: NonNullable<PlannedAsset['fields']>
  /** Without what differs between the targets: ids read `…`. */
  reason?: string
  conflict?: string
  /** How many targets. */
  locations: number
  /** The first of them, in the order of targets. */
  sample: string[]
}

export interface PlanFilter {
  limit: number
  /** Where the page before ended. */
  after?: string | undefined
  /** What stays as it is is listed, too. */
  unchanged?: boolean | undefined
  locationId?: string | undefined
  kind?: string | undefined
  action?: string | undefined
  /** The order of targets, and which of them are listed. Undefined: all, by their ids. */
  places?: Places | undefined
}

export interface PlanPageResult {
  targets: PlannedTarget[]
  groups: PlanGroup[]
  /** Changes that no listed group holds; they stand in the lines of their targets like all others. */
  ungrouped: number
  after: string | null
}

const SAMPLES = 5
/** More groups than anybody reads. A change that is made everywhere is among the first that are met. */
const MOST_GROUPS = 1_000
/** Names of one asset that are counted. */
const MOST_NAMES = 20
/** Characters by which a group is found as they are; of more their digest, which costs more than looking. */
const MOST_TEXT = 500
/** More targets than there can be. */
const PLACE_DIGITS = 9

interface Line {
  key: string
  /** What the page after this line is asked for by: it names a target, wherever that stands by then. */
  cursor: string
  target: Omit<PlannedTarget, 'assets'>
  /** Null: the target has nothing to list. */
  asset: PlannedAsset | null
}

/**
 * One page of a plan, fed target by target, in any order. Lines are sorted by target, kind and lineage. A target
 * without any line takes the place of one, so that every target is on some page. Memory is that of a page and of the
 * groups, however large the fleet is.
 */
export class PlanPage {
  readonly #filter: PlanFilter
  readonly #groups = new Map<string, Group>()
  /** One line more than the page holds tells that there is another page. */
  #lines: Line[] = []
  #ungrouped = 0
  /** Nothing behind this key can be on the page any more. */
  #bound: string | null = null
  /** Where the page before ended. */
  readonly #after: string | null

  constructor(filter: PlanFilter) {
    this.#filter = filter
    this.#after = filter.after === undefined ? null : this.#keyOf(...cut(filter.after))
  }

  add({ assets, ...target }: PlannedTarget): void {
    const { locationId } = target
    const { locationId: only, places } = this.#filter
    if ((only !== undefined && locationId !== only) || places?.get(locationId)?.isListed === false) return
    let listed = 0
    for (const asset of assets) {
      if (!this.#isWanted(asset)) continue
      listed++
      if (asset.action !== 'unchanged') this.#group(locationId, asset)
      this.#keep({ ...this.#at(locationId, `${asset.kind}:${asset.lineage}`), target, asset })
    }
    const isWhole = this.#filter.kind === undefined && this.#filter.action === undefined
    if (listed === 0 && isWhole) this.#keep({ ...this.#at(locationId, ':'), target, asset: null })
  }

  result(): PlanPageResult {
    const { limit } = this.#filter
    this.#cut()
    const page = this.#lines.slice(0, limit)
    const targets = [...Map.groupBy(page, (line) => line.target)].map(([target, lines]) => ({
      ...target,
      assets: lines.flatMap(({ asset }) => (asset === null ? [] : [asset])),
    }))
    const groups = [...this.#groups.values()]
      .map(named)
      .sort((a, b) => b.locations - a.locations || compare(a.kind, b.kind) || compare(a.key, b.key))
    return {
      targets,
      groups,
      ungrouped: this.#ungrouped,
      after: this.#lines.length > limit ? (page.at(-1)?.cursor ?? null) : null,
    }
  }

  #isWanted({ kind, action }: PlannedAsset): boolean {
    if (action === 'unchanged' && !(this.#filter.unchanged || this.#filter.action === 'unchanged')) return false
    return (
      (this.#filter.kind === undefined || this.#filter.kind === kind) &&
      (this.#filter.action === undefined || this.#filter.action === action)
    )
  }

  #at(locationId: string, rest: string) {
    return { key: this.#keyOf(locationId, rest), cursor: `${locationId}:${rest}` }
  }

  /** Ids hold no colon, so that keys sort as their parts do. */
  #keyOf(locationId: string, rest: string): string {
    return `${this.#placeOf(locationId)}:${rest}`
  }

  #placeOf(locationId: string): string {
    const { places } = this.#filter
    if (places === undefined) return locationId
    const place = places.get(locationId)
    if (place === undefined) throw invalid(['after should be what the page before has answered'])
    return String(place.number).padStart(PLACE_DIGITS, '0')
  }

  #keep(line: Line): void {
    if (this.#after !== null && compare(line.key, this.#after) <= 0) return
    if (this.#bound !== null && compare(line.key, this.#bound) >= 0) return
    this.#lines.push(line)
    if (this.#lines.length > 2 * (this.#filter.limit + 1)) this.#cut()
  }

  #cut(): void {
    this.#lines.sort((a, b) => compare(a.key, b.key))
    this.#lines.length = Math.min(this.#lines.length, this.#filter.limit + 1)
    if (this.#lines.length > this.#filter.limit) this.#bound = this.#lines.at(-1)?.key ?? null
  }

  #group(locationId: string, asset: PlannedAsset): void {
    const text = textOf(asset)
    const short = text.length > MOST_TEXT ? digestOf(text) : text
    const known = this.#groups.get(short)
    if (known !== undefined) {
      known.locations++
      const times = known.names.get(asset.name)
      if (times !== undefined || known.names.size < MOST_NAMES) known.names.set(asset.name, (times ?? 0) + 1)
      const byPlace = (one: string, other: string) => compare(this.#placeOf(one), this.#placeOf(other))
      if (known.sample.length < SAMPLES || byPlace(locationId, known.sample.at(-1) as string) < 0)
        known.sample = [...known.sample, locationId].sort(byPlace).slice(0, SAMPLES)
      return
    }
    if (this.#groups.size >= MOST_GROUPS) {
      this.#ungrouped++
      return
    }
    const { kind, lineage, name, action, fields = [], reason, conflict } = asset
    const shape = reason === undefined ? {} : { reason: shapeOf(reason) }
    const key = digestOf(text)
    const what = conflict === undefined ? {} : { conflict }
    const group = { key, kind, lineage, action, fields, ...shape, ...what, locations: 1, sample: [locationId] }
    this.#groups.set(short, { ...group, names: new Map([[name, 1]]) })
  }
}

interface Group extends Omit<PlanGroup, 'name'> {
  /** What the asset is called in these targets: how often. */
  names: Map<string, number>
}

/** It bears the name that most of them have for the asset. */
function named({ names, ...group }: Group): PlanGroup {
  const [name = ''] = [...names].reduce((best, next) => (next[1] > best[1] ? next : best), ['', 0])
  return { ...group, name }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** A cursor: the target, and its line. */
function cut(after: string): [locationId: string, rest: string] {
  const [locationId = '', ...rest] = after.split(':')
  return [locationId, rest.join(':')]
}

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b(?:[0-9a-f]{24}|[A-Za-z0-9]{20})\b/g

/** A reason without the ids in it, which each target has of its own. */
function shapeOf(reason: string): string {
  return reason.replace(ID, '…')
}

/** Of equal changes: the same text. */
function textOf({ kind, lineage, action, fields, reason, conflict = '' }: PlannedAsset): string {
  const shape = reason === undefined ? null : shapeOf(reason)
  const text = fields === undefined || fields.length === 0 ? '[]' : canonicalJson(fields)
  return JSON.stringify([kind, lineage, action, shape, conflict]) + text
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22)
