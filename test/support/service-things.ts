import type { TestServer } from './server.ts'
import type { Tenant } from './tenant-world.ts'

/** A booking of services: their staff are people. */
export async function serviceThings(
  server: TestServer,
  { locationId, locationToken, word, ids }: Tenant,
): Promise<void> {
  const client = server.client(locationToken)
  const [person] = (await client.get(`/users/?locationId=${locationId}`)).body.users
  const catalog = '/calendars/services/catalog'
  const service = { locationId, name: word, slug: word, staff: [{ id: person.id }] }
  const { id } = (await client.post(catalog, service)).body.service
  const times = { startTime: '2031-03-03T10:00:00Z', endTime: '2031-03-03T11:00:00Z', timezone: 'UTC' }
  const wanted = { locationId, contactId: ids.get('contact'), title: word, ...times, services: [{ id }] }
  const { status, body } = await client.post('/calendars/services/bookings?overrideAvailability=true', wanted)
  if (status !== 201) throw new Error(JSON.stringify(body))
  ids.set('serviceBookings.bookingId', body.bookingId)
}
