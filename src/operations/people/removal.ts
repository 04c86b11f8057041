import { listLocationIds } from '../../auth/location-lists.ts'
import { calendarServices } from '../../resources/calendar-services.ts'
import { calendars } from '../../resources/calendars.ts'
import { users } from '../../resources/records/users.ts'
import { type AssetResource, findByLocal, updateAsset } from '../../store/assets/index.ts'
import { locationsNaming, settleRefs } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { userScope } from './wire.ts'

/** Local lists of those who can be booked, and where they name whom. */
const TEAMS = [
  { resource: calendars as unknown as AssetResource, list: 'teamMembers', id: 'userId' },
  { resource: calendarServices as unknown as AssetResource, list: 'staff', id: 'id' },
]

/** Whoever works in one location may have been asked for in any other of the agency. */
export async function forgetUser(ctx: Context, userId: string): Promise<void> {
  const scope = { ...userScope(ctx), records: ctx.records, kinds: [...ctx.resources.keys()] }
  const everywhere = await listLocationIds(ctx.tx, ctx.agencyId)
  // Teams first: they lock their locations, in the order of ids.
  const holding = TEAMS.map(({ resource, list, id }) => ({
    kind: resource.kind,
    local: { [list]: [{ [id]: userId }] },
  }))
  for (const { locationId, kind, id: assetId } of await findByLocal(ctx.tx, { locationIds: everywhere, holding })) {
    const { resource, list, id } = TEAMS.find((team) => team.resource.kind === kind) as (typeof TEAMS)[number]
    await updateAsset({ ...scope, locationId }, resource, assetId, ({ document }) => ({
      ...document,
      [list]: (document[list] as Record<string, unknown>[]).filter((member) => member[id] !== userId),
    }))
  }
  for (const locationId of await locationsNaming(scope, users.kind, userId, everywhere))
    await settleRefs({ ...scope, locationId }, users.kind, [userId])
}
