import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type BookingWorld, createBookingWorld } from '../support/booking-world.ts'
import { officialEntry, officialFaults } from '../support/official.ts'

let world: BookingWorld
before(async () => {
  world = await createBookingWorld()
})
after(() => world?.[Symbol.asyncDispose]())

const here = () => ({ locationId: world.location.id })

/** The answer, once the official schema of the line has nothing against it. */
function official<T>(line: string, body: T): T {
  assert.deepEqual(officialFaults(officialEntry(line), body), [], `${line}: ${JSON.stringify(body)}`)
  return body
}

test('calendar groups answer the official client as its schemas say', async () => {
  const { calendars } = world.sdk
  const { group } = official(
    'POST /calendars/groups',
    await calendars.createCalendarGroup({ ...here(), name: 'Meetings', description: 'All', slug: 'meetings' }),
  )
  const groupId = group?.id as string
  official('POST /calendars/groups/validate-slug', await calendars.validateGroupsSlug({ ...here(), slug: 'meetings' }))
  official('GET /calendars/groups', await calendars.getGroups(here()))
  const renamed = await calendars.editGroup({ groupId }, { name: 'Talks', description: 'Some', slug: 'talks' })
  assert.equal(official('PUT /calendars/groups/{groupId}', renamed).group?.name, 'Talks')
  official('PUT /calendars/groups/{groupId}/status', await calendars.disableGroup({ groupId }, { isActive: false }))
  official('DELETE /calendars/groups/{groupId}', await calendars.deleteGroup({ groupId }))
})

test('calendars answer the official client as its schemas say', async () => {
  const { calendars } = world.sdk
  const wanted = {
    ...here(),
    name: 'Talk',
    calendarType: 'round_robin',
    teamMembers: [{ userId: 'ann', priority: 0.5 }],
    openHours: [{ daysOfTheWeek: [1], hours: [{ openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 0 }] }],
    availabilities: [
      { date: '2026-03-03T00:00:00.000Z', hours: [{ openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 0 }] },
    ],
  }
  const { calendar } = official('POST /calendars/', await calendars.createCalendar(wanted as never))
  const calendarId = calendar.id
  official('GET /calendars/', await calendars.getCalendars(here()))
  official('GET /calendars/{calendarId}', await calendars.getCalendar({ calendarId }))
  const updated = official(
    'PUT /calendars/{calendarId}',
    await calendars.updateCalendar({ calendarId }, { name: 'Long talk' } as never),
  )
  assert.equal(updated.calendar.name, 'Long talk')
  official('DELETE /calendars/{calendarId}', await calendars.deleteCalendar({ calendarId }))
})

for (const resourceType of ['rooms', 'equipments'] as const) {
  test(`${resourceType} answer the official client as its schemas say`, async () => {
    const { calendars } = world.sdk
    const calendarId = await world.newCalendar()
    const wanted = {
      ...here(),
      name: 'Studio',
      description: 'North',
      quantity: 2,
      outOfService: 0,
      capacity: 4,
      calendarIds: [calendarId],
    }
    const line = '/calendars/resources/{resourceType}'
    const created = official(
      `POST ${line}`,
      await calendars.createCalendarResource({ resourceType } as never, wanted as never),
    ) as unknown as {
      id?: string
      _id?: string
    }
    const id = (created.id ?? created._id) as string
    official(
      `GET ${line}`,
      await calendars.fetchCalendarResources({ ...here(), resourceType, limit: 10, skip: 0 } as never),
    )
    official(`GET ${line}/{id}`, await calendars.getCalendarResource({ resourceType, id } as never))
    const updated = official(
      `PUT ${line}/{id}`,
      await calendars.updateCalendarResource({ resourceType, id } as never, { ...here(), name: 'Loft' } as never),
    )
    assert.equal((updated as { name?: string }).name, 'Loft')
    official(`DELETE ${line}/{id}`, await calendars.deleteCalendarResource({ resourceType, id } as never))
  })
}
