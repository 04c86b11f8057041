import type { Reply } from '../support/client.ts'
import { createClient } from '../support/client.ts'
import type { TestServer } from '../support/server.ts'
import { createAgency } from '../support/tenants.ts'
import type { Action } from './actions.ts'
import { Chance } from './chance.ts'
import { type Document, HERE, isAsset, mapTexts, type Value } from './document.ts'
import { type Feature, isDense } from './features.ts'
import type { Inbox } from './inbox.ts'
import { newPlace, type Place, type Snapshot, type Version } from './model.ts'
import type { Line } from './request.ts'
import type { Trace } from './roll-back.ts'
import { Wire } from './wire.ts'
import { STRANGE } from './words.ts'

/** The product broke a promise, or the model is wrong about one. */
export class Broken extends Error {}

export function insist(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Broken(message)
}

/** A push that has ended: what it did to each target, and what its report said. */
export interface Push {
  name: string
  id: string
  snapshot: string
  traces: Map<string, Trace>
  lines: Map<string, Line[]>
  report: string
  isRolledBack: boolean
  reverts: Push | null
  /** A roll-back of single assets alone. */
  isPartial: boolean
  /** What a roll-back left as it was: place -> own lineage -> why. */
  kept: Map<string, Map<string, string>>
  /** What it has undone: place -> own lineages. */
  undid: Map<string, Set<string>>
  /** What waited of the snapshot before it. */
  inbox: Inbox | null
}

export interface Record {
  name: string
  id: string
  at: string
  /** Tags of a contact, or pipeline and stage of a deal. */
  tags?: string[] | undefined
  /** Tags that are gone, and what they were called. */
  left?: Map<string, string>
  pipeline?: string
  stage?: string
  /** The stage that a push took it from. */
  cameFrom?: string
}

export interface WorldOptions {
  seed: number
  features: ReadonlySet<Feature>
  server: TestServer
}

/** One agency: its model, its HTTP side, and what ties them together. */
export class World {
  readonly chance: Chance
  readonly features: ReadonlySet<Feature>
  readonly places = new Map<string, Place>()
  readonly snapshots = new Map<string, Snapshot>()
  readonly pushes = new Map<string, Push>()
  /** What a roll-back has kept: `location kind lineage`. */
  readonly kept = new Set<string>()
  readonly records = new Map<string, Record>()
  /** Steps that follow each other, each drawn when its turn comes. */
  readonly queue: (() => Action | null)[] = []
  /** Number of the action under way. */
  number = 0
  readonly wires = new Map<string, Wire>()
  readonly snapshotIds = new Map<string, string>()
  /** Token -> its lineage as the product writes it: the id where it was born. */
  readonly lineages = new Map<string, string>()
  readonly kinds = new Map<string, string>()
  readonly #ids = new Map<string, Map<string, string>>()
  readonly #tokens = new Map<string, Map<string, string>>()
  readonly #server: TestServer
  readonly #roots = new Map<string, { root: string; rawRoot: string }>()
  readonly #contents = new Map<string, { content: string; rawRoot: string }>()
  #agency!: { companyId: string; token: string }

  constructor({ seed, features, server }: WorldOptions) {
    this.chance = new Chance(seed)
    this.features = isDense(seed) ? features : features.difference(new Set<Feature>(['dense']))
    this.#server = server
  }

  async open(): Promise<this> {
    const count =
      2 + (this.features.has('chains') && !this.features.has('dense') ? this.chance.below(5) : this.chance.below(2))
    const agency = await createAgency(this.#server.app, { locations: count })
    this.#agency = agency
    for (const [index, location] of agency.locations.entries()) {
      const name = `l${index}`
      this.places.set(name, newPlace(name))
      this.wires.set(name, new Wire(this.#server.url, location))
      this.#ids.set(name, new Map([[HERE, location.id]]))
      this.#tokens.set(name, new Map([[location.id, HERE]]))
    }
    return this
  }

  place = (name: string): Place => this.places.get(name) as Place
  wire = (name: string): Wire => this.wires.get(name) as Wire
  livingSnapshots = (): Snapshot[] => [...this.snapshots.values()].filter(({ isDropped }) => !isDropped)

  /**
   * Rolling back pushes out of order means something only where they do not overlap: that is left to people. A push and
   * its roll-back, which has kept nothing, are as if they had never been.
   */
  canRollBack(push: Push): boolean {
    if (push.isRolledBack) return false
    const later = [...this.pushes.values()].slice([...this.pushes.values()].indexOf(push) + 1)
    const isCancelled = ({ reverts, kept, isPartial }: Push) =>
      (reverts !== null && later.includes(reverts) && kept.size === 0) || (reverts === push && isPartial)
    return !later.some(
      (other) =>
        !other.isRolledBack && !isCancelled(other) && [...other.traces.keys()].some((at) => push.traces.has(at)),
    )
  }

  /** A push that is under way. */
  begin(push: Pick<Push, 'name' | 'id' | 'snapshot' | 'reverts' | 'inbox'>): Push {
    const begun = {
      ...push,
      traces: new Map(),
      lines: new Map(),
      report: '',
      isRolledBack: false,
      isPartial: false,
      kept: new Map(),
      undid: new Map(),
    }
    this.pushes.set(push.name, begun)
    return begun
  }

  /** Properties that no request can change. */
  fixed(kind: string): ReadonlySet<string> {
    const changeable = this.wire('l0').changeable(kind)
    const never = ['dataType', 'model', 'fieldKey', 'type', 'conditions']
    return new Set(changeable === undefined ? never : [...never, ...ALL.filter((name) => !changeable.includes(name))])
  }

  /** A request of the agency about snapshots. 5xx is never right. */
  async agency(method: 'get' | 'post' | 'delete', path: string, body?: unknown): Promise<Reply> {
    const client = createClient(this.#server.url, this.#agency.token)
    const reply = await client[method](
      `/snapshots${path}${path.includes('?') ? '&' : '?'}companyId=${this.#agency.companyId}`,
      body,
    )
    return this.sound(reply, `${method.toUpperCase()} /snapshots${path}`)
  }

  sound(reply: Reply, what: string): Reply {
    insist(reply.status < 500, `${what} answers ${reply.status}: ${JSON.stringify(reply.body)?.slice(0, 500)}`)
    insist(
      !JSON.stringify(reply.body ?? '')
        .replaceAll(STRANGE, '')
        .includes('⟦'),
      `${what} shows internal markup: ${JSON.stringify(reply.body).slice(0, 1500)}`,
    )
    return reply
  }

  /** Same content, same root; another content, another root. */
  noteRoot(snapshot: string, root: string): void {
    const { root: content, rawRoot } = (this.snapshots.get(snapshot) as Snapshot).versions.at(-1) as Version
    const [known, other] = [this.#roots.get(content), this.#contents.get(root)]
    insist(
      known === undefined || known.root === root || known.rawRoot !== rawRoot,
      `${snapshot} has the root ${root}, and the same content had ${known?.root}`,
    )
    insist(
      other === undefined || other.content === content || other.rawRoot === rawRoot,
      `${snapshot} has the root ${root}, which other content had`,
    )
    this.#roots.set(content, { root, rawRoot })
    this.#contents.set(root, { content, rawRoot })
  }

  id = (at: string, token: string): string | undefined => this.#ids.get(at)?.get(token)
  token = (at: string, id: string): string | undefined => this.#tokens.get(at)?.get(id)
  idsOf = (at: string): ReadonlyMap<string, string> => this.#ids.get(at) as Map<string, string>

  /** From now on this is the id of the token here, for life. */
  tie(at: string, token: string, id: string): void {
    const [known, other] = [this.id(at, token), this.token(at, id)]
    insist(known === undefined || known === id, `${token} in ${at} had the id ${known} and now has ${id}`)
    insist(other === undefined || other === token, `${id} in ${at} was ${other} and now is ${token}`)
    this.#ids.get(at)?.set(token, id)
    this.#tokens.get(at)?.set(id, token)
    if (!this.lineages.has(token)) this.lineages.set(token, id)
  }

  /** A document as the location's callers write it. */
  toWire(at: string, document: Document, isAlive: (token: string) => boolean): Document {
    const written = (token: string) => {
      const id = this.id(at, token)
      if (token === HERE || (id !== undefined && isAlive(token))) return id as string
      if (!this.lineages.has(token)) return token.slice(1, -1)
      return `missing:${isAsset(token) ? this.kinds.get(token) : 'part'}:${this.lineages.get(token)}`
    }
    return mapTexts(document, (text) => text.replace(/‹[^›]*›/g, written)) as Document
  }

  /** A document of an answer with every known id of the location replaced. */
  fromWire(at: string, document: Value): Value {
    let text = JSON.stringify(document)
    for (const [id, token] of this.#tokens.get(at) ?? []) text = text.replaceAll(id, token)
    return JSON.parse(text) as Value
  }
}

/** Properties of the kinds that do not take every change. */
const ALL = [
  'name',
  'placeholder',
  'position',
  'picklistOptions',
  'parentId',
  'value',
  'default',
  'key',
  'firstObjectLabel',
  'firstObjectKey',
  'secondObjectLabel',
  'secondObjectKey',
  'html',
  'subject',
  'previewText',
  'title',
  'updatedBy',
  'resourceType',
  'isActive',
  'description',
  'capacity',
  'calendarIds',
]
