import type { Db } from '../db/pool.ts'
import { readDecisions } from './decide.ts'
import type { Identities, IdentityTarget } from './identity.ts'
import { leavingOf, type PlannedRemoval, planRemovals } from './remove.ts'
import { type Settled, settle } from './settle.ts'
import { decidingIn, onlyDecided, policyIn, takesIn, type Wanted, type WantedKind } from './wanted.ts'

interface Judging {
  wanted: Wanted
  kind: WantedKind
  targets: readonly IdentityTarget[]
  identities: Identities
}

/** What a push would do to the assets of a kind, read instead of written. */
export async function judge(
  db: Db,
  { wanted, kind, targets: identified, identities }: Judging,
): Promise<Settled & { removals: PlannedRemoval[] }> {
  const [only, targets] = [onlyDecided(wanted, kind.kind), identities.scope(identified)]
  const removals = await planRemovals(db, { wanted, kind, targets, identities, only })
  const decisions = await readDecisions(db, {
    kind: kind.kind,
    resource: kind.resource,
    entries: kind.entries,
    known: await identities.knownOf(db, kind, { store: false }),
    targets,
    only,
  })
  const settled = await settle(db, {
    resource: kind.resource,
    decisions,
    identities,
    policyFor: policyIn(wanted, kind.kind),
    takesFor: takesIn(wanted, kind.kind),
    decidingFor: decidingIn(wanted, kind.kind),
    leaving: leavingOf(removals),
    stages: wanted.options.stages,
  })
  return { ...settled, removals }
}

/**
 * What a lineage was to mean from this push on, as somebody has answered or an alias has given way, may be refused for
 * its key: it goes on meaning what it meant. That is found out before anything is decided, since documents of any kind
 * may name it in a text, of kinds that are applied earlier, too; a name that names it is part of a key itself.
 */
export async function undoRefused(db: Db, { wanted, targets, identities }: Omit<Judging, 'kind'>): Promise<void> {
  const kinds = wanted.kinds.filter(({ resource }) => resource.unique !== null)
  for (let isSettled = false; !isSettled; ) {
    isSettled = true
    for (const kind of kinds) {
      const places = identities.turns.placesOf(kind.kind)
      const concerned = targets.filter(({ locationId }) => places.has(locationId))
      if (concerned.length === 0) continue
      const { verdicts } = await judge(db, { wanted, kind, targets: concerned, identities })
      for (const { decision, action } of verdicts)
        if (action === 'ambiguous' && identities.turns.undo({ ...decision, kind: kind.kind })) isSettled = false
    }
  }
}
