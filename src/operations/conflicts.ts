import { type Static, Type } from 'typebox'
import { invalid } from '../errors.ts'
import { type Conflict, cursorOf, findConflicts, listConflicts } from '../snapshots/conflicts.ts'
import { getSnapshot } from '../snapshots/snapshots.ts'
import { operation } from './define.ts'
import { PushAnswer, toAnswer } from './push-answers.ts'
import { Stages } from './push-inputs.ts'
import { pushVersion } from './pushes.ts'
import { After, Id, Instant, Kind, Limit, LocationName } from './schemas.ts'

const common = { category: 'Snapshots', token: 'agency' } as const
const one = { companyId: Id(), snapshotId: Id() }

const Decision = Type.Object(
  {
    locationId: Id(),
    kind: Kind(),
    lineage: Id(),
    path: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000, description: 'One field of the conflict. Default: all of them.' })),
    take: Type.Enum(['source', 'target'], { description: "`source`: the snapshot's side. `target`: the sub-account's." }),
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
      "What pushes of the snapshot left alone because both sides had changed it, and nobody has decided since. The sub-account's side stands meanwhile.",
    http: 'GET /snapshots/:snapshotId/conflicts',
    input: Type.Object(
      {
        ...one,
        locationId: Type.Optional(Id()),
        kind: Type.Optional(Kind()),
        limit: Limit(100, 1000),
        after: Type.Optional(Type.String({ maxLength: 200 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      conflicts: Type.Array(
        Type.Object({
          locationId: Type.String(),
          locationName: LocationName(),
          kind: Type.String(),
          lineage: Type.String(),
          name: Type.String(),
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
          openedAt: Instant(),
        }),
      ),
      after: After(),
    }),
    async run(ctx, { snapshotId, limit = 100, ...page }) {
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      const conflicts = await listConflicts(ctx.db, snapshot, { locationId: page.locationId, kind: page.kind, limit, after: page.after })
      const last = conflicts.length < limit ? undefined : conflicts.at(-1)
      return {
        conflicts: conflicts.map(({ snapshotId: _, openedAt, ...conflict }) => ({ ...conflict, openedAt: openedAt.toISOString() })),
        after: last === undefined ? null : cursorOf(last),
      }
    },
  }),
  operation({
    ...common,
    access: 'destructive',
    scope: 'snapshots.write',
    name: 'snapshots.settleConflicts',
    title: 'Settle Conflicts',
    description:
      'Decides open conflicts, by asset or by field, in each sub-account: a push of their version to these assets alone carries it out. One call settles conflicts with one version.',
    http: 'POST /snapshots/:snapshotId/conflicts',
    status: 202,
    query: ['companyId'],
    input: Type.Object({ ...one, decisions: Type.Array(Decision, { minItems: 1, maxItems: 10_000 }), stages: Stages() }, { additionalProperties: false }),
    output: Type.Object({ push: PushAnswer }),
    async run(ctx, { snapshotId, decisions, stages }) {
      const snapshot = await getSnapshot(ctx.tx, ctx.agencyId, snapshotId, { lock: 'share' })
      const open = await findConflicts(ctx.tx, snapshot, decisions)
      const faults = faultsOf(decisions, open)
      if (faults.length > 0) throw invalid(faults)
      const only = [...new Map(decisions.map(({ kind, lineage }) => [`${kind}/${lineage}`, { kind, lineage }])).values()]
      const locationIds = decisions.map((decision) => decision.locationId)
      const [first] = open.values()
      return { push: await toAnswer(ctx, await pushVersion(ctx, snapshot, { locationIds, version: first?.version, only, takes: decisions, stages })) }
    },
  }),
]

/** Decisions about what is not open, about fields that are not in it, and about more than one version at once. */
function faultsOf(decisions: readonly Static<typeof Decision>[], open: ReadonlyMap<string, Conflict>): string[] {
  const seen = new Map<string, number>()
  let version: number | undefined
  return decisions.flatMap((decision, index) => {
    const conflict = open.get(cursorOf(decision))
    if (conflict === undefined) return [`decisions[${index}]: no conflict of ${decision.kind}/${decision.lineage} is open in ${decision.locationId}`]
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
