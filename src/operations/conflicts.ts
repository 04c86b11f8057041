import { type Static, Type } from 'typebox'
import { isLetInto } from '../auth/installs.ts'
import { invalid } from '../errors.ts'
import { type Conflict, cursorOf, findConflicts, listConflicts } from '../snapshots/conflicts.ts'
import type { Take } from '../snapshots/options.ts'
import { getSnapshot } from '../snapshots/snapshots.ts'
import { operation, withStatus } from './define.ts'
import { PLAN_QUERY, PlanAnswer, planPage } from './plan-answers.ts'
import { PushAnswer, toAnswer } from './push-answers.ts'
import { refuseStrangeKind, Stages } from './push-inputs.ts'
import { planVersion, pushVersion, type Requested } from './pushes.ts'
import { After, Id, Instant, Kind, Limit, LocationName, Noun } from './schemas.ts'

const common = { category: 'Snapshots', token: 'agency' } as const
const one = { companyId: Id(), snapshotId: Id() }

const OUTCOMES = ['conflict', 'ambiguous'] as const
const Waiting = (what = '') =>
  Type.Enum([...OUTCOMES], { description: `${what}\`conflict\`: both sides had changed it. \`ambiguous\`: more than one asset could be it.` })

const Decision = Type.Object(
  {
    locationId: Id(),
    kind: Kind(),
    lineage: Id(),
    path: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000, description: 'One field of the conflict. Default: all of them.' })),
    take: Type.Optional(Type.Enum(['source', 'target'], { description: "Of a conflict. `source`: the snapshot's side. `target`: the sub-account's." })),
    match: Type.Optional(
      Type.Union([Id(), Type.Null()], { description: 'Of an ambiguity: which of its candidates the incoming asset is; null: none of them, a new one.' }),
    ),
  },
  { additionalProperties: false },
)

export const conflictOperations = [
  operation({
    ...common,
    access: 'read',
    scope: ['snapshots.readonly', 'snapshots.write'],
    name: 'snapshots.conflicts',
    title: 'List Conflicts',
    description:
      "What pushes of the snapshot left alone because both sides had changed it, or because it could be more than one asset, and nobody has decided since. The sub-account's side stands meanwhile.",
    http: 'GET /snapshots/:snapshotId/conflicts',
    input: Type.Object(
      {
        ...one,
        locationId: Type.Optional(Id()),
        kind: Type.Optional(Kind()),
        outcome: Type.Optional(Waiting('List these only. ')),
        limit: Limit(100, 1000),
        after: Type.Optional(Type.String({ maxLength: 200 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      conflicts: Type.Array(
        Noun('Conflict', {
          locationId: Type.String(),
          locationName: LocationName(),
          kind: Type.String(),
          lineage: Type.String(),
          name: Type.String(),
          outcome: Waiting(),
          version: Type.Integer({ description: "The version that met the sub-account's own side." }),
          pushId: Type.String(),
          reason: Type.Union([Type.String(), Type.Null()]),
          fields: Type.Array(
            Type.Object({
              path: Type.String(),
              base: Type.Optional(Type.Unknown({ description: 'What both sides came from.' })),
              target: Type.Optional(Type.Unknown({ description: "The sub-account's." })),
              source: Type.Optional(Type.Unknown({ description: "The snapshot's." })),
            }),
          ),
          candidates: Type.Optional(
            Type.Array(Type.Object({ id: Type.String(), name: Type.String() }), {
              description: 'Of an ambiguity: which assets of the sub-account it could be. None: another asset has the key that it is to have.',
            }),
          ),
          openedAt: Instant(),
        }),
      ),
      after: After(),
    }),
    async run(ctx, { snapshotId, limit = 100, ...page }) {
      refuseStrangeKind(ctx, page.kind)
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      const conflicts = await listConflicts(ctx.db, snapshot, { ...page, limit, within: isLetInto(ctx.caller) })
      const last = conflicts.length < limit ? undefined : conflicts.at(-1)
      return {
        conflicts: conflicts.map(({ snapshotId: _, candidates, openedAt, ...conflict }) => ({
          ...conflict,
          outcome: candidates === null ? ('conflict' as const) : ('ambiguous' as const),
          ...(candidates === null ? {} : { candidates }),
          openedAt: openedAt.toISOString(),
        })),
        after: last === undefined ? null : cursorOf(last),
      }
    },
  }),
  operation({
    ...common,
    access: 'destructive',
    scope: 'snapshots.write',
    name: 'snapshots.settleConflicts',
    heavy: true,
    title: 'Settle Conflicts',
    description:
      'Decides open conflicts, by asset or by field, and answers ambiguities, in each sub-account: a push of their version to these assets alone carries it out. ' +
      'One call settles what waits with one version.',
    http: 'POST /snapshots/:snapshotId/conflicts',
    status: 202,
    query: PLAN_QUERY,
    input: Type.Object(
      {
        ...one,
        decisions: Type.Array(Decision, { minItems: 1, maxItems: 10_000 }),
        stages: Stages(),
        preview: Type.Optional(Type.Boolean({ description: 'Answer with 200 and a plan of what the decisions would write, and do nothing.' })),
        planHash: Type.Optional(Type.String({ maxLength: 64, description: 'Refuse with 409 unless the plan is still this one.' })),
        ...planPage,
      },
      { additionalProperties: false },
    ),
    output: Type.Union([Type.Object({ push: PushAnswer }), Type.Object({ plan: PlanAnswer })]),
    async run(ctx, { snapshotId, decisions, stages, preview = false, planHash, companyId: _, ...page }) {
      const snapshot = await getSnapshot(ctx.tx, ctx.agencyId, snapshotId, { lock: 'share' })
      const open = await findConflicts(ctx.tx, snapshot, decisions, isLetInto(ctx.caller))
      const faults = faultsOf(decisions, open)
      if (faults.length > 0) throw invalid(faults)
      const [first] = open.values()
      const request = { ...toRequest(decisions), version: first?.version, stages, ...(planHash === undefined ? {} : { planHash }) }
      if (preview) return withStatus(200, { plan: await planVersion(ctx, ctx.tx, snapshot, { request, page }) })
      return { push: await toAnswer(ctx, await pushVersion(ctx, snapshot, request)) }
    },
  }),
]

type Decided = Static<typeof Decision>

/** Decisions as the push that carries them out: to these assets of these sub-accounts alone. */
function toRequest(decisions: readonly Decided[]): Pick<Requested, 'locationIds' | 'only' | 'matches' | 'takes'> {
  return {
    locationIds: decisions.map((decision) => decision.locationId),
    only: [...new Map(decisions.map(({ kind, lineage }) => [`${kind}/${lineage}`, { kind, lineage }])).values()],
    matches: decisions.flatMap(({ locationId, kind, lineage, match }) => (match === undefined ? [] : [{ locationId, kind, lineage, id: match }])),
    takes: decisions.map(({ match: _, take, ...asset }) => ({ ...asset, take: (take ?? null) as Take['take'] })),
  }
}

/** Decisions about what is not open, about fields that are not in it, and about more than one version at once; answers that do not fit. */
function faultsOf(decisions: readonly Decided[], open: ReadonlyMap<string, Conflict>): string[] {
  const seen = new Map<string, number>()
  let version: number | undefined
  return decisions.flatMap((decision, index) => {
    const conflict = open.get(cursorOf(decision))
    if (conflict === undefined) return [`decisions[${index}]: no conflict of ${decision.kind}/${decision.lineage} is open in ${decision.locationId}`]
    const misfit = misfitOf(decision, conflict)
    if (misfit !== null) return [`decisions[${index}]${misfit}`]
    const { path } = decision
    if (path !== undefined && !conflict.fields.some((field) => field.path === path)) return [`decisions[${index}].path: ${path} is not in conflict`]
    version ??= conflict.version
    if (conflict.version !== version)
      return [`decisions[${index}]: a conflict with version ${conflict.version}, the ones before with version ${version}: settle them apart`]
    const name = `${cursorOf(decision)}:${path ?? ''}`
    const twin = seen.get(name)
    if (twin !== undefined) return [`decisions[${index}]: decisions[${twin}] decides the same`]
    seen.set(name, index)
    return []
  })
}

/** What is wrong about a decision for what waits there, from its path on. */
function misfitOf({ path, take, match }: Decided, { candidates }: Conflict): string | null {
  if ((take === undefined) === (match === undefined)) return ': either `take` or `match` says what is decided'
  if (candidates === null) return match === undefined ? null : '.match: it is a conflict: say in `take` whose side stands'
  if (candidates.length === 0) return ': another asset has the key that it is to have: rename one of the two'
  if (match === undefined) return '.take: it is an ambiguity: say in `match` which of its candidates it is, or null for a new one'
  if (path !== undefined) return '.path: an answer is about the whole asset'
  return match === null || candidates.some(({ id }) => id === match) ? null : `.match: ${match} is none of its candidates`
}
