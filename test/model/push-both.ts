import { setTimeout as pause } from 'node:timers/promises'
import type { Action } from './actions.ts'
import { copy, nameOf, same } from './document.ts'
import { type Place, pairOf, reach, type Snapshot } from './model.ts'
import { type Line, type Options, type Outcome, push } from './push.ts'
import { rollBack } from './roll-back.ts'
import { insist, type Push, type World } from './run.ts'

type Of<Verb extends Action['do']> = Extract<Action, { do: Verb }>

const OUTCOMES: Record<string, Outcome> = {
  create: 'created',
  update: 'updated',
  merge: 'merged',
  unchanged: 'unchanged',
  keep: 'kept',
  conflict: 'conflict',
  ambiguous: 'ambiguous',
  delete: 'deleted',
  release: 'released',
  skip: 'skipped',
}
const PATIENCE_MS = 30_000

interface Told {
  kind: string
  lineage: string
  id?: string | null
  name: string
  outcome: string
  reason?: string
}

interface Warning {
  kind: string
  lineage: string
}

interface Planned {
  hash: string
  told: Map<string, Told[]>
  warnings: Map<string, Warning[]>
}

type Totals = { [outcome: string]: number }
const counted = (totals: Totals): Totals => Object.fromEntries(Object.entries(totals).filter(([, count]) => count > 0))
function sumOf(words: readonly string[]): Totals {
  const sum: Totals = {}
  for (const word of words) sum[word] = (sum[word] ?? 0) + 1
  return sum
}

export async function performPush(world: World, action: Of<'push'>): Promise<boolean> {
  const snapshot = world.snapshots.get(action.snapshot)
  const version = action.version ?? snapshot?.versions.length ?? 0
  if (snapshot === undefined || snapshot.isDropped || version > snapshot.versions.length) return false
  const options = possibleOptions(world, snapshot, version, action)
  if (options === null) return false
  const optionsAt = (at: string): Options => ({ ...options, matches: at === action.matchesAt ? options.matches : [] })
  const request = (at: string) => ({ snapshot, version, options: optionsAt(at), snapshots: [...world.snapshots.values()] })
  const body = toBody(world, action, { snapshot, version, options })
  const plan = await readPlan(world, snapshot, body)
  for (const at of action.to) {
    const lines = push(copy(world.place(at)), request(at))
    comparePlan(world, at, lines, plan.told.get(world.wire(at).locationId) ?? [])
  }
  if (
    action.hash === 'stale' &&
    (await touchOne(world, action.to[0] as string, push(copy(world.place(action.to[0] as string)), request(action.to[0] as string))))
  ) {
    const refused = await world.agency('post', `/${world.snapshotIds.get(snapshot.name)}/push`, { ...body, planHash: plan.hash })
    insist(refused.status === 409, `a push with a stale plan is answered ${refused.status}`)
    return true
  }
  const hash = action.hash === 'fresh' ? { planHash: plan.hash } : {}
  const reply = await world.agency('post', `/${world.snapshotIds.get(snapshot.name)}/push`, { ...body, ...hash })
  insist(reply.status === 202, `pushing ${snapshot.name}: ${reply.status} ${JSON.stringify(reply.body)}`)
  const done: Push = {
    name: action.as,
    id: reply.body.push.id,
    snapshot: snapshot.name,
    traces: new Map(),
    lines: new Map(),
    report: '',
    isRolledBack: false,
    reverts: null,
  }
  world.pushes.set(done.name, done)
  const reports = await ended(world, done, action.to)
  for (const at of action.to) {
    const place = world.place(at)
    const before = copy(place)
    compareWarnings(world, at, { snapshot, version, options }, plan.warnings.get(world.wire(at).locationId) ?? [])
    const lines = push(place, request(at))
    done.traces.set(at, { before, after: copy(place) })
    done.lines.set(at, lines)
    const told = reports.get(at) as Told[]
    compareLines(world, `push ${action.as} to ${at}`, lines, told)
    const planned = plan.told.get(world.wire(at).locationId) ?? []
    if (action.hash !== 'stale') comparePlanned(`push ${action.as} to ${at}`, planned, told)
    for (const { own, incoming } of lines) {
      const id = told.find(({ lineage, outcome }) => lineage === world.lineages.get(incoming) && outcome !== 'ambiguous')?.id
      if (typeof id === 'string' && place.assets.get(own)?.alive) world.tie(at, own, id)
    }
    for (const { token, kind } of place.assets.values()) world.kinds.set(token, kind)
  }
  return true
}

/** Snapshots that share a lineage share its base: the plan says who brought the other version that it is about to replace. */
function compareWarnings(
  world: World,
  at: string,
  { snapshot, version, options }: { snapshot: Snapshot; version: number; options: Options },
  told: readonly Warning[],
): void {
  const place = world.place(at)
  for (const { token, kind, content } of snapshot.versions[version - 1]?.entries ?? []) {
    const asset = reach(place, token)
    const pair = asset && pairOf(place, token, asset.token)
    const other = world.snapshots.get(pair?.snapshot ?? '')
    if (!pair?.base || other === undefined || other === snapshot || other.isDropped || same(pair.base, content) || !(options.only?.includes(token) ?? true))
      continue
    const isTold = told.some((warning) => warning.kind === kind && warning.lineage === world.lineages.get(token))
    insist(isTold, `the plan for ${at} does not say that ${other.name} brought another version of ${kind} ${token}`)
  }
}

/** What the action says of things that still exist. */
function possibleOptions(world: World, snapshot: Snapshot, version: number, { options, matchesAt }: Of<'push'>): Options | null {
  const tokens = new Set((snapshot.versions[version - 1]?.entries ?? []).map(({ token }) => token))
  const only = options.only?.filter((token) => tokens.has(token)) ?? null
  if (only?.length === 0) return null
  const place = world.place(matchesAt)
  const matches = options.matches.filter(({ incoming, own }) => {
    const isThere = own === null || (place.assets.get(own)?.alive && !tokens.has(own))
    return tokens.has(incoming) && isThere && (only?.includes(incoming) ?? true)
  })
  return { ...options, only, matches, policies: options.policies.filter(({ token }) => token === undefined || tokens.has(token)) }
}

function toBody(world: World, action: Of<'push'>, { snapshot, version, options }: { snapshot: Snapshot; version: number; options: Options }) {
  const lineage = (token: string) => world.lineages.get(token) as string
  const kindOf = (token: string) => (snapshot.versions[version - 1]?.entries ?? []).find((entry) => entry.token === token)?.kind as string
  const { policy, policies, deletions, matches, only } = options
  return {
    locationIds: isAll(world, snapshot, action.to) ? 'all' : action.to.map((at) => world.wire(at).locationId),
    ...(action.version === null ? {} : { version }),
    ...(policy === 'merge' ? {} : { policy }),
    ...(policies.length === 0
      ? {}
      : { policies: Object.fromEntries(policies.map((one) => [one.token === undefined ? one.kind : `${one.kind}/${lineage(one.token)}`, one.policy])) }),
    ...(deletions === false ? {} : { deletions }),
    ...(matches.length === 0 ? {} : { matches: matches.map(({ incoming, own }) => toMatch(world, action.matchesAt, kindOf(incoming), incoming, own)) }),
    ...(only === null ? {} : { only: only.map((token) => ({ kind: kindOf(token), lineage: lineage(token) })) }),
  }
}

/** "all" leaves out the source. */
const isAll = (world: World, { place }: Snapshot, to: readonly string[]) => to.length > 1 && to.length === world.places.size - 1 && !to.includes(place)

const toMatch = (world: World, at: string, kind: string, incoming: string, own: string | null) => ({
  kind,
  lineage: world.lineages.get(incoming),
  locationId: world.wire(at).locationId,
  id: own === null ? null : world.id(at, own),
})

async function readPlan(world: World, snapshot: Snapshot, body: object): Promise<Planned> {
  const path = `/${world.snapshotIds.get(snapshot.name)}/plan`
  let reply = await world.agency('post', `${path}?unchanged=true&limit=1000`, body)
  // Before plans had pages they listed everything.
  if (reply.status === 422) reply = await world.agency('post', path, body)
  insist(reply.status === 200, `planning ${snapshot.name}: ${reply.status} ${JSON.stringify(reply.body)}`)
  const { plan } = reply.body
  const targets = plan.targets as { locationId: string; totals: Totals; assets: (Told & { action: string })[]; warnings?: Warning[] }[]
  for (const { totals, assets, locationId } of targets) {
    const sum = sumOf(assets.map(({ action }) => action))
    insist(
      same({ ...sum, unchanged: 0 }, { ...counted(totals), unchanged: 0 }),
      `the plan for ${locationId} totals ${JSON.stringify(totals)}, its lines ${JSON.stringify(sum)}`,
    )
  }
  const told = targets.map(
    ({ locationId, assets }) => [locationId, assets.map((line) => ({ ...line, outcome: OUTCOMES[line.action] ?? line.action }))] as const,
  )
  return { hash: plan.hash, told: new Map(told), warnings: new Map(targets.map(({ locationId, warnings }) => [locationId, warnings ?? []])) }
}

const comparePlan = (world: World, at: string, lines: readonly Line[], told: readonly Told[]) => compareLines(world, `the plan for ${at}`, lines, told)

function compareLines(world: World, what: string, lines: readonly Line[], told: readonly Told[]): void {
  const left = new Map(told.map((line) => [`${line.kind}/${line.lineage}`, line]))
  insist(left.size === told.length, `${what} has a line twice: ${JSON.stringify(told)}`)
  for (const { kind, incoming, outcomes } of lines) {
    const key = `${kind}/${world.lineages.get(incoming)}`
    const line = left.get(key)
    left.delete(key)
    if (line === undefined && outcomes.some((outcome) => ['unchanged', 'kept'].includes(outcome))) continue
    insist(line !== undefined, `${what} says nothing of ${kind} ${incoming}, expected: ${outcomes.join(' or ')}`)
    insist(
      outcomes.includes(line.outcome as Outcome),
      `${what} says ${line.outcome} of ${kind} "${line.name}" ${incoming}${line.reason === undefined ? '' : ` (${line.reason})`}, expected: ${outcomes.join(' or ')}`,
    )
  }
  const strange = [...left.values()].filter(({ outcome }) => !['unchanged', 'kept'].includes(outcome))
  insist(strange.length === 0, `${what} has lines that should not be there: ${JSON.stringify(strange)}`)
}

function comparePlanned(what: string, planned: readonly Told[], told: readonly Told[]): void {
  const outcomes = new Map(told.map(({ kind, lineage, outcome }) => [`${kind}/${lineage}`, outcome]))
  for (const { kind, lineage, name, outcome } of planned) {
    const became = outcomes.get(`${kind}/${lineage}`)
    insist(became === outcome || (became === undefined && outcome === 'unchanged'), `${what}: ${kind} "${name}" was planned as ${outcome} and is ${became}`)
  }
}

/** Waits for the end, and reads what became of every asset. */
async function ended(world: World, done: Push, to: readonly string[]): Promise<Map<string, Told[]>> {
  const deadline = Date.now() + PATIENCE_MS
  for (let waitMs = 2; ; waitMs = Math.min(25, waitMs * 1.5)) {
    const { body } = await world.agency('get', `/pushes/${done.id}`)
    if (!['pending', 'processing'].includes(body.push.status)) {
      const reports = new Map<string, Told[]>()
      for (const at of to) reports.set(at, (await readTarget(world, done, at)).assets)
      const failed = [...reports.values()].flat().filter(({ outcome }) => outcome === 'failed')
      insist(body.push.status === 'completed', `push ${done.name} is ${body.push.status}: ${JSON.stringify(failed)}`)
      const sum = sumOf([...reports.values()].flat().map(({ outcome }) => outcome))
      const counts = counted(body.push.totals)
      insist(same(sum, counts), `push ${done.name} totals ${JSON.stringify(counts)}, its lines ${JSON.stringify(sum)}`)
      done.report = await readReport(world, done, to)
      return reports
    }
    insist(Date.now() < deadline, `push ${done.name} does not end`)
    await pause(waitMs)
  }
}

const readTarget = async (world: World, { id }: Push, at: string) =>
  (await world.agency('get', `/pushes/${id}/targets/${world.wire(at).locationId}`)).body.target as { assets: Told[]; totals: object }

async function readReport(world: World, done: Push, to: readonly string[]): Promise<string> {
  const targets = await Promise.all(to.map((at) => readTarget(world, done, at)))
  return JSON.stringify(targets.map(({ assets, totals }) => [assets.map((line) => JSON.stringify(line)).sort(), totals]))
}

/** What a push did is said once and for all. */
export async function compareReport(world: World, done: Push): Promise<void> {
  if (done.report === '') return
  const now = await readReport(world, done, [...done.traces.keys()])
  insist(now === done.report, `the report of ${done.name} has changed\n  from ${done.report}\n  to   ${now}`)
}

/** Somebody edits what the plan is about. False: it is about nothing. */
async function touchOne(world: World, at: string, lines: readonly Line[]): Promise<boolean> {
  const place: Place = world.place(at)
  const line = lines.find(({ own, outcomes }) => ['updated', 'merged', 'conflict'].includes(outcomes[0] as string) && place.assets.get(own)?.alive)
  const asset = line && place.assets.get(line.own)
  if (asset === undefined || asset.kind === 'associations') return false
  const { perform } = await import('./perform.ts')
  const name = `${nameOf(asset.kind, asset.content).slice(0, 20)} ${world.number}`
  return perform(world, { do: 'edit', at, token: asset.token, changes: [{ set: ['name'], value: name }] })
}

export async function performRollBack(world: World, { as, push: name, override }: Of<'rollback'>): Promise<boolean> {
  const undone = world.pushes.get(name)
  if (undone === undefined || !world.canRollBack(undone)) return false
  const reply = await world.agency('post', `/pushes/${undone.id}/rollback`, override ? { override } : {})
  insist(reply.status === 202, `rolling back ${name}: ${reply.status} ${JSON.stringify(reply.body)}`)
  const done: Push = {
    name: as,
    id: reply.body.push.id,
    snapshot: undone.snapshot,
    traces: new Map(),
    lines: new Map(),
    report: '',
    isRolledBack: false,
    reverts: undone,
  }
  world.pushes.set(as, done)
  const reports = await ended(world, done, [...undone.traces.keys()])
  for (const [at, trace] of undone.traces) {
    const place = world.place(at)
    const told = new Map((reports.get(at) ?? []).map((line) => [line.id, line]))
    const toldOf = (own: string) => told.get(world.id(at, own))?.outcome as Outcome | undefined
    const before = copy(place)
    const lines = rollBack(place, trace, override, toldOf)
    done.traces.set(at, { before, after: copy(place) })
    done.lines.set(at, lines)
    for (const { own, kind, outcomes } of lines) {
      const outcome = toldOf(own)
      insist(
        outcome === undefined ? outcomes.includes('unchanged') : outcomes.includes(outcome),
        `roll-back ${as} of ${name} in ${at} says ${outcome} of ${kind} ${own} (${told.get(world.id(at, own))?.reason ?? ''}), expected: ${outcomes.join(' or ')}`,
      )
    }
  }
  undone.isRolledBack = true
  if (undone.reverts !== null) undone.reverts.isRolledBack = false
  return true
}
