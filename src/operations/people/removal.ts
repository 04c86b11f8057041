import { listLocationIds } from '../../auth/location-lists.ts'
import { calendars } from '../../resources/calendars.ts'
import { users } from '../../resources/records/users.ts'
import { type AssetResource, findByLocal, updateAsset } from '../../store/assets/index.ts'
import { locationsNaming, settleRefs } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { userScope } from './wire.ts'

/** Whoever works in one location may have been asked for in any other of the agency. */
export async function forgetUser(ctx: Context, userId: string): Promise<void> {
  const scope = { ...userScope(ctx), records: ctx.records, kinds: [...ctx.resources.keys()] }
  const everywhere = await listLocationIds(ctx.tx, ctx.agencyId)
  // Calendars first: they lock their locations, in the order of ids.
  const teams = await findByLocal(ctx.tx, {
    kind: calendars.kind,
    locationIds: everywhere,
    holds: { teamMembers: [{ userId }] },
  })
  for (const { locationId, id } of teams) {
    await updateAsset({ ...scope, locationId }, calendars as unknown as AssetResource, id, ({ document }) => ({
      ...document,
      teamMembers: (document.teamMembers as { userId: string }[]).filter((member) => member.userId !== userId),
    }))
  }
  for (const locationId of await locationsNaming(scope, users.kind, userId, everywhere))
    await settleRefs({ ...scope, locationId }, users.kind, [userId])
}
