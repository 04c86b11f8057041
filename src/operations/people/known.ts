import { invalid } from '../../errors.ts'
import { users } from '../../resources/records/users.ts'
import { hasId, listRecords } from '../../store/records/index.ts'
import type { Writing } from '../define.ts'

/**
 * What is wrong with ids of people that a field is given: each must be of a user who works in the location, or for the
 * whole agency. Those that the field has already are not asked for.
 */
export async function faultsOfPeople(
  ctx: Writing,
  field: string,
  given: unknown,
  present: unknown = [],
): Promise<string[]> {
  const had = new Set([present].flat())
  const ids = [...new Set([given].flat())].filter(
    (id) => typeof id === 'string' && id !== '' && !had.has(id),
  ) as string[]
  if (ids.length === 0) return []
  const found = await listRecords(ctx.db, users, ctx.agencyId, { where: hasId(ids) })
  const worksHere = ({ type, locationIds }: Record<string, unknown>) =>
    type === 'agency' || (locationIds as string[]).includes(ctx.locationId)
  const known = new Set(found.filter(({ document }) => worksHere(document)).map(({ id }) => id))
  return ids.filter((id) => !known.has(id)).map((id) => `${field}: there is no user ${id} in this location`)
}

/** The same as 422. */
export async function refuseStrangers(ctx: Writing, field: string, given: unknown, present?: unknown): Promise<void> {
  const faults = await faultsOfPeople(ctx, field, given, present)
  if (faults.length > 0) throw invalid(faults)
}
