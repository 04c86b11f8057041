import { Type } from 'typebox'
import { OUTCOMES, STATES } from '../snapshots/options.ts'
import { countTargets, readTotals, type TargetProgress } from '../snapshots/progress.ts'
import type { PushRow } from '../snapshots/push.ts'
import type { Context } from './define.ts'
import { Instant } from './schemas.ts'

const PushTotals = Type.Object(Object.fromEntries(OUTCOMES.map((outcome) => [outcome, Type.Optional(Type.Integer())])))
export const Status = Type.Enum([...STATES])
export const PushAnswer = Type.Object({
  id: Type.String(),
  snapshotId: Type.String(),
  version: Type.Integer(),
  status: Status,
  reverts: Type.Optional(Type.String()),
  totals: PushTotals,
  targets: Type.Record(Type.String(), Type.Integer()),
  createdAt: Instant(),
  startedAt: Type.Optional(Instant()),
  finishedAt: Type.Optional(Instant()),
})
export const targetAnswer = {
  locationId: Type.String(),
  status: Status,
  completed: Type.Array(Type.String()),
  pending: Type.Array(Type.String()),
  failed: Type.Array(Type.String()),
  totals: PushTotals,
  error: Type.Optional(Type.String()),
  startedAt: Type.Optional(Instant()),
  finishedAt: Type.Optional(Instant()),
}
export async function toAnswer(ctx: Pick<Context, 'db'>, push: PushRow) {
  const [totals, targets] = [await readTotals(ctx.db, push.id), await countTargets(ctx.db, push.id)]
  return {
    id: push.id,
    snapshotId: push.snapshotId,
    version: push.version,
    status: push.state,
    ...(push.reverts === null ? {} : { reverts: push.reverts }),
    totals,
    targets: targets as Record<string, number>,
    createdAt: push.createdAt.toISOString(),
    ...(push.startedAt === null ? {} : { startedAt: push.startedAt.toISOString() }),
    ...(push.finishedAt === null ? {} : { finishedAt: push.finishedAt.toISOString() }),
  }
}

export function toTargetAnswer({ id: _, startedAt, finishedAt, ...target }: TargetProgress) {
  return {
    ...target,
    ...(startedAt === null ? {} : { startedAt: startedAt.toISOString() }),
    ...(finishedAt === null ? {} : { finishedAt: finishedAt.toISOString() }),
  }
}
