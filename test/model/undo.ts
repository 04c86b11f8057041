import type { Action } from './actions.ts'
import { performDecide } from './decide.ts'
import { copy, same } from './document.ts'
import { compareReopened, conflictVersion, keyOf, readInbox } from './inbox.ts'
import { translate } from './incoming.ts'
import { type Entry, type Place, pairOf, pairsOf } from './model.ts'
import { openKey, reopen } from './open.ts'
import { dealsAt } from './people.ts'
import { push } from './push.ts'
import { counted, ended, OUTCOMES, sumOf, type Told, type Totals } from './reports.ts'
import type { Options, Outcome } from './request.ts'
import { rollBack, type Trace, touchedBy } from './roll-back.ts'
import { insist, type Push, type World } from './run.ts'
import { undoScope } from './undo-scope.ts'

type Of<Verb extends Action['do']> = Extract<Action, { do: Verb }>

export async function performRollBack(
  world: World,
  { as, push: name, override, only }: Of<'rollback'>,
): Promise<boolean> {
  const undone = world.pushes.get(name)
  const scope = undone && undoScope(world, undone, { override, only })
  if (undone === undefined || !scope) return false
  const inbox = await readInbox(world, undone.snapshot)
  const lineageOf = (token: string) => ({ kind: world.kinds.get(token), lineage: world.lineages.get(token) })
  const body = { ...(override && { override }), ...(only !== null && { only: only.map(lineageOf) }) }
  const preview = await world.agency('post', `/pushes/${undone.id}/rollback`, { ...body, preview: true })
  insist(preview.status === 200, `previewing a roll-back of ${name}: ${preview.status} ${JSON.stringify(preview.body)}`)
  const reply = await world.agency('post', `/pushes/${undone.id}/rollback`, body)
  insist(reply.status === 202, `rolling back ${name}: ${reply.status} ${JSON.stringify(reply.body)}`)
  const done = world.begin({ name: as, id: reply.body.push.id, snapshot: undone.snapshot, reverts: undone, inbox })
  done.isPartial = only !== null
  const reports = await ended(world, done, [...scope.keys()])
  comparePreview(`roll-back ${as} of ${name}`, preview.body.plan.totals, [...reports.values()].flat())
  for (const [at, among] of scope) {
    const place = world.place(at)
    const told = new Map((reports.get(at) ?? []).map((line) => [line.id, line]))
    const toldOf = (own: string) => told.get(world.id(at, own))?.outcome as Outcome | undefined
    const before = copy(place)
    const trace = undone.traces.get(at) as Trace
    const touched = new Set(touchedBy(trace))
    for (const { id, kind, outcome } of told.values()) {
      const own = world.token(at, id ?? '') ?? ''
      insist(
        among === null || among.has(own) || !touched.has(own),
        `roll-back ${as} of ${name} in ${at} is not about ${kind} ${own}, and says ${outcome} of it`,
      )
    }
    const lines = rollBack(place, { trace, override, among, isPartial: done.isPartial }, toldOf)
    const kept = new Map<string, string>()
    for (const { own, kind, outcomes } of lines) {
      const outcome = toldOf(own)
      const reason = told.get(world.id(at, own))?.reason ?? ''
      insist(
        outcome === undefined ? outcomes.includes('unchanged') : outcomes.includes(outcome),
        `roll-back ${as} of ${name} in ${at} says ${outcome} of ${kind} ${own} (${reason}), expected: ${outcomes.join(' or ')}`,
      )
      if (outcome === 'kept') kept.set(own, reason)
    }
    reopen(place, trace, { among, kept: new Set(kept.keys()) })
    done.traces.set(at, { before, after: copy(place) })
    done.lines.set(at, lines)
    if (kept.size > 0) done.kept.set(at, kept)
    // Also of what the push had only matched, and the client has deleted since, it says that it is kept.
    const undid = [...(among ?? touched)].filter((own) => toldOf(own) !== 'kept')
    done.undid.set(at, new Set(undid))
  }
  await compareReopened(world, { undone, done, reports })
  if (!done.isPartial) noteUndone(world, undone)
  return true
}

/** What was undone does not stand, and of what it had undone itself, and so on, every second one does. */
function noteUndone(world: World, undone: Push): void {
  const isUndone = (push: Push) =>
    [...world.pushes.values()].some((one) => one.reverts === push && !one.isRolledBack && !one.isPartial)
  undone.isRolledBack = true
  for (let push = undone; push.reverts !== null && !push.isPartial; push = push.reverts)
    push.reverts.isRolledBack = isUndone(push.reverts)
}

/** A preview says what the roll-back does. */
function comparePreview(what: string, planned: Totals, told: readonly Told[]): void {
  const words = Object.entries(planned).map(([action, count]) => [OUTCOMES[action], count] as const)
  const [wanted, found] = [counted(Object.fromEntries(words)), sumOf(told.map(({ outcome }) => outcome))]
  insist(same(wanted, found), `${what} was previewed as ${JSON.stringify(wanted)} and is ${JSON.stringify(found)}`)
}

/**
 * Somebody settles a conflict that is listed: the snapshot's side of the fields that wait, or of an asset that waits as
 * a whole; the target's changes nothing.
 */
export async function performSettle(
  world: World,
  { as, snapshot: name, at, token, take }: Of<'settle'>,
): Promise<boolean> {
  const snapshot = world.snapshots.get(name)
  const place: Place = world.place(at)
  const own = place.aliases.get(token) ?? token
  if (snapshot === undefined || snapshot.isDropped || !pairOf(place, token, own)?.base || !place.assets.get(own)?.alive)
    return false
  if (take === 'source' && place.open.get(openKey(name, token))?.fields)
    return performDecide(world, { as, snapshot: name, to: [at], token, take, paths: 'all' })
  const { kind } = place.assets.get(own) as { kind: string }
  const line = { locationId: world.wire(at).locationId, kind, lineage: world.lineages.get(token) as string }
  const inbox = await readInbox(world, name)
  // It is settled with the version that it is open with: a later one may have been pushed without this asset.
  const version = conflictVersion(inbox?.get(keyOf(line)))
  if (version === null) return false
  const reply = await world.agency('post', `/${world.snapshotIds.get(name)}/conflicts`, {
    decisions: [{ ...line, take }],
  })
  insist(reply.status === 202, `settling a conflict of ${name}: ${reply.status} ${JSON.stringify(reply.body)}`)
  const done = world.begin({ name: as, id: reply.body.push.id, snapshot: name, reverts: null, inbox })
  await ended(world, done, [at])
  const before = copy(place)
  // The side of a snapshot that an asset has left is that it goes.
  const options: Options = { policy: 'override', policies: [], deletions: true, matches: [], only: [token] }
  const request = { snapshot, version, options, snapshots: [...world.snapshots.values()], deals: dealsAt(world, at) }
  const lines = take === 'source' ? push(place, request) : []
  const entries = snapshot.versions[version - 1]?.entries ?? []
  const entry = entries.find((one) => one.token === token)
  if (take === 'target' && entry?.kind === 'pipelines') leaveStages(place, { entry, own, entries })
  if (take === 'target') place.open.delete(openKey(name, token))
  // What left the snapshot and was to stay is the client's own again: untracked, and who it is stays, as when a push
  // hands it back.
  if (take === 'target' && entry === undefined) {
    const inVersion = new Set(snapshot.versions[version - 1]?.entries.map((one) => one.token))
    for (const pair of [pairOf(place, token, own), ...pairsOf(place, name, own)])
      if (pair !== undefined && !inVersion.has(pair.incoming)) pair.base = null
  }
  done.traces.set(at, { before, after: copy(place) })
  done.lines.set(at, lines)
  const isLeft = (await readInbox(world, name))?.has(keyOf(line)) === true
  // What cannot be written for its key is not settled.
  const isRefused = lines.some(({ outcomes }) => outcomes.includes('conflict') || outcomes.includes('ambiguous'))
  insist(!isLeft || isRefused, `the conflict about ${kind} ${token} in ${at} is settled and still listed`)
  return true
}

/** A stage that waited to be taken away is the client's own from now on. */
function leaveStages(
  place: Place,
  { entry, own, entries }: { entry: Entry; own: string; entries: readonly Entry[] },
): void {
  const pair = pairOf(place, entry.token, own)
  if (pair !== undefined) pair.base = translate(place, entry, entries)
}
