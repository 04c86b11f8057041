import { sql } from 'kysely'
import { query, type Tx, texts } from '../db/pool.ts'
import { lockStages } from '../store/records/index.ts'
import { applyPiece } from './apply.ts'
import { type Booking, bookTotals } from './bookings.ts'
import { noteConflicts } from './conflicts-noted.ts'
import { findBusyKinds, type Scope, type Target } from './decide.ts'
import type { Identities } from './identity.ts'
import type { Totals } from './options.ts'
import { showOutcomes, storeOutcomes } from './outcomes.ts'
import { addResult, emptyResult, type PieceResult, type PushAuthor } from './piece.ts'
import type { BatchTarget, PushRow } from './push.ts'
import { planRemovals } from './remove.ts'
import { STAGED } from './stages-after.ts'
import { renameTagsOnContacts } from './tag-follow.ts'
import { decidingIn, isQuiet, onlyDecided, policyIn, takesIn, type Wanted, type WantedKind } from './wanted.ts'

/** Hears which kinds are done. */
export type Note = (completed: readonly string[]) => void

interface KindsInput {
  note: Note
  push: PushRow
  wanted: Wanted
  targets: readonly BatchTarget[]
  standing: ReadonlySet<string>
  identities: Identities
  author: PushAuthor
}

/** Applies all kinds in dependency order and books the results. Returns the sum over the targets. */
export async function applyKinds(tx: Tx, input: KindsInput): Promise<Totals> {
  const { push, wanted, targets } = input
  const failed = await readFailed(
    tx,
    push.id,
    targets.map((target) => target.locationId),
  )
  const busy = await findBusyKinds(tx, toTargets(input, targets))
  const standing = targets.map(({ locationId }) => ({ locationId, isCurrent: input.standing.has(locationId) }))
  const bookings: Booking[] = []
  for (const kind of wanted.kinds) {
    const isIdle =
      isQuiet(kind) &&
      !busy.has(kind.kind) &&
      !input.identities.waits(kind.kind) &&
      input.identities.areCurrent(standing)
    const result = isIdle ? emptyResult() : await applyKind(tx, input, kind, failed)
    await storeOutcomes(tx, push.id, await showOutcomes(tx, result.outcomes, wanted))
    if (!isIdle)
      await noteConflicts(tx, {
        ...{ push, kind, targets, outcomes: result.outcomes, atMs: input.author.atMs },
        ...{ decided: wanted.decided, names: input.identities.names, isTried: triedIn(kind.kind, targets, failed) },
      })
    bookings.push({ kind, result })
    input.note(bookings.map((booking) => booking.kind.kind))
  }
  return bookTotals(tx, push, bookings, targets)
}

const toTargets = ({ standing, identities }: KindsInput, targets: readonly BatchTarget[]): Target[] =>
  identities.scope(targets.map(({ locationId }) => ({ locationId, isCurrent: standing.has(locationId) })))

/** What a try is about: all of targets that are new, what had failed of others. */
function triedIn(kind: string, targets: readonly BatchTarget[], failed: readonly Failed[]) {
  const isDone = new Set(targets.filter((one) => one.completed.includes(kind)).map((one) => one.locationId))
  const isRetried = new Set(targets.filter((one) => one.failed.includes(kind)).map((one) => one.locationId))
  const again = new Set(failed.filter((one) => one.kind === kind).map((one) => `${one.locationId}/${one.lineage}`))
  return ({ locationId, lineage }: { locationId: string; lineage: string }): boolean =>
    !isDone.has(locationId) && (!isRetried.has(locationId) || again.has(`${locationId}/${lineage}`))
}

interface Failed {
  kind: string
  locationId: string
  lineage: string
}

/** Assets that failed in an earlier try. */
function readFailed(tx: Tx, pushId: string, locationIds: readonly string[]): Promise<Failed[]> {
  return query(
    tx,
    sql<Failed>`
      delete from push_outcome
      where push_id = ${pushId} and outcome = 'failed' and location_id = any(${texts(locationIds)})
      returning kind, location_id as "locationId", lineage`,
  )
}

async function applyKind(
  tx: Tx,
  input: KindsInput,
  kind: WantedKind,
  allFailed: readonly Failed[],
): Promise<PieceResult> {
  const { wanted, targets, identities, author } = input
  const open = targets.filter((target) => !target.completed.includes(kind.kind))
  const fresh = open.filter((target) => !target.failed.includes(kind.kind))
  const retried = open.filter((target) => target.failed.includes(kind.kind))
  const locationIds = open.map((target) => target.locationId)
  if (kind.kind === STAGED.kind) await lockStages(tx, locationIds)
  const known = await identities.knownOf(tx, kind, { store: true })
  const same = {
    author,
    identities,
    stages: wanted.options.stages,
    policyFor: policyIn(wanted, kind.kind),
    takesFor: takesIn(wanted, kind.kind),
    decidingFor: decidingIn(wanted, kind.kind),
  }
  const result = emptyResult()
  const apply = async (some: readonly BatchTarget[], only: Scope['only']): Promise<void> => {
    if (some.length === 0) return
    const removals = await planRemovals(tx, { wanted, kind, targets: toTargets(input, some), identities, only })
    const scope = {
      kind: kind.kind,
      resource: kind.resource,
      entries: kind.entries,
      known,
      targets: toTargets(input, some),
      only,
    }
    addResult(result, await applyPiece(tx, { ...same, removals, scope }))
  }
  await apply(fresh, onlyDecided(wanted, kind.kind))
  await apply(
    retried,
    allFailed.filter((row) => row.kind === kind.kind),
  )
  if (kind.kind === 'tags') await renameTagsOnContacts(tx, author, locationIds)
  return result
}
