import type { CountryCode } from 'libphonenumber-js'
import { getLocation } from '../auth/locations.ts'
import { loadTimeZone } from '../scheduling/index.ts'
import { saysItsCountry, toCountry, toPhone } from '../store/phone.ts'
import type { Writing } from './define.ts'

/**
 * A number of a location's people in its normal form: one that does not say its country is read in the person's, else in
 * the location's. Null: no telephone number.
 */
export async function readPhone(ctx: Writing, typed: string, personsCountry?: unknown): Promise<string | null> {
  return toPhone(typed, saysItsCountry(typed) ? toCountry(personsCountry) : await countryOf(ctx, personsCountry))
}

async function countryOf(ctx: Writing, personsCountry?: unknown): Promise<CountryCode> {
  const { doc } = ctx.known?.location ?? (await getLocation(ctx.db, ctx.agencyId, ctx.locationId))
  return toCountry(personsCountry, doc.country)
}

/** What values of filters are read by that do not say it. Where there are none it is not looked up. */
export async function habitsOf(
  ctx: Writing,
  filters: readonly unknown[],
): Promise<{ country: CountryCode; zone: string }> {
  if (filters.length === 0) return { country: 'US', zone: 'UTC' }
  const [country, zone] = await Promise.all([countryOf(ctx), loadTimeZone(ctx)])
  return { country, zone }
}
