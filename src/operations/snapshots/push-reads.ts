import { sql } from 'kysely'
import { Type } from 'typebox'
import { isLetInto } from '../../auth/installs.ts'
import { type AssetOutcome, getTarget, listTargets, readOutcomes } from '../../snapshots/progress.ts'
import { listPushes } from '../../snapshots/push-list.ts'
import { operation } from '../define.ts'
import { parseMoment } from '../moments.ts'
import { After, Id, Kind, Limit, Noun } from '../schemas.ts'
import { accessPush } from './push-access.ts'
import { PushAnswer, targetAnswer, toAnswer, toAnswers, toTargetAnswer, toTargetAnswers } from './push-answers.ts'
import { refuseStrangeKind } from './push-inputs.ts'
import { OutcomeName, StateName } from './push-meanings.ts'

const reads = {
  category: 'Snapshots',
  token: 'agency',
  access: 'read',
  scope: ['snapshots.readonly', 'snapshots.write'],
} as const
const pushId = { companyId: Id(), pushId: Id() }
const Moment = (description: string) =>
  Type.String({ maxLength: 64, description: `${description} ISO 8601, or a day.` })

export const pushReads = [
  operation({
    ...reads,
    name: 'pushes.list',
    title: 'List Pushes',
    description:
      'Pushes of the agency, newest first: also those that began with the creation or the update of a location, ' +
      'and roll-backs.',
    http: 'GET /snapshots/pushes',
    input: Type.Object(
      {
        companyId: Id(),
        snapshotId: Type.Optional(Id()),
        locationId: Type.Optional(Id('Pushes with this target.')),
        status: Type.Optional(StateName()),
        from: Type.Optional(Moment('Started at or after this moment.')),
        to: Type.Optional(Moment('Started at or before this moment; a day alone is the whole day.')),
        limit: Limit(20, 100),
        after: Type.Optional(Id('Id of the last push of the page before.')),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ pushes: Type.Array(PushAnswer), after: After() }),
    async run(ctx, { from, to, limit = 20, ...input }) {
      const pushes = await listPushes(ctx.db, {
        agencyId: ctx.agencyId,
        beyond: ctx.caller.oauth === undefined ? undefined : sql`not ${isLetInto(ctx.caller)}`,
        snapshotId: input.snapshotId,
        locationId: input.locationId,
        status: input.status as string | undefined,
        from: from === undefined ? undefined : parseMoment('from', from, 'start'),
        to: to === undefined ? undefined : parseMoment('to', to, 'end'),
        limit,
        after: input.after,
      })
      return {
        pushes: await toAnswers(ctx.db, pushes),
        after: pushes.length < limit ? null : (pushes.at(-1)?.id ?? null),
      }
    },
  }),
  operation({
    ...reads,
    name: 'pushes.get',
    title: 'Get Push',
    description:
      'Where a push stands: its state, what became of assets so far, and how many targets are in which state.',
    http: 'GET /snapshots/pushes/:pushId',
    input: Type.Object(pushId, { additionalProperties: false }),
    output: Type.Object({ push: PushAnswer }),
    async run(ctx, input) {
      return { push: await toAnswer(ctx, await accessPush(ctx, input.pushId)) }
    },
  }),
  operation({
    ...reads,
    name: 'pushes.targets',
    title: 'List Targets of a Push',
    description:
      'Its sub-accounts with what became of their assets: all, those in one state, those in which an asset had one ' +
      'outcome, or those that are called so.',
    http: 'GET /snapshots/pushes/:pushId/targets',
    input: Type.Object(
      {
        ...pushId,
        status: Type.Optional(StateName()),
        outcome: Type.Optional(OutcomeName('Targets in which this became of at least one asset. ')),
        query: Type.Optional(
          Type.String({ minLength: 1, maxLength: 200, description: 'A part of the name, in any case; or an id.' }),
        ),
        sort: Type.Optional(Type.Enum(['name'], { description: 'By their names. Default: by their ids.' })),
        limit: Limit(100, 1000),
        after: Type.Optional(Id()),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ targets: Type.Array(Noun('PushTarget', targetAnswer)), after: After() }),
    async run(ctx, { limit = 100, ...input }) {
      const push = await accessPush(ctx, input.pushId)
      const { query, after } = input
      const { status, outcome, sort } = input as { status?: string; outcome?: string; sort?: 'name' }
      const targets = await listTargets(ctx.db, push, { limit, after, status, outcome, query, sort })
      return {
        targets: await toTargetAnswers(ctx.db, targets),
        after: targets.length < limit ? null : (targets.at(-1)?.locationId ?? null),
      }
    },
  }),
  operation({
    ...reads,
    name: 'pushes.target',
    title: 'Get Target of a Push',
    description: 'One target with what became of every asset, of assets with one outcome, or of one kind.',
    http: 'GET /snapshots/pushes/:pushId/targets/:locationId',
    input: Type.Object(
      {
        ...pushId,
        locationId: Id(),
        outcome: Type.Optional(OutcomeName('Assets of which this became. ')),
        kind: Type.Optional(Kind()),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      target: Noun('PushTargetInFull', {
        ...targetAnswer,
        assets: Type.Array(
          Noun('AssetOutcome', {
            kind: Type.String(),
            lineage: Type.String(),
            id: Type.Union([Type.String(), Type.Null()]),
            name: Type.String(),
            outcome: OutcomeName(),
            reason: Type.Optional(Type.String()),
            detail: Type.Optional(Type.Unknown()),
          }),
        ),
      }),
    }),
    async run(ctx, input) {
      refuseStrangeKind(ctx, input.kind)
      const push = await accessPush(ctx, input.pushId)
      const target = await getTarget(ctx.db, push, input.locationId)
      const isWanted = ({ kind, outcome }: AssetOutcome) =>
        (input.kind === undefined || kind === input.kind) && (input.outcome === undefined || outcome === input.outcome)
      const assets = (await readOutcomes(ctx.db, push, target, ctx.resources)).filter(isWanted)
      return { target: { ...(await toTargetAnswer(ctx.db, target)), assets } }
    },
  }),
  operation({
    ...reads,
    name: 'pushes.events',
    title: 'Follow a Push',
    description:
      'Server-sent events while it runs: `target` for each target that ends, `progress` with the totals, `done` at ' +
      'the end. The stream ends with its token.',
    http: 'GET /snapshots/pushes/:pushId/events',
    input: Type.Object(pushId, { additionalProperties: false }),
    output: 'stream',
    follows: true,
    async run(ctx, input) {
      const push = await accessPush(ctx, input.pushId)
      const isLetIn = () => ctx.isStillLetIn(() => accessPush(ctx, input.pushId))
      return { contentType: 'text/event-stream', body: ctx.pushFeeds.follow(push, isLetIn) }
    },
  }),
]
