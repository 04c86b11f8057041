import { Type } from 'typebox'
import { isLetInto } from '../auth/installs.ts'
import type { Db } from '../db/pool.ts'
import { countPending } from '../db/queue.ts'
import { inTransaction } from '../db/transaction.ts'
import { AppError } from '../errors.ts'
import { type PushOptions, refuseOtherLocations, type Take } from '../snapshots/options.ts'
import { inDependencyOrder } from '../snapshots/order.ts'
import { type Plan, type PlanReading, planPush } from '../snapshots/plan.ts'
import type { PlannedTarget } from '../snapshots/planner.ts'
import { cancelPush, type PushRow, resolveTargets, retryPush, startPush } from '../snapshots/push.ts'
import { startRollback } from '../snapshots/rollback.ts'
import { planRollback } from '../snapshots/rollback-plan.ts'
import { getSnapshot, getVersion, readGoneKinds, type SnapshotRow } from '../snapshots/snapshots.ts'
import { type Context, operation, withStatus } from './define.ts'
import { newPlanPage, type PageRequest, PLAN_QUERY, PlanAnswer, toPlanAnswer } from './plan-answers.ts'
import { accessPush } from './push-access.ts'
import { PushAnswer, toAnswer } from './push-answers.ts'
import { checkedOptions, Only, PlanInput, PushInput, type PushRequest, readOptions, refuseStrangeKind } from './push-inputs.ts'
import { pushReads } from './push-reads.ts'
import { Id } from './schemas.ts'

/** A push as somebody asks for it, or as decisions about conflicts come to. */
export type Requested = PushRequest & { takes?: readonly Take[] }

interface PlanRequest {
  snapshot: SnapshotRow
  request: Requested
  locationIds: readonly string[]
}

const optionsOf = (ctx: Context, { takes, ...request }: Requested): PushOptions => ({
  ...readOptions(ctx, request),
  ...(takes === undefined ? {} : { takes: [...takes] }),
})

async function plan(ctx: Context, db: Db, { snapshot, request, locationIds }: PlanRequest, reading: PlanReading): Promise<Plan> {
  refuseOtherLocations(snapshot.onlyLocations, locationIds)
  const { version, root } = await getVersion(db, snapshot, request.version)
  const options = await checkedOptions(db, { snapshot, version, locationIds, options: optionsOf(ctx, request) })
  return planPush(db, { snapshot, version, root, locationIds, options, resources: ctx.resources }, reading)
}

/** What the plan that the caller has accepted says of each target. 409 when it is another one by now. */
async function acceptPlan(ctx: Context, planned: PlanRequest): Promise<Map<string, string>> {
  const digests = new Map<string, string>()
  const { hash } = await plan(ctx, ctx.tx, planned, { describes: false, onTarget: ({ locationId, digest }) => digests.set(locationId, digest) })
  if (hash !== planned.request.planHash) throw new AppError('plan_stale', { hash })
  return digests
}

/** The page of the plan of a push that a caller asked for. */
export async function planVersion(ctx: Context, db: Db, snapshot: SnapshotRow, { request, page: asked }: { request: Requested; page: PageRequest }) {
  refuseStrangeKind(ctx, asked.kind)
  const locationIds = await resolveTargets(db, snapshot, { locationIds: request.locationIds as string[] | 'all', within: isLetInto(ctx.caller) })
  const page = newPlanPage(asked)
  const reading = {
    describes: true,
    nowMs: ctx.author.atMs,
    unchanged: asked.unchanged ?? asked.action === 'unchanged',
    onTarget: ({ digest: _, ...target }: PlannedTarget) => page.add(target),
  }
  return toPlanAnswer(db, await plan(ctx, db, { snapshot, request, locationIds }, reading), page)
}

/** No other push begins while so much of an agency's work waits: 429. One push may be as large as it is. */
async function refuseBacklog(ctx: Context): Promise<void> {
  const most = ctx.config.pendingJobs
  if ((await countPending(ctx.tx, ctx.agencyId)) >= most) throw new AppError('too_many', { what: 'waiting batches of pushes', most, seconds: BACKLOG_SECONDS })
}

const BACKLOG_SECONDS = 10

/** Starts a push of a version to locations: what `snapshots.push`, and the snapshot fields of the location endpoints, do. */
export async function pushVersion(ctx: Context, snapshot: SnapshotRow, request: Requested): Promise<PushRow> {
  await refuseBacklog(ctx)
  const locationIds = await resolveTargets(ctx.tx, snapshot, { locationIds: request.locationIds as string[] | 'all', within: isLetInto(ctx.caller) })
  const planDigests = request.planHash === undefined ? undefined : await acceptPlan(ctx, { snapshot, request, locationIds })
  const { version, counts } = await getVersion(ctx.tx, snapshot, request.version)
  const options = await checkedOptions(ctx.tx, { snapshot, version, locationIds, options: optionsOf(ctx, request) })
  const gone = options.deletions || options.takes !== undefined ? await readGoneKinds(ctx.tx, snapshot.id, version) : []
  const kinds = inDependencyOrder(
    ctx.resources,
    [...Object.keys(counts), ...gone].filter((kind) => ctx.resources.has(kind) && (options.only?.some((asset) => asset.kind === kind) ?? true)),
  )
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
  ...pushReads,
  operation({
    ...reads,
    name: 'snapshots.plan',
    heavy: true,
    kind: 'action',
    title: 'Plan a Push',
    description:
      'What a push would do to every asset of every target, without doing it. Totals and hash cover everything; changes are listed by target, page by page, and equal ' +
      'ones once as a group. The hash can be required at the push.',
    http: 'POST /snapshots/:snapshotId/plan',
    query: PLAN_QUERY,
    input: PlanInput,
    output: Type.Object({ plan: PlanAnswer }),
    async run(ctx, input) {
      return inTransaction(
        ctx.db,
        async (tx) => {
          const snapshot = await getSnapshot(tx, ctx.agencyId, input.snapshotId)
          return { plan: await planVersion(ctx, tx, snapshot, { request: input, page: input }) }
        },
        { snapshot: true, readOnly: true },
      )
    },
  }),
  operation({
    ...writes,
    name: 'snapshots.push',
    heavy: true,
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
      return { push: await toAnswer(ctx, await cancelPush(ctx.tx, await accessPush(ctx, input.pushId, { lock: true }), ctx.author.atMs)) }
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
      await refuseBacklog(ctx)
      return { push: await toAnswer(ctx, await retryPush(ctx.tx, await accessPush(ctx, input.pushId, { lock: true }))) }
    },
  }),
  operation({
    ...writes,
    name: 'pushes.rollback',
    heavy: true,
    title: 'Roll Back Push',
    description:
      'Restores what was there before, except where it has been changed since (unless `override`). The answer is a push of its own. What it has kept can be rolled ' +
      'back later by another one, which is about that alone.',
    http: 'POST /snapshots/pushes/:pushId/rollback',
    status: 202,
    query: ['companyId'],
    input: Type.Object(
      {
        ...pushId,
        override: Type.Optional(Type.Boolean({ description: 'Restore also what has been changed since. Default: false.' })),
        only: Only(),
        preview: Type.Optional(Type.Boolean({ description: 'Answer with 200 and a plan of what would be restored and what left alone, and do nothing.' })),
      },
      { additionalProperties: false },
    ),
    output: Type.Union([Type.Object({ push: PushAnswer }), Type.Object({ plan: PlanAnswer })]),
    async run(ctx, { pushId, override = false, only, preview = false }) {
      const push = await accessPush(ctx, pushId, { lock: true })
      const options = { override, actor: ctx.author.actor, ...(only === undefined ? {} : { only }) }
      if (preview) {
        const page = newPlanPage({})
        const plan = await planRollback(ctx.tx, push, options, { resources: ctx.resources, onTarget: ({ digest: _, ...target }) => page.add(target) })
        return withStatus(200, { plan: await toPlanAnswer(ctx.tx, plan, page) })
      }
      await refuseBacklog(ctx)
      return { push: await toAnswer(ctx, await startRollback(ctx.tx, push, { ...options, atMs: ctx.author.atMs, resources: ctx.resources })) }
    },
  }),
]
