import { type Static, Type } from 'typebox'
import type { LocationRow } from '../../auth/location-row.ts'
import { createLocation, findLocationByExternalId, getLocation, updateLocation } from '../../auth/locations.ts'
import { checkTenancy } from '../../auth/tenants.ts'
import { AppError } from '../../errors.ts'
import { lockIdentity } from '../../store/records/index.ts'
import { type WithStatus, withStatus } from '../answer.ts'
import type { Context } from '../define.ts'
import { checkTimezone, type Details, LocationAnswer, toAnswer, toDocument } from './wire.ts'

/** Contract, "Synchronisation endpoints of the connection guide". */
export const Synchronised = Type.Object({ id: Type.String(), created: Type.Boolean(), location: LocationAnswer })

/** A location token's own location; of an agency the one that goes by this name. Null: there is none yet. */
async function findNamed(ctx: Context, externalId: string): Promise<LocationRow | null> {
  const named = await findLocationByExternalId(ctx.tx, ctx.agencyId, externalId)
  if (ctx.caller.locationId === null) {
    await checkTenancy(ctx.tx, ctx.caller, { companyIds: [], locationIds: named === null ? [] : [named.id] })
    return named
  }
  const own = await getLocation(ctx.tx, ctx.agencyId, ctx.caller.locationId)
  const isTaken = own.doc.externalId !== undefined && own.doc.externalId !== externalId && own.id !== externalId
  if (isTaken || (named !== null && named.id !== own.id)) throw new AppError('location_forbidden')
  return own
}

/** Makes or updates the location that another program calls `externalId`: 201 or 200. */
export async function synchroniseLocation(
  ctx: Context,
  externalId: string,
  { name, details }: { name: string; details: Details },
): Promise<WithStatus<Static<typeof Synchronised>>> {
  await lockIdentity(ctx.tx, ctx.agencyId, { email: `location/${externalId}` })
  const known = await findNamed(ctx, externalId)
  const timezone = details.timezone as string | undefined
  const answer = (status: number, row: LocationRow) =>
    withStatus(status, { id: row.id, created: status === 201, location: toAnswer(row) })
  if (known === null) {
    const doc = { ...toDocument(details), externalId }
    return answer(
      201,
      await createLocation(
        ctx.tx,
        { agencyId: ctx.agencyId, name, timezone: checkTimezone(timezone), doc },
        ctx.author.atMs,
      ),
    )
  }
  const doc = { ...known.doc, ...toDocument(details), ...(known.id === externalId ? {} : { externalId }) }
  const changes = { name, timezone: timezone === undefined ? known.timezone : checkTimezone(timezone), doc }
  return answer(200, await updateLocation(ctx.tx, known, changes, ctx.author.atMs))
}
