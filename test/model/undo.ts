import type { Action } from './actions.ts'
import { copy, type Document } from './document.ts'
import { compareReopened, conflictVersion, keyOf, readInbox } from './inbox.ts'
import { type Place, pairOf, pairsOf, translate } from './model.ts'
import { dealsAt } from './people.ts'
import { type Options, type Outcome, push } from './push.ts'
import { ended } from './reports.ts'
import { rollBack } from './roll-back.ts'
import { insist, type World } from './run.ts'

type Of<Verb extends Action['do']> = Extract<Action, { do: Verb }>

export async function performRollBack(world: World, { as, push: name, override }: Of<'rollback'>): Promise<boolean> {
  const undone = world.pushes.get(name)
  if (undone === undefined || !world.canRollBack(undone)) return false
  const inbox = await readInbox(world, undone.snapshot)
  const reply = await world.agency('post', `/pushes/${undone.id}/rollback`, override ? { override } : {})
  insist(reply.status === 202, `rolling back ${name}: ${reply.status} ${JSON.stringify(reply.body)}`)
  const done = world.begin({ name: as, id: reply.body.push.id, snapshot: undone.snapshot, reverts: undone, inbox })
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
  await compareReopened(world, { undone, done, reports })
  undone.isRolledBack = true
  if (undone.reverts !== null) undone.reverts.isRolledBack = false
  return true
}

/** Somebody settles a conflict that is listed: the snapshot's side is an override of this asset alone, the target's changes nothing. */
export async function performSettle(world: World, { as, snapshot: name, at, token, take }: Of<'settle'>): Promise<boolean> {
  const snapshot = world.snapshots.get(name)
  const place: Place = world.place(at)
  const own = place.aliases.get(token) ?? token
  if (snapshot === undefined || snapshot.isDropped || !pairOf(place, token, own)?.base || !place.assets.get(own)?.alive) return false
  const { kind } = place.assets.get(own) as { kind: string }
  const line = { locationId: world.wire(at).locationId, kind, lineage: world.lineages.get(token) as string }
  const inbox = await readInbox(world, name)
  // It is settled with the version that it is open with: a later one may have been pushed without this asset.
  const version = conflictVersion(inbox?.get(keyOf(line)))
  if (version === null) return false
  const reply = await world.agency('post', `/${world.snapshotIds.get(name)}/conflicts`, { decisions: [{ ...line, take }] })
  insist(reply.status === 202, `settling a conflict of ${name}: ${reply.status} ${JSON.stringify(reply.body)}`)
  const done = world.begin({ name: as, id: reply.body.push.id, snapshot: name, reverts: null, inbox })
  await ended(world, done, [at])
  const before = copy(place)
  // The side of a snapshot that an asset has left is that it goes.
  const options: Options = { policy: 'override', policies: [], deletions: true, matches: [], only: [token] }
  const request = { snapshot, version, options, snapshots: [...world.snapshots.values()], deals: dealsAt(world, at) }
  const lines = take === 'source' ? push(place, request) : []
  const entry = snapshot.versions[version - 1]?.entries.find((one) => one.token === token)
  if (take === 'target') leaveStages(place, { token, own, content: entry?.content })
  // What left the snapshot and was to stay is the client's own again.
  if (take === 'target' && entry === undefined) {
    const inVersion = new Set(snapshot.versions[version - 1]?.entries.map((one) => one.token))
    for (const pair of pairsOf(place, name, own)) if (!inVersion.has(pair.incoming)) pair.base = null
    place.pairs.delete(`${token}>${own}`)
    place.aliases.delete(token)
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
function leaveStages(place: Place, { token, own, content }: { token: string; own: string; content: Document | undefined }): void {
  const pair = pairOf(place, token, own)
  if (pair !== undefined && content !== undefined && place.assets.get(own)?.kind === 'pipelines') pair.base = translate(place, content)
}
