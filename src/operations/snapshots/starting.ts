import { countPending } from '../../db/queue.ts'
import { AppError } from '../../errors.ts'
import { inDependencyOrder } from '../../snapshots/order.ts'
import { type PushRow, startPush } from '../../snapshots/push.ts'
import { getVersion, readGoneKinds, type SnapshotRow } from '../../snapshots/snapshots.ts'
import type { Context } from '../define.ts'
import { acceptPlan, optionsOf, type Requested, targetsOf } from './planning.ts'
import { checkedOptions } from './push-options.ts'

/** No other push begins while so much of an agency's work waits: 429. One push may be as large as it is. */
export async function refuseBacklog(ctx: Context): Promise<void> {
  const most = ctx.config.pendingJobs
  if ((await countPending(ctx.tx, ctx.agencyId)) >= most)
    throw new AppError('too_many', { what: 'waiting batches of pushes', most, seconds: BACKLOG_SECONDS })
}

const BACKLOG_SECONDS = 10

/**
 * Starts a push of a version to locations: what `snapshots.push`, and the snapshot fields of the location endpoints,
 * do.
 */
export async function pushVersion(ctx: Context, snapshot: SnapshotRow, request: Requested): Promise<PushRow> {
  await refuseBacklog(ctx)
  const locationIds = await targetsOf(ctx, ctx.tx, snapshot, request)
  const planDigests =
    request.planHash === undefined ? undefined : await acceptPlan(ctx, { snapshot, request, locationIds })
  const { version, counts } = await getVersion(ctx.tx, snapshot, request.version)
  const options = await checkedOptions(ctx.tx, { snapshot, version, locationIds, options: optionsOf(ctx, request) })
  const gone = options.deletions || options.takes !== undefined ? await readGoneKinds(ctx.tx, snapshot.id, version) : []
  const kinds = inDependencyOrder(
    ctx.resources,
    [...Object.keys(counts), ...gone].filter(
      (kind) => ctx.resources.has(kind) && (options.only?.some((asset) => asset.kind === kind) ?? true),
    ),
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
