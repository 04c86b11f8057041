import assert from 'node:assert/strict'
import { HighLevel } from '@gohighlevel/api-client'
import { sql } from 'kysely'
import type { Client, Reply } from './client.ts'
import { hire } from './hire.ts'
import { startTestServer, type TestServer } from './server.ts'
import { createAgency, type TestAgency, type TestLocation } from './tenants.ts'

/** A Monday morning in winter, in New York. */
export const NOW = Date.parse('2026-03-02T07:00:00-05:00')
const WEEKDAYS = [
  { daysOfTheWeek: [1, 2, 3, 4, 5], hours: [{ openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 0 }] },
]

/** Who is named for an appointment. */
const STAFF = ['ann', 'fay', 'kim', 'lea', 'lee', 'nat', 'nia', 'oz', 'uma']

/** A location in New York with a contact and its staff, and the clock held still. */
export interface BookingWorld extends AsyncDisposable {
  server: TestServer
  agency: TestAgency
  location: TestLocation
  client: Client
  sdk: HighLevel
  contactId: string
  /** Open on weekdays from nine to five, an hour for each, unless told otherwise. */
  newCalendar(more?: Record<string, unknown>): Promise<string>
  tryBooking(calendarId: string, startTime: string, more?: object): Promise<Reply>
  /** The answer of a booking that must succeed. */
  booked(calendarId: string, startTime: string, more?: object): Promise<{ id: string; assignedUserId?: string }>
  /** Free slots of a day, as hours and minutes. */
  slots(calendarId: string, date: string, more?: string): Promise<string[]>
}

export async function createBookingWorld(): Promise<BookingWorld> {
  const server = await startTestServer({ work: false, clock: { nowMs: () => NOW } })
  const agency = await createAgency(server.app, { locations: 2 })
  const location = agency.locations[0] as TestLocation
  const here = { locationId: location.id }
  await sql`update location set timezone = 'America/New_York' where id = ${location.id}`.execute(server.app.platform.db)
  await hire(server.app, agency.companyId, [location.id], STAFF)
  const client = server.client(location.token)
  const sdk = new HighLevel({ privateIntegrationToken: location.token, logLevel: 'none' as never })
  sdk.getHttpClient().defaults.baseURL = server.url
  const contact = await client.post('/contacts/', { ...here, firstName: 'Rosan', lastName: 'Deo' })
  assert.equal(contact.status, 201, JSON.stringify(contact.body))
  const contactId: string = contact.body.contact.id
  const world: BookingWorld = {
    server,
    agency,
    location,
    client,
    sdk,
    contactId,
    async newCalendar(more = {}) {
      const { status, body } = await client.post('/calendars/', {
        ...here,
        name: 'Talk',
        slotDuration: 60,
        slotInterval: 60,
        openHours: WEEKDAYS,
        ...more,
      })
      assert.equal(status, 200, JSON.stringify(body))
      return body.calendar.id
    },
    tryBooking: (calendarId, startTime, more = {}) =>
      client.post('/calendars/events/appointments', { ...here, calendarId, contactId, startTime, ...more }),
    async booked(calendarId, startTime, more = {}) {
      const { status, body } = await world.tryBooking(calendarId, startTime, more)
      assert.equal(status, 200, JSON.stringify(body))
      return body
    },
    async slots(calendarId, date, more = '') {
      const startDate = Date.parse(`${date}T00:00:00-05:00`)
      const { status, body } = await client.get(
        `/calendars/${calendarId}/free-slots?startDate=${startDate}&endDate=${startDate + 86_399_999}${more}`,
      )
      assert.equal(status, 200, JSON.stringify(body))
      return (body[date]?.slots ?? []).map((slot: string) => slot.slice(11, 16))
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
  return world
}
