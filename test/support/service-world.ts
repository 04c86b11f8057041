import assert from 'node:assert/strict'
import { type BookingWorld, createBookingWorld } from './booking-world.ts'
import type { Reply } from './client.ts'
import { officialAnswers } from './official-answers.ts'

const assertOfficial = officialAnswers('services')

/** A location whose staff give services, and what a client of v3 asks for there. */
export interface ServiceWorld {
  world: BookingWorld
  /** Below `/calendars/services`. The answer must be what the official schema says, where it is named. */
  v3(method: string, path: string, body?: object, schema?: string): Promise<Reply>
  /** Of half an hour, unless told otherwise. */
  newService(staff: string[], more?: object): Promise<string>
  newPlace(more?: object): Promise<string>
  tryBooking(services: object[], startTime: string, endTime: string, more?: object, query?: string): Promise<Reply>
  /** The answer of a booking that must succeed. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer
  booked(services: object[], startTime: string, endTime: string, more?: object, query?: string): Promise<any>
}

export async function createServiceWorld(): Promise<ServiceWorld> {
  const world = await createBookingWorld()
  const here = { locationId: world.location.id }
  let slugs = 0
  const services: ServiceWorld = {
    world,
    async v3(method, path, body, schema) {
      const headers = { version: 'v3', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
      const sent = body === undefined ? { headers } : { headers, body: JSON.stringify(body) }
      const reply = await world.client.raw(method, `/calendars/services${path}`, sent)
      if (schema !== undefined) {
        assert.ok(reply.status < 300, `${method} ${path}: ${JSON.stringify(reply.body)}`)
        assertOfficial(schema, reply.body)
      }
      return reply
    },
    async newService(staff, more = {}) {
      const wanted = { ...here, name: 'Cut', slug: `service-${slugs++}`, staff: staff.map((id) => ({ id })), ...more }
      return (await services.v3('POST', '/catalog', wanted, 'ServiceResponseWrapperDTO')).body.service.id
    },
    async newPlace(more = {}) {
      const wanted = { ...here, name: 'Place', slug: `place-${slugs++}`, ...more }
      return (await services.v3('POST', '/locations', wanted)).body.id
    },
    tryBooking: (asked, startTime, endTime, more = {}, query = '') =>
      services.v3('POST', `/bookings${query}`, {
        ...{ ...here, contactId: world.contactId, startTime, endTime, timezone: 'America/New_York', services: asked },
        ...more,
      }),
    async booked(...wanted) {
      const reply = await services.tryBooking(...wanted)
      assert.equal(reply.status, 201, JSON.stringify(reply.body))
      // Lists of lists there; texts in its own example.
      const { messages: _, ...told } = reply.body
      assertOfficial('CreateOrUpdateServiceBookingResponseDTO', told)
      return reply.body
    },
  }
  return services
}
