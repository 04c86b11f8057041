import { sql } from 'kysely'
import { isLetInto } from '../../auth/installs.ts'
import { queryOne } from '../../db/pool.ts'
import { AppError } from '../../errors.ts'
import { getPush, type PushRow } from '../../snapshots/push.ts'
import type { Context } from '../define.ts'

/** A push of the caller's agency. 403 for an app when it reaches sub-accounts that the app was not let into. */
export async function accessPush(ctx: Context, id: string, options: { lock?: boolean } = {}): Promise<PushRow> {
  const push = await getPush(ctx.db, ctx.agencyId, id, options)
  if (ctx.caller.oauth !== undefined) {
    const beyond = await queryOne(
      ctx.db,
      sql`select 1 from push_target t join location l on l.id = t.location_id where t.push_id = ${id}
          and not ${isLetInto(ctx.caller)} limit 1`,
    )
    if (beyond !== null) throw new AppError('location_forbidden')
  }
  return push
}
