import type { Action } from './actions.ts'
import { copy, nameOf, same } from './document.ts'
import { compareAmbiguities, compareConflicts, readInbox } from './inbox.ts'
import { type Place, pairOf, reach, type Snapshot } from './model.ts'
import { dealsAt } from './people.ts'
import { push } from './push.ts'
import { compareLines, comparePlanned, counted, ended, OUTCOMES, sumOf, type Told, type Totals } from './reports.ts'
import type { Line, Options } from './request.ts'
import { insist, type World } from './run.ts'

type Of<Verb extends Action['do']> = Extract<Action, { do: Verb }>

interface Warning {
  kind: string
  lineage: string
}

interface Planned {
  hash: string
  told: Map<string, Told[]>
  warnings: Map<string, Warning[]>
}

export async function performPush(world: World, action: Of<'push'>): Promise<boolean> {
  const snapshot = world.snapshots.get(action.snapshot)
  const version = action.version ?? snapshot?.versions.length ?? 0
  if (snapshot === undefined || snapshot.isDropped || version > snapshot.versions.length) return false
  const options = possibleOptions(world, snapshot, version, action)
  if (options === null) return false
  const optionsAt = (at: string): Options => ({ ...options, matches: at === action.matchesAt ? options.matches : [] })
  const request = (at: string) => ({
    snapshot,
    version,
    options: optionsAt(at),
    snapshots: [...world.snapshots.values()],
    deals: dealsAt(world, at),
  })
  const body = toBody(world, action, { snapshot, version, options })
  const plan = await readPlan(world, snapshot, body)
  for (const at of action.to) {
    const lines = push(copy(world.place(at)), request(at))
    comparePlan(world, at, lines, plan.told.get(world.wire(at).locationId) ?? [])
  }
  const first = action.to[0] as string
  // What left the snapshot and stays for its changes stays for one more of them.
  const isIn = ({ incoming }: Line) =>
    snapshot.versions[version - 1]?.entries.some(({ token }) => token === incoming) === true
  if (
    action.hash === 'stale' &&
    (await touchOne(world, first, push(copy(world.place(first)), request(first)).filter(isIn)))
  ) {
    const refused = await world.agency('post', `/${world.snapshotIds.get(snapshot.name)}/push`, {
      ...body,
      planHash: plan.hash,
    })
    insist(refused.status === 409, `a push with a stale plan is answered ${refused.status}`)
    return true
  }
  const inbox = await readInbox(world, snapshot.name)
  const hash = action.hash === 'fresh' ? { planHash: plan.hash } : {}
  const reply = await world.agency('post', `/${world.snapshotIds.get(snapshot.name)}/push`, { ...body, ...hash })
  insist(reply.status === 202, `pushing ${snapshot.name}: ${reply.status} ${JSON.stringify(reply.body)}`)
  const done = world.begin({ name: action.as, id: reply.body.push.id, snapshot: snapshot.name, reverts: null, inbox })
  const reports = await ended(world, done, action.to)
  for (const at of action.to) {
    const place = world.place(at)
    const before = copy(place)
    const isChanged = (token: string) => touched.has(world.lineages.get(token) ?? '')
    const touched = new Set(
      (reports.get(at) as Told[])
        .filter(({ outcome }) => ['updated', 'merged', 'conflict'].includes(outcome))
        .map(({ lineage }) => lineage),
    )
    const lines = push(place, request(at))
    compareWarnings(
      world,
      before,
      { snapshot, version, lines, isChanged },
      plan.warnings.get(world.wire(at).locationId) ?? [],
    )
    done.traces.set(at, { before, after: copy(place) })
    done.lines.set(at, lines)
    const told = reports.get(at) as Told[]
    compareLines(world, `push ${action.as} to ${at}`, lines, told)
    const planned = plan.told.get(world.wire(at).locationId) ?? []
    if (action.hash !== 'stale') comparePlanned(`push ${action.as} to ${at}`, planned, told)
    await compareDealsTold(world, at, before, plan.warnings.get(world.wire(at).locationId) ?? [])
    for (const { own, incoming } of lines) {
      const id = told.find(
        ({ lineage, outcome }) => lineage === world.lineages.get(incoming) && outcome !== 'ambiguous',
      )?.id
      if (typeof id === 'string' && place.assets.get(own)?.alive) world.tie(at, own, id)
    }
    await compareConflicts(world, done, at, told)
    await compareAmbiguities(world, done, at, told)
  }
  return true
}

/**
 * Snapshots that share a lineage share its base: the plan says who brought the other version that it is about to
 * replace. What a push has left alone (skipped, say) it has not brought.
 */
function compareWarnings(
  world: World,
  place: Place,
  {
    snapshot,
    version,
    lines,
    isChanged,
  }: { snapshot: Snapshot; version: number; lines: readonly Line[]; isChanged: (token: string) => boolean },
  told: readonly Warning[],
): void {
  const owns = new Map(lines.map(({ incoming, own }) => [incoming, own]))
  for (const { token, kind, content } of snapshot.versions[version - 1]?.entries ?? []) {
    const pair = pairOf(place, token, owns.get(token) ?? '')
    const other = world.snapshots.get(pair?.snapshot ?? '')
    if (
      !isChanged(token) ||
      !place.assets.get(pair?.own ?? '')?.alive ||
      !pair?.base ||
      other === undefined ||
      other === snapshot ||
      other.isDropped ||
      same(other.versions[pair.version - 1]?.entries.find((one) => one.token === token)?.content ?? content, content)
    )
      continue
    const isTold = told.some((warning) => warning.kind === kind && warning.lineage === world.lineages.get(token))
    insist(
      isTold,
      `the plan for ${place.name} does not say that ${other.name} brought another version of ${kind} ${token}`,
    )
  }
}

/** A stage that goes while deals stand in it: the deals are moved, or the plan says so. */
async function compareDealsTold(world: World, at: string, before: Place, told: readonly Warning[]): Promise<void> {
  const stagesOf = (place: Place, pipeline: string) =>
    ((place.assets.get(pipeline)?.content.stages ?? []) as { id: string }[]).map(({ id }) => id)
  for (const { name, id, pipeline = '', stage = '', ...record } of world.records.values()) {
    if (record.at !== at || !before.assets.get(pipeline)?.alive || !stagesOf(before, pipeline).includes(stage)) continue
    if (stagesOf(world.place(at), pipeline).includes(stage)) continue
    const reply = await world.wire(at).client.get(`/opportunities/${id}`)
    const isMoved = reply.body.opportunity?.pipelineStageId !== world.id(at, stage)
    insist(
      isMoved || told.some(({ kind }) => kind === 'pipelines'),
      `deal ${name} in ${at} stands in ${stage}, which the push removed without a word in the plan`,
    )
  }
}

/** What the action says of things that still exist. */
function possibleOptions(
  world: World,
  snapshot: Snapshot,
  version: number,
  { options, matchesAt }: Of<'push'>,
): Options | null {
  const tokens = new Set((snapshot.versions[version - 1]?.entries ?? []).map(({ token }) => token))
  const only = options.only?.filter((token) => tokens.has(token)) ?? null
  if (only?.length === 0) return null
  const place = world.place(matchesAt)
  const matches = options.matches.filter(({ incoming, own }) => {
    // An asset that another entry reaches already is refused unless that one is answered, too.
    const isFree = ![...tokens].some((token) => token !== incoming && reach(place, token)?.token === own)
    const isThere = own === null || (place.assets.get(own)?.alive && !tokens.has(own) && isFree)
    return tokens.has(incoming) && isThere && (only?.includes(incoming) ?? true)
  })
  return {
    ...options,
    only,
    matches,
    policies: options.policies.filter(({ token }) => token === undefined || tokens.has(token)),
  }
}

function toBody(
  world: World,
  action: Of<'push'>,
  { snapshot, version, options }: { snapshot: Snapshot; version: number; options: Options },
) {
  const lineage = (token: string) => world.lineages.get(token) as string
  const kindOf = (token: string) =>
    (snapshot.versions[version - 1]?.entries ?? []).find((entry) => entry.token === token)?.kind as string
  const { policy, policies, deletions, matches, only } = options
  return {
    locationIds: isAll(world, snapshot, action.to) ? 'all' : action.to.map((at) => world.wire(at).locationId),
    ...(action.version === null ? {} : { version }),
    ...(policy === 'merge' ? {} : { policy }),
    ...(policies.length === 0
      ? {}
      : {
          policies: Object.fromEntries(
            policies.map((one) => [
              one.token === undefined ? one.kind : `${one.kind}/${lineage(one.token)}`,
              one.policy,
            ]),
          ),
        }),
    ...(deletions === false ? {} : { deletions }),
    ...(matches.length === 0
      ? {}
      : {
          matches: matches.map(({ incoming, own }) =>
            toMatch(world, action.matchesAt, kindOf(incoming), incoming, own),
          ),
        }),
    ...(only === null ? {} : { only: only.map((token) => ({ kind: kindOf(token), lineage: lineage(token) })) }),
  }
}

/** "all" leaves out the source. */
const isAll = (world: World, { place }: Snapshot, to: readonly string[]) =>
  to.length > 1 && to.length === world.places.size - 1 && !to.includes(place)

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
  const targets = plan.targets as {
    locationId: string
    totals: Totals
    assets: (Told & { action: string })[]
    warnings?: Warning[]
  }[]
  for (const { totals, assets, locationId } of targets) {
    const sum = sumOf(assets.map(({ action }) => action))
    insist(
      same({ ...sum, unchanged: 0 }, { ...counted(totals), unchanged: 0 }),
      `the plan for ${locationId} totals ${JSON.stringify(totals)}, its lines ${JSON.stringify(sum)}`,
    )
  }
  const told = targets.map(
    ({ locationId, assets }) =>
      [locationId, assets.map((line) => ({ ...line, outcome: OUTCOMES[line.action] ?? line.action }))] as const,
  )
  return {
    hash: plan.hash,
    told: new Map(told),
    warnings: new Map(targets.map(({ locationId, warnings }) => [locationId, warnings ?? []])),
  }
}

const comparePlan = (world: World, at: string, lines: readonly Line[], told: readonly Told[]) =>
  compareLines(world, `the plan for ${at}`, lines, told)

/** Somebody edits what the plan is about, and not only may be. False: it is about nothing. */
async function touchOne(world: World, at: string, lines: readonly Line[]): Promise<boolean> {
  const place: Place = world.place(at)
  const line = lines.find(
    ({ own, outcomes }) =>
      outcomes.every((one) => ['updated', 'merged', 'conflict'].includes(one)) && place.assets.get(own)?.alive,
  )
  const asset = line && place.assets.get(line.own)
  if (asset === undefined || asset.kind === 'associations') return false
  const { perform } = await import('./perform.ts')
  const name = `${nameOf(asset.kind, asset.content).slice(0, 20)} ${world.number}`
  return perform(world, { do: 'edit', at, token: asset.token, changes: [{ set: ['name'], value: name }] })
}
