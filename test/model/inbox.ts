import type { Told } from './reports.ts'
import { insist, type Push, type World } from './run.ts'

/** What waits of a snapshot for somebody to decide: `location kind lineage` -> what is asked. */
export type Inbox = ReadonlyMap<string, string>

interface Open {
  locationId: string
  kind: string
  lineage: string
  outcome: 'conflict' | 'ambiguous'
  version: number
  fields: { path: string }[]
}

export const keyOf = ({ locationId, kind, lineage }: Pick<Open, 'locationId' | 'kind' | 'lineage'>) =>
  `${locationId} ${kind} ${lineage}`

/** Null: the snapshot was deleted, or this world settles nothing. */
export async function readInbox(world: World, snapshot: string): Promise<Inbox | null> {
  if (!world.features.has('settle')) return null
  const { status, body } = await world.agency('get', `/${world.snapshotIds.get(snapshot)}/conflicts?limit=1000`)
  if (status !== 200) return null
  const paths = ({ fields }: Open) => fields.map(({ path }) => path).sort()
  return new Map(
    (body.conflicts as Open[]).map((one) => [keyOf(one), `${one.outcome} with version ${one.version} ${paths(one)}`]),
  )
}

/** Null: nothing waits, or it is no conflict. */
export const conflictVersion = (waiting: string | undefined): number | null => {
  const [, version] = /^conflict with version (\d+) /.exec(waiting ?? '') ?? []
  return version === undefined ? null : Number(version)
}

/** What a push has just told as a conflict is listed until somebody settles it. */
export async function compareConflicts(world: World, done: Push, at: string, told: readonly Told[]): Promise<void> {
  const conflicts = told.filter(
    ({ outcome, id }) =>
      outcome === 'conflict' && id !== null && world.place(at).assets.get(world.token(at, id ?? '') ?? '')?.alive,
  )
  if (conflicts.length === 0 || !world.features.has('settle')) return
  const inbox = await readInbox(world, done.snapshot)
  insist(inbox !== null, `the conflicts of ${done.snapshot} cannot be listed`)
  const { locationId } = world.wire(at)
  for (const { kind, lineage, name } of conflicts)
    insist(
      inbox.has(keyOf({ locationId, kind, lineage })),
      `the conflict about ${kind} "${name}" in ${at} is not listed by ${done.snapshot}`,
    )
}

/**
 * What a push has just told as ambiguous is listed, unless a conflict about it is: that was there before, and is told
 * by nothing else.
 */
export async function compareAmbiguities(world: World, done: Push, at: string, told: readonly Told[]): Promise<void> {
  const inbox = told.some(({ outcome }) => outcome === 'ambiguous') ? await readInbox(world, done.snapshot) : null
  if (inbox === null) return
  const { locationId } = world.wire(at)
  for (const { kind, lineage, name, outcome } of told) {
    if (outcome !== 'ambiguous') continue
    insist(
      inbox.has(keyOf({ locationId, kind, lineage })),
      `the ambiguity of ${kind} "${name}" in ${at} is not listed by ${done.snapshot}`,
    )
  }
}

interface Undone {
  undone: Push
  done: Push
  /** Of the roll-back, by place. */
  reports: ReadonlyMap<string, readonly Told[]>
}

/**
 * Undone in reverse order, a push leaves what waits as it was before it. What a roll-back has kept goes on waiting, or
 * not: it is looked at no more.
 */
export async function compareReopened(world: World, { undone, done, reports }: Undone): Promise<void> {
  for (const [at, told] of reports) {
    const { locationId } = world.wire(at)
    for (const line of told) if (line.outcome === 'kept') world.kept.add(keyOf({ ...line, locationId }))
  }
  const [before, now] = [undone.inbox, undone.inbox === null ? null : await readInbox(world, undone.snapshot)]
  if (before === null || now === null) return
  // A roll-back of single assets leaves the others as they are.
  const isAbout = (at: string, key: string) =>
    !done.isPartial ||
    [...(undone.lines.get(at) ?? [])].some(({ kind, incoming, own }) => {
      const { locationId } = world.wire(at)
      return (
        done.undid.get(at)?.has(own) && key === keyOf({ locationId, kind, lineage: world.lineages.get(incoming) ?? '' })
      )
    })
  for (const at of done.traces.keys()) {
    const isHere = (key: string) =>
      key.startsWith(`${world.wire(at).locationId} `) && !world.kept.has(key) && isAbout(at, key)
    for (const key of new Set([...before.keys(), ...now.keys()].filter(isHere))) {
      const [was, is] = [before.get(key) ?? 'nothing', now.get(key) ?? 'nothing']
      insist(
        was === is,
        `${done.name} has undone ${undone.name} in ${at}, and what waits of ${key} is ${is}; it was ${was}`,
      )
    }
  }
}
