import { isLetInto } from '../../auth/installs.ts'
import { isFound } from '../../auth/location-lists.ts'
import type { Db } from '../../db/pool.ts'
import { AppError, invalid } from '../../errors.ts'
import { type FleetState, isStanding } from '../../snapshots/fleet.ts'
import { type PushOptions, refuseOtherLocations, type Take } from '../../snapshots/options.ts'
import { type Plan, type PlanReading, planPush } from '../../snapshots/plan.ts'
import type { PlannedTarget } from '../../snapshots/planner.ts'
import { resolveTargets } from '../../snapshots/push.ts'
import { getVersion, type SnapshotRow } from '../../snapshots/snapshots.ts'
import { placesOf } from '../../snapshots/target-order.ts'
import type { Context } from '../define.ts'
import { newPlanPage, type PageRequest, toPlanAnswer } from './plan-answers.ts'
import { refuseStrangeKind } from './push-inputs.ts'
import { checkedOptions, type PushRequest, readOptions } from './push-options.ts'

/** A push as somebody asks for it, or as decisions about conflicts come to. */
export type Requested = PushRequest & { takes?: readonly Take[] }

interface PlanRequest {
  snapshot: SnapshotRow
  request: Requested
  locationIds: readonly string[]
}

export const optionsOf = (ctx: Context, { takes, ...request }: Requested): PushOptions => ({
  ...readOptions(ctx, request),
  ...(takes === undefined ? {} : { takes: [...takes] }),
})

/** The sub-accounts that a request means. 422 where it names some, and says of all which are meant as well. */
export async function targetsOf(ctx: Context, db: Db, snapshot: SnapshotRow, request: Requested): Promise<string[]> {
  const { filter, except } = request
  const locationIds = request.locationIds as string[] | 'all'
  const beside = Object.entries({ filter, except }).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (locationIds !== 'all' && beside.length > 0)
    throw invalid(beside.map((name) => `${name} goes with locationIds "all" only`))
  const { agencyId, caller } = ctx
  const isMeant =
    filter &&
    (await isStanding(db, {
      agencyId,
      within: isFound({ agencyId, caller, locationId: null, query: filter.query }),
      snapshotId: filter.snapshotId,
      state: filter.state as FleetState | undefined,
      hasBroken: filter.hasBroken,
    }))
  return resolveTargets(db, snapshot, { locationIds, within: isMeant ?? isLetInto(caller), except: except ?? [] })
}

export async function plan(
  ctx: Context,
  db: Db,
  { snapshot, request, locationIds }: PlanRequest,
  reading: PlanReading,
): Promise<Plan> {
  refuseOtherLocations(snapshot.onlyLocations, locationIds)
  const { version, root } = await getVersion(db, snapshot, request.version)
  const options = await checkedOptions(db, { snapshot, version, locationIds, options: optionsOf(ctx, request) })
  return planPush(db, { snapshot, version, root, locationIds, options, resources: ctx.resources }, reading)
}

/** What the plan that the caller has accepted says of each target. 409 when it is another one by now. */
export async function acceptPlan(ctx: Context, planned: PlanRequest): Promise<Map<string, string>> {
  const digests = new Map<string, string>()
  const { hash } = await plan(ctx, ctx.tx, planned, {
    describes: false,
    onTarget: ({ locationId, digest }) => digests.set(locationId, digest),
  })
  if (hash !== planned.request.planHash) throw new AppError('plan_stale', { hash })
  return digests
}

/** The page of the plan of a push that a caller asked for. */
export async function planVersion(
  ctx: Context,
  db: Db,
  snapshot: SnapshotRow,
  { request, page: asked }: { request: Requested; page: PageRequest },
) {
  refuseStrangeKind(ctx, asked.kind)
  const locationIds = await targetsOf(ctx, db, snapshot, request)
  const page = newPlanPage(asked, await placesOf(db, locationIds, asked.query))
  const reading = {
    describes: true,
    nowMs: ctx.author.atMs,
    unchanged: asked.unchanged ?? asked.action === 'unchanged',
    onTarget: ({ digest: _, ...target }: PlannedTarget) => page.add(target),
  }
  return toPlanAnswer(db, await plan(ctx, db, { snapshot, request, locationIds }, reading), page)
}
