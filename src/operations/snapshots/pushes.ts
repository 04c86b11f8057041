import { Type } from 'typebox'
import { inTransaction } from '../../db/transaction.ts'
import { cancelPush, retryPush } from '../../snapshots/push.ts'
import { startRollback } from '../../snapshots/rollback.ts'
import { planRollback } from '../../snapshots/rollback-plan.ts'
import { getSnapshot } from '../../snapshots/snapshots.ts'
import { placesInPush } from '../../snapshots/target-order.ts'
import { withStatus } from '../answer.ts'
import { operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { newPlanPage, PLAN_QUERY, PlanAnswer, planPage, toPlanAnswer } from './plan-answers.ts'
import { planVersion } from './planning.ts'
import { accessPush } from './push-access.ts'
import { PushAnswer, toAnswer } from './push-answers.ts'
import { Only, PlanHash, PlanInput, PushInput, refuseStrangeKind } from './push-inputs.ts'
import { pushReads } from './push-reads.ts'
import { pushVersion, refuseBacklog } from './starting.ts'

const common = { category: 'Snapshots', token: 'agency' } as const
const reads = { ...common, access: 'read', scope: ['snapshots.readonly', 'snapshots.write'] } as const
const writes = { ...common, access: 'destructive', scope: 'snapshots.write' } as const
const pushId = { companyId: Id(), pushId: Id() }
/** A roll-back tells nothing of what stays as it is. */
const { unchanged: _, ...rollbackPage } = planPage

export const pushOperations = [
  ...pushReads,
  operation({
    ...reads,
    name: 'snapshots.plan',
    heavy: true,
    kind: 'action',
    title: 'Plan a Push',
    description:
      'What a push would do to every asset of every target, without doing it. Totals and hash cover everything; ' +
      'changes are listed by target, page by page, and equal ' +
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
    plannedBy: 'snapshots.plan',
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
      return {
        push: await toAnswer(
          ctx,
          await cancelPush(ctx.tx, await accessPush(ctx, input.pushId, { lock: true }), ctx.author.atMs),
        ),
      }
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
      'Restores what was there before, except where it has been changed since (unless `override`). The answer is a ' +
      'push of its own. What it has kept can be rolled ' +
      'back later by another one, which is about that alone.',
    http: 'POST /snapshots/pushes/:pushId/rollback',
    status: 202,
    query: ['companyId', ...Object.keys(rollbackPage)],
    input: Type.Object(
      {
        ...pushId,
        override: Type.Optional(
          Type.Boolean({ description: 'Restore also what has been changed since. Default: false.' }),
        ),
        only: Only(),
        preview: Type.Optional(
          Type.Boolean({
            description: 'Answer with 200 and a plan of what would be restored and what left alone, and do nothing.',
          }),
        ),
        planHash: PlanHash(),
        ...rollbackPage,
      },
      { additionalProperties: false },
    ),
    output: Type.Union([Type.Object({ push: PushAnswer }), Type.Object({ plan: PlanAnswer })]),
    async run(ctx, { pushId, override = false, only, preview = false, planHash, companyId: __, ...asked }) {
      const push = await accessPush(ctx, pushId, { lock: true })
      const options = { override, actor: ctx.author.actor, ...(only === undefined ? {} : { only }) }
      if (preview) {
        refuseStrangeKind(ctx, asked.kind)
        const page = newPlanPage(asked, await placesInPush(ctx.tx, push, asked.query))
        const plan = await planRollback(ctx.tx, push, options, {
          resources: ctx.resources,
          onTarget: ({ digest: _, ...target }) => page.add(target),
        })
        return withStatus(200, { plan: await toPlanAnswer(ctx.tx, plan, page) })
      }
      await refuseBacklog(ctx)
      return {
        push: await toAnswer(
          ctx,
          await startRollback(ctx.tx, push, { ...options, planHash, atMs: ctx.author.atMs, resources: ctx.resources }),
        ),
      }
    },
  }),
]
