import assert from 'node:assert/strict'
import { after } from 'node:test'
import { OUTCOME_OF } from '../../src/snapshots/options.ts'
import { type Actor, newLocation, readAll, type StoredAsset, type Story } from './stories.ts'

/** One asset in a plan or a report. */
export interface Line {
  kind: string
  lineage: string
  name: string
  /** Of a plan. */
  action: string
  /** Of a report. */
  outcome: string
  id: string | null
  reason?: string
  // biome-ignore lint/suspicious/noExplicitAny: each test asserts on what it reads
  [name: string]: any
}

export type Counts = Record<string, number>

interface Kept {
  pushId: string
  locationId: string
  totals: Counts
  assets: Line[]
}

export interface Done {
  id: string
  status: string
  totals: Counts
  /** What the plan said before. */
  planned: Line[]
  /** What became of each asset, for the first target. */
  report: Line[]
}

/**
 * So many reports are read again after each step: of more, the latest two and some of the others in turn; all of them
 * at the end of the test.
 */
const READ_AGAIN = 4
const LATEST = 2

/**
 * An agency that distrusts its tool. Whatever it pushes or rolls back it plans before, and holds the plan against the
 * push and the report; after each step it reads earlier reports again, and looks for ids of other locations and for
 * markers in all that it is answered.
 */
export class Ledger {
  readonly #story: Story
  readonly #places: readonly Actor[]
  readonly #kept: Kept[] = []
  #turn = 0

  constructor(story: Story, ...places: Actor[]) {
    this.#story = story
    this.#places = places
    after(async () => {
      if (this.#kept.length > READ_AGAIN) await this.#readAgain(this.#kept)
    })
  }

  async push(snapshotId: string, targets: Actor | readonly Actor[], options: object = {}): Promise<Done> {
    const { agency } = this.#story
    const ids = idsOf(targets)
    const plan = await agency.plan(snapshotId, ids, options)
    const push = await agency.push(snapshotId, ids, options)
    return this.#close(plan, push, ids)
  }

  async rollback(pushId: string, targets: Actor | readonly Actor[], options: object = {}): Promise<Done> {
    const { agency } = this.#story
    const { plan } = await agency.post(`/pushes/${pushId}/rollback`, { ...options, preview: true })
    const push = await agency.rollback(pushId, options)
    return this.#close(plan, push, idsOf(targets))
  }

  /** A push that somebody else started, for example by a retry. */
  async ended(pushId: string, targets: Actor | readonly Actor[]): Promise<Done> {
    return this.#close(null, await this.#story.agency.ended(pushId), idsOf(targets))
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers of the server
  async #close(plan: any, push: any, locationIds: readonly string[]): Promise<Done> {
    const reports: Line[][] = []
    const sum: Counts = {}
    for (const locationId of locationIds) {
      const { assets, totals } = await this.#story.agency.outcomes(push.id, locationId)
      assert.deepEqual(countBy(assets), totals, 'the report adds up')
      for (const [outcome, count] of Object.entries(totals as Counts)) sum[outcome] = (sum[outcome] ?? 0) + count
      if (plan !== null) {
        const planned: Line[] =
          plan.targets.find((target: { locationId: string }) => target.locationId === locationId)?.assets ?? []
        assert.deepEqual(
          changesOf(assets),
          changesOf(planned.map((line) => ({ ...line, outcome: toOutcome(line.action) }))),
          'the report says what the plan said',
        )
      }
      reports.push(assets)
      this.#kept.push({ pushId: push.id, locationId, totals, assets })
    }
    assert.deepEqual(push.totals, sum, 'the push is the sum of its targets')
    if (plan !== null)
      assert.deepEqual(
        push.totals,
        Object.fromEntries(Object.entries(plan.totals as Counts).map(([action, n]) => [toOutcome(action), n])),
        'plan = push',
      )
    await this.check({ plan, push, reports }, locationIds)
    return { ...push, planned: plan?.targets[0]?.assets ?? [], report: reports[0] ?? [] }
  }

  /** Earlier reports read as they did; nowhere is a marker, or an id of somewhere else. */
  async check(answers: unknown = {}, locationIds: readonly string[] = []): Promise<void> {
    await this.#readAgain(this.#due())
    const owned = new Map<string, string[]>()
    const texts = new Map<string, string>()
    for (const { id } of this.#places) {
      const assets = await readAll(this.#story, id)
      owned.set(id, [id, ...assets.flatMap((asset) => [asset.id, ...partsOf(asset)])])
      texts.set(id, JSON.stringify(assets))
    }
    for (const [id, text] of texts) assertOwn(text, foreign(owned, [id]), `documents of ${id}`)
    assertOwn(
      JSON.stringify(answers, withoutLineages),
      locationIds.length === 0 ? [] : foreign(owned, locationIds),
      'plan, push and report',
    )
  }

  /** The reports of pushes that ended read as they did. */
  async #readAgain(reports: readonly Kept[]): Promise<void> {
    for (const { pushId, locationId, totals, assets } of reports) {
      const again = await this.#story.agency.outcomes(pushId, locationId)
      assert.deepEqual(
        { totals: again.totals, assets: again.assets },
        { totals, assets },
        'the report of a push that ended stays as it is',
      )
    }
  }

  #due(): readonly Kept[] {
    if (this.#kept.length <= READ_AGAIN) return this.#kept
    const earlier = this.#kept.slice(0, -LATEST)
    return [
      ...this.#kept.slice(-LATEST),
      ...Array.from({ length: READ_AGAIN - LATEST }, () => earlier[this.#turn++ % earlier.length] as Kept),
    ]
  }
}

/** Two new locations, and an agency that pushes from one to the other. */
export async function startPair(story: Story) {
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  return { agency: story.agency, source, target, ledger: new Ledger(story, source, target) }
}

const idsOf = (targets: Actor | readonly Actor[]) => [targets].flat().map(({ id }) => id)
const toOutcome = (action: string) => OUTCOME_OF[action as keyof typeof OUTCOME_OF]

function countBy(assets: readonly Line[]): Counts {
  const counts: Counts = {}
  for (const { outcome } of assets) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

const changesOf = (lines: readonly Line[]) =>
  lines
    .filter(({ outcome }) => outcome !== 'unchanged')
    .map(({ kind, lineage, name, outcome }) => `${kind} ${lineage} ${name}: ${outcome}`)
    .sort()

const foreign = (owned: ReadonlyMap<string, string[]>, except: readonly string[]) =>
  [...owned].flatMap(([id, ids]) => (except.includes(id) ? [] : ids))

function assertOwn(text: string, others: readonly string[], where: string): void {
  assert.ok(
    !text.includes('⟦'),
    `${where}: a marker stands there: ${text.slice(Math.max(0, text.indexOf('⟦') - 200), text.indexOf('⟦') + 200)}`,
  )
  const bare = text.replace(/missing:[\w:-]+/g, '')
  for (const id of others)
    assert.ok(
      !bare.includes(id),
      `${where}: ${id} belongs elsewhere: ${bare.slice(Math.max(0, bare.indexOf(id) - 200), bare.indexOf(id) + 60)}`,
    )
}

/** What names an asset of a snapshot is the snapshot's own. */
const withoutLineages = (name: string, value: unknown) =>
  name === 'lineage' || name === 'snapshotId' || name === 'key' || name === 'sample' ? undefined : value

/** Ids of parts that the server gave. */
const PART_ID = /^([A-Za-z0-9]{20}|[0-9a-f]{24}|[0-9a-f-]{36})$/

function partsOf(asset: StoredAsset): string[] {
  const found: string[] = []
  JSON.stringify(asset.document, (name, value) => {
    if (name === 'id' && typeof value === 'string' && PART_ID.test(value)) found.push(value)
    return value
  })
  return found
}

/** The lines of a kind as `name: action` or `name: outcome`, for short comparisons. */
export const told = (lines: readonly Line[], kind?: string) =>
  lines
    .filter((line) => kind === undefined || line.kind === kind)
    .map((line) => `${line.name}: ${line.outcome ?? line.action}`)

/** `kind name` -> id, of all that a location has. */
export async function idsIn(story: Story, { id }: Actor): Promise<Record<string, string>> {
  return Object.fromEntries((await readAll(story, id)).map((asset) => [`${asset.kind} ${asset.name}`, asset.id]))
}

/** Names of a kind in a location, sorted, each as often as it is there. */
export async function namesIn(story: Story, { id }: Actor, kind: string): Promise<string[]> {
  return (await readAll(story, id))
    .filter((asset) => asset.kind === kind)
    .map((asset) => asset.name)
    .sort()
}

/** What drifted, as `name: change`, in the first location that did. */
export async function driftIn({ agency }: Story, snapshotId: string, location: Actor): Promise<string[]> {
  const { drift } = await agency.get(`/${snapshotId}/drift?locationId=${location.id}`)
  return (drift[0]?.assets ?? []).map((asset: { name: string; change: string }) => `${asset.name}: ${asset.change}`)
}
