import { type Static, Type } from 'typebox'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { AppError, invalid } from '../errors.ts'
import { OUTCOMES, type PushOptions, refuseOtherLocations } from '../snapshots/options.ts'
import { inDependencyOrder } from '../snapshots/order.ts'
import { type Plan, planPush } from '../snapshots/plan.ts'
import { getTarget, listTargets, readOutcomes } from '../snapshots/progress.ts'
import { cancelPush, getPush, type PushRow, resolveTargets, retryPush, startPush } from '../snapshots/push.ts'
import { startRollback } from '../snapshots/rollback.ts'
import { getSnapshot, getVersion, readGoneKinds, type SnapshotRow } from '../snapshots/snapshots.ts'
import { type Context, operation } from './define.ts'
import { PushAnswer, Status, targetAnswer, toAnswer, toTargetAnswer } from './push-answers.ts'
import { pushEvents } from './push-events.ts'
import { Id, Limit } from './schemas.ts'

const Policy = () => Type.Enum(['merge', 'override', 'skip'])
const MOST_TARGETS = 100_000

const pushInput = {
  companyId: Id(),
  snapshotId: Id(),
  locationIds: Type.Union([Type.Literal('all'), Type.Array(Id(), { minItems: 1, maxItems: MOST_TARGETS })], {
    description: 'Sub-accounts, or "all": every one of the agency except the snapshot\'s source.',
  }),
  version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Default: the newest.' })),
  policy: Type.Optional(Policy()),
  policies: Type.Optional(Type.Record(Type.String({ maxLength: 128 }), Policy(), { description: 'By kind, or for one asset by "kind/lineage".' })),
  deletions: Type.Optional(
    Type.Union([Type.Boolean(), Type.Literal('all')], {
      description: 'Remove from the targets what left the snapshot: true, what pushes brought; "all", also what the sub-account had before. Default: false.',
    }),
  ),
  matches: Type.Optional(
    Type.Array(
      Type.Object({ kind: Id(), lineage: Id(), locationId: Type.Optional(Id()), id: Type.Union([Id(), Type.Null()]) }, { additionalProperties: false }),
      {
        maxItems: 10_000,
        description: 'Answers to ambiguities: which asset of the target the incoming one is; null for a new one.',
      },
    ),
  ),
}
const PlanInput = Type.Object(pushInput, { additionalProperties: false })
const PushInput = Type.Object(
  { ...pushInput, planHash: Type.Optional(Type.String({ maxLength: 64, description: 'Refuse with 409 unless the plan is still this one.' })) },
  { additionalProperties: false },
)

const FieldChange = Type.Object({ path: Type.String() }, { additionalProperties: true })
const PlanAnswer = Type.Object({
  hash: Type.String(),
  version: Type.Integer(),
  totals: Type.Record(Type.String(), Type.Integer()),
  targets: Type.Array(
    Type.Object({
      locationId: Type.String(),
      totals: Type.Record(Type.String(), Type.Integer()),
      assets: Type.Array(
        Type.Object({
          kind: Type.String(),
          lineage: Type.String(),
          name: Type.String(),
          action: Type.String(),
          fields: Type.Optional(Type.Array(FieldChange)),
          reason: Type.Optional(Type.String()),
        }),
      ),
    }),
  ),
  truncated: Type.Boolean({ description: 'Some assets are not listed; totals and hash cover all.' }),
  brokenReferences: Type.Array(Type.Object({ kind: Type.String(), lineage: Type.String(), name: Type.String(), reference: Type.String() })),
})

type PushRequest = Pick<Static<typeof PushInput>, 'locationIds' | 'version' | 'policy' | 'policies' | 'deletions' | 'matches' | 'planHash'>

function readOptions(ctx: Context, request: PushRequest): PushOptions {
  const policies = (request.policies ?? {}) as PushOptions['policies']
  const faults = Object.keys(policies).filter((name) => !ctx.resources.has(name.split('/')[0] as string))
  if (faults.length > 0) throw invalid(faults.map((name) => `policies.${name} names no kind of asset`))
  return { policy: (request.policy ?? 'merge') as PushOptions['policy'], policies, deletions: request.deletions ?? false, matches: request.matches ?? [] }
}

interface PlanRequest {
  snapshot: SnapshotRow
  request: PushRequest
  locationIds: readonly string[]
}

async function plan(ctx: Context, db: Db, { snapshot, request, locationIds }: PlanRequest): Promise<Plan> {
  refuseOtherLocations(snapshot.onlyLocations, locationIds)
  const { version, root } = await getVersion(db, snapshot, request.version)
  return planPush(db, { snapshot, version, root, locationIds, options: readOptions(ctx, request), resources: ctx.resources })
}

/** Starts a push of a version to locations: what `snapshots.push`, and the snapshot fields of the location endpoints, do. */
export async function pushVersion(ctx: Context, snapshot: SnapshotRow, request: PushRequest): Promise<PushRow> {
  const locationIds = await resolveTargets(ctx.tx, snapshot, request.locationIds as string[] | 'all')
  const accepted = request.planHash === undefined ? null : await plan(ctx, ctx.tx, { snapshot, request, locationIds })
  if (accepted !== null && accepted.hash !== request.planHash) throw new AppError('plan_stale', { hash: accepted.hash })
  const { version, counts } = await getVersion(ctx.tx, snapshot, request.version)
  const options = readOptions(ctx, request)
  const gone = options.deletions ? await readGoneKinds(ctx.tx, snapshot.id, version) : []
  const kinds = inDependencyOrder(
    ctx.resources,
    [...Object.keys(counts), ...gone].filter((kind) => ctx.resources.has(kind)),
  )
  const planDigests = accepted === null ? undefined : new Map(accepted.targets.map((target) => [target.locationId, target.digest]))
  return startPush(
    ctx.tx,
    {
      snapshot,
      version,
      locationIds,
      options,
      kinds,
      entries: Object.values(counts).reduce((sum, count) => sum + count, 0),
      planDigests,
      actor: ctx.author.actor,
    },
    ctx.author.atMs,
  )
}

const common = { category: 'Snapshots', token: 'agency' } as const
const reads = { ...common, access: 'read', scope: ['snapshots.readonly', 'snapshots.write'] } as const
const writes = { ...common, access: 'destructive', scope: 'snapshots.write' } as const
const pushId = { companyId: Id(), pushId: Id() }

export const pushOperations = [
  operation({
    ...reads,
    name: 'snapshots.plan',
    kind: 'action',
    title: 'Plan a Push',
    description: 'What a push would do to every asset of every target, without doing it. Its hash can be required at the push.',
    http: 'POST /snapshots/:snapshotId/plan',
    query: ['companyId'],
    input: PlanInput,
    output: Type.Object({ plan: PlanAnswer }),
    async run(ctx, input) {
      return inTransaction(
        ctx.db,
        async (tx) => {
          const snapshot = await getSnapshot(tx, ctx.agencyId, input.snapshotId)
          const locationIds = await resolveTargets(tx, snapshot, input.locationIds as string[] | 'all')
          const { targets, ...planned } = await plan(ctx, tx, { snapshot, request: input, locationIds })
          return { plan: { ...planned, truncated: false, targets: targets.map(({ digest: _, ...target }) => target) } }
        },
        { snapshot: true, readOnly: true },
      )
    },
  }),
  operation({
    ...writes,
    name: 'snapshots.push',
    title: 'Push Snapshot',
    description: 'Brings a version to sub-accounts, as a durable job. Answers at once; follow it by its id.',
    http: 'POST /snapshots/:snapshotId/push',
    status: 202,
    query: ['companyId'],
    input: PushInput,
    output: Type.Object({ push: PushAnswer }),
    async run(ctx, input) {
      const snapshot = await getSnapshot(ctx.tx, ctx.agencyId, input.snapshotId, { lock: 'share' })
      return { push: await toAnswer(ctx, await pushVersion(ctx, snapshot, input)) }
    },
  }),
  operation({
    ...reads,
    name: 'pushes.get',
    title: 'Get Push',
    http: 'GET /snapshots/pushes/:pushId',
    input: Type.Object(pushId, { additionalProperties: false }),
    output: Type.Object({ push: PushAnswer }),
    async run(ctx, input) {
      return { push: await toAnswer(ctx, await getPush(ctx.db, ctx.agencyId, input.pushId)) }
    },
  }),
  operation({
    ...reads,
    name: 'pushes.targets',
    title: 'List Targets of a Push',
    http: 'GET /snapshots/pushes/:pushId/targets',
    input: Type.Object({ ...pushId, status: Type.Optional(Status), limit: Limit(100, 1000), after: Type.Optional(Id()) }, { additionalProperties: false }),
    output: Type.Object({ targets: Type.Array(Type.Object(targetAnswer)), after: Type.Union([Type.String(), Type.Null()]) }),
    async run(ctx, { limit = 100, ...input }) {
      const push = await getPush(ctx.db, ctx.agencyId, input.pushId)
      const targets = await listTargets(ctx.db, push, { limit, after: input.after, status: input.status as string | undefined })
      return { targets: targets.map(toTargetAnswer), after: targets.length < limit ? null : (targets.at(-1)?.locationId ?? null) }
    },
  }),
  operation({
    ...reads,
    name: 'pushes.target',
    title: 'Get Target of a Push',
    description: 'One target with what became of every asset.',
    http: 'GET /snapshots/pushes/:pushId/targets/:locationId',
    input: Type.Object({ ...pushId, locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({
      target: Type.Object({
        ...targetAnswer,
        assets: Type.Array(
          Type.Object({
            kind: Type.String(),
            lineage: Type.String(),
            id: Type.Union([Type.String(), Type.Null()]),
            name: Type.String(),
            outcome: Type.Enum([...OUTCOMES]),
            reason: Type.Optional(Type.String()),
            detail: Type.Optional(Type.Unknown()),
          }),
        ),
      }),
    }),
    async run(ctx, input) {
      const push = await getPush(ctx.db, ctx.agencyId, input.pushId)
      const target = await getTarget(ctx.db, push, input.locationId)
      return { target: { ...toTargetAnswer(target), assets: await readOutcomes(ctx.db, push, target, ctx.resources) } }
    },
  }),
  operation({
    ...reads,
    name: 'pushes.events',
    title: 'Follow a Push',
    description: 'Server-sent events while it runs: `target` for each target that ends, `progress` with the totals, `done` at the end.',
    http: 'GET /snapshots/pushes/:pushId/events',
    input: Type.Object(pushId, { additionalProperties: false }),
    output: 'stream',
    async run(ctx, input) {
      const push = await getPush(ctx.db, ctx.agencyId, input.pushId)
      return { contentType: 'text/event-stream', body: pushEvents(ctx.db, push) }
    },
  }),
  operation({
    ...writes,
    name: 'pushes.cancel',
    title: 'Cancel Push',
    description: 'Pieces under way are finished; nothing else starts. What was applied stays: roll back to undo it.',
    http: 'POST /snapshots/pushes/:pushId/cancel',
    status: 202,
    query: ['companyId'],
    input: Type.Object(pushId, { additionalProperties: false }),
    output: Type.Object({ push: PushAnswer }),
    async run(ctx, input) {
      return { push: await toAnswer(ctx, await cancelPush(ctx.tx, await getPush(ctx.tx, ctx.agencyId, input.pushId, { lock: true }), ctx.author.atMs)) }
    },
  }),
  operation({
    ...writes,
    name: 'pushes.retry',
    title: 'Retry Push',
    description: 'Redoes what failed, and only that.',
    http: 'POST /snapshots/pushes/:pushId/retry',
    status: 202,
    query: ['companyId'],
    input: Type.Object(pushId, { additionalProperties: false }),
    output: Type.Object({ push: PushAnswer }),
    async run(ctx, input) {
      return { push: await toAnswer(ctx, await retryPush(ctx.tx, await getPush(ctx.tx, ctx.agencyId, input.pushId, { lock: true }))) }
    },
  }),
  operation({
    ...writes,
    name: 'pushes.rollback',
    title: 'Roll Back Push',
    description: 'Restores what was there before, except where it has been changed since (unless `override`). The answer is a push of its own.',
    http: 'POST /snapshots/pushes/:pushId/rollback',
    status: 202,
    query: ['companyId'],
    input: Type.Object({ ...pushId, override: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
    output: Type.Object({ push: PushAnswer }),
    async run(ctx, input) {
      const push = await getPush(ctx.tx, ctx.agencyId, input.pushId, { lock: true })
      return { push: await toAnswer(ctx, await startRollback(ctx.tx, push, { override: input.override ?? false, actor: ctx.author.actor }, ctx.author.atMs)) }
    },
  }),
]
