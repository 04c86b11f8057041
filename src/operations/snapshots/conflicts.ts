import { Type } from 'typebox'
import { isLetInto } from '../../auth/installs.ts'
import { invalid } from '../../errors.ts'
import { cursorOf, findConflicts, listConflicts } from '../../snapshots/conflicts.ts'
import { getSnapshot } from '../../snapshots/snapshots.ts'
import { withStatus } from '../answer.ts'
import { operation } from '../define.ts'
import { After, Id, Instant, Kind, Limit, LocationName, Noun } from '../schemas.ts'
import { Decision, faultsOf, OUTCOMES, toRequest } from './decisions.ts'
import { PLAN_QUERY, PlanAnswer, planPage } from './plan-answers.ts'
import { planVersion } from './planning.ts'
import { PushAnswer, toAnswer } from './push-answers.ts'
import { PlanHash, refuseStrangeKind, Stages } from './push-inputs.ts'
import { pushVersion } from './starting.ts'

const common = { category: 'Snapshots', token: 'agency' } as const
const one = { companyId: Id(), snapshotId: Id() }
const Waiting = (what = '') =>
  Type.Enum([...OUTCOMES], {
    description: `${what}\`conflict\`: both sides had changed it. \`ambiguous\`: more than one asset could be it.`,
  })

export const conflictOperations = [
  operation({
    ...common,
    access: 'read',
    scope: ['snapshots.readonly', 'snapshots.write'],
    name: 'snapshots.conflicts',
    title: 'List Conflicts',
    description:
      'What pushes of the snapshot left alone because both sides had changed it, or because it could be more than ' +
      "one asset, and nobody has decided since. The sub-account's side stands meanwhile.",
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
              target: Type.Optional(Type.Unknown({ description: "The sub-account's, as it is now." })),
              source: Type.Optional(Type.Unknown({ description: "The snapshot's." })),
            }),
          ),
          candidates: Type.Optional(
            Type.Array(Type.Object({ id: Type.String(), name: Type.String() }), {
              description:
                'Of an ambiguity: which assets of the sub-account it could be. None: another asset has the key ' +
                'that it is to have.',
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
        conflicts: conflicts.map(({ snapshotId: _, candidates, openedAt, fields, ...conflict }) => ({
          ...conflict,
          fields: fields.map(({ at, ...field }) => field),
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
      'Decides open conflicts, by asset or by field, and answers ambiguities, in each sub-account: a push of their ' +
      'version to these assets alone carries it out. ' +
      'One call settles what waits with one version.',
    http: 'POST /snapshots/:snapshotId/conflicts',
    status: 202,
    query: PLAN_QUERY,
    input: Type.Object(
      {
        ...one,
        decisions: Type.Array(Decision, { minItems: 1, maxItems: 10_000 }),
        stages: Stages(),
        preview: Type.Optional(
          Type.Boolean({
            description: 'Answer with 200 and a plan of what the decisions would write, and do nothing.',
          }),
        ),
        planHash: PlanHash(),
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
      const request = {
        ...toRequest(decisions, open),
        version: first?.version,
        stages,
        ...(planHash === undefined ? {} : { planHash }),
      }
      if (preview) return withStatus(200, { plan: await planVersion(ctx, ctx.tx, snapshot, { request, page }) })
      return { push: await toAnswer(ctx, await pushVersion(ctx, snapshot, request)) }
    },
  }),
]
