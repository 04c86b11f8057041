import { Type } from 'typebox'
import { namesOfLocations } from '../../auth/location-lists.ts'
import type { Db } from '../../db/pool.ts'
import { namesOfActors } from '../../snapshots/actor-names.ts'
import type { TargetProgress } from '../../snapshots/progress.ts'
import type { PushRow } from '../../snapshots/push.ts'
import { type PushSummary, summarisePushes } from '../../snapshots/push-list.ts'
import type { Context } from '../define.ts'
import { Actor, Instant, LocationName, Noun } from '../schemas.ts'
import { OutcomeTotals, StateName, StateTotals } from './push-meanings.ts'

export const PushAnswer = Noun('Push', {
  id: Type.String(),
  snapshotId: Type.String(),
  snapshotName: Type.Union([Type.String(), Type.Null()], { description: 'Null: the snapshot was deleted.' }),
  version: Type.Integer(),
  versionName: Type.Optional(Type.String()),
  status: StateName(),
  reverts: Type.Optional(Type.String({ description: 'The push that this one rolls back.' })),
  restOf: Type.Optional(
    Type.String({ description: 'The earlier roll-back of the same push that has kept what this one is about.' }),
  ),
  ...Actor,
  totals: OutcomeTotals(),
  targets: StateTotals(),
  createdAt: Instant(),
  startedAt: Type.Optional(Instant()),
  finishedAt: Type.Optional(Instant()),
})
export const targetAnswer = {
  locationId: Type.String(),
  locationName: LocationName(),
  status: StateName(),
  completed: Type.Array(Type.String()),
  pending: Type.Array(Type.String()),
  failed: Type.Array(Type.String()),
  totals: OutcomeTotals(),
  error: Type.Optional(Type.String()),
  startedAt: Type.Optional(Instant()),
  finishedAt: Type.Optional(Instant()),
}

const UNKNOWN: PushSummary = { snapshotName: null, versionName: null, totals: {}, targets: {} }

/** Pushes as callers see them: two statements, however many they are. */
export async function toAnswers(db: Db, pushes: readonly PushRow[]) {
  const summaries = await summarisePushes(
    db,
    pushes.map((push) => push.id),
  )
  const actors = await namesOfActors(
    db,
    pushes.map((push) => push.actor),
  )
  return pushes.map((push) => {
    const { snapshotName, versionName, totals, targets } = summaries.get(push.id) ?? UNKNOWN
    return {
      id: push.id,
      snapshotId: push.snapshotId,
      snapshotName,
      version: push.version,
      ...(versionName === null ? {} : { versionName }),
      status: push.state,
      ...(push.reverts === null ? {} : { reverts: push.reverts }),
      ...(push.options.restOf === undefined ? {} : { restOf: push.options.restOf }),
      actor: push.actor,
      actorName: actors.get(push.actor) ?? null,
      totals,
      targets,
      createdAt: push.createdAt.toISOString(),
      ...(push.startedAt === null ? {} : { startedAt: push.startedAt.toISOString() }),
      ...(push.finishedAt === null ? {} : { finishedAt: push.finishedAt.toISOString() }),
    }
  })
}

type Answer = Awaited<ReturnType<typeof toAnswers>>[number]

export async function toAnswer(ctx: Pick<Context, 'db'>, push: PushRow): Promise<Answer> {
  return (await toAnswers(ctx.db, [push]))[0] as Answer
}

/** Targets as callers see them. */
export async function toTargetAnswers(db: Db, targets: readonly TargetProgress[]) {
  const names = await namesOfLocations(
    db,
    targets.map((target) => target.locationId),
  )
  return targets.map(({ id: _, locationId, startedAt, finishedAt, ...target }) => ({
    locationId,
    locationName: names.get(locationId) ?? locationId,
    ...target,
    ...(startedAt === null ? {} : { startedAt: startedAt.toISOString() }),
    ...(finishedAt === null ? {} : { finishedAt: finishedAt.toISOString() }),
  }))
}

export async function toTargetAnswer(db: Db, target: TargetProgress) {
  return (await toTargetAnswers(db, [target]))[0] as Awaited<ReturnType<typeof toTargetAnswers>>[number]
}
