import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type BookingWorld, createBookingWorld } from '../support/booking-world.ts'
import { conforms, refuses } from '../support/official.ts'
import type { TestLocation } from '../support/tenants.ts'

let world: BookingWorld
before(async () => {
  world = await createBookingWorld()
})
after(() => world?.[Symbol.asyncDispose]())

test('the official client manages notifications of a calendar, as bare lists', async () => {
  const calendarId = await world.newCalendar()
  const template = (
    await world.client.post(`/locations/${world.location.id}/templates`, {
      name: 'Reminder',
      type: 'sms',
      template: { body: 'Soon!' },
    })
  ).body.template
  const wanted = [
    {
      receiverType: 'contact',
      channel: 'sms',
      notificationType: 'reminder',
      templateId: template.id,
      beforeTime: [{ timeOffset: 1, unit: 'hours' }],
    },
    {
      receiverType: 'emails',
      channel: 'email',
      notificationType: 'booked',
      additionalEmailIds: ['desk@studio.example'],
      isActive: false,
    },
  ]
  const created = await world.sdk.calendars.createEventNotification({ calendarId }, wanted as never)
  conforms('POST /calendars/{calendarId}/notifications', created)
  const [reminder, desk] = created as unknown as { _id: string; templateId: string; additionalEmailIds: string[] }[]
  assert.equal(reminder?.templateId, template.id)
  assert.deepEqual(desk?.additionalEmailIds, ['desk@studio.example'])
  const listed = await world.sdk.calendars.getEventNotification({ calendarId, isActive: true } as never)
  conforms('GET /calendars/{calendarId}/notifications', listed)
  assert.deepEqual(listed, [reminder])
  const notificationId = desk?._id as string
  const found = await world.sdk.calendars.findEventNotification({ calendarId, notificationId })
  conforms('GET /calendars/{calendarId}/notifications/{notificationId}', found)
  const { traceId, ...bare } = found as { traceId?: string }
  assert.deepEqual([bare, typeof traceId], [desk, 'string'])
  const updated = await world.sdk.calendars.updateEventNotification({ calendarId, notificationId }, {
    isActive: true,
    subject: 'New booking',
  } as never)
  conforms('PUT /calendars/{calendarId}/notifications/{notificationId}', updated)
  const again = await world.sdk.calendars.findEventNotification({ calendarId, notificationId })
  assert.deepEqual({ ...again, traceId: '' }, { ...desk, isActive: true, subject: 'New booking', traceId: '' })
  await world.sdk.calendars.updateEventNotification({ calendarId, notificationId }, { deleted: true } as never)
  assert.equal((await world.client.get(`/calendars/${calendarId}/notifications`)).body.length, 1)
  assert.equal((await world.client.get(`/calendars/${calendarId}/notifications?deleted=true`)).body.length, 1)
  const gone = await world.sdk.calendars.deleteEventNotification({ calendarId, notificationId })
  conforms('DELETE /calendars/{calendarId}/notifications/{notificationId}', gone)
  await assert.rejects(world.sdk.calendars.findEventNotification({ calendarId, notificationId }), refuses(404))
  assert.equal((await world.client.post(`/calendars/${calendarId}/notifications`, [])).status, 422)
})

test('the description of the surface tells that notifications come as a list', async () => {
  const { paths } = (await world.server.client().raw('GET', '/openapi.json')).body
  const { schema } = paths['/calendars/{calendarId}/notifications'].post.requestBody.content['application/json']
  assert.deepEqual([schema.type, schema.items.required], ['array', ['receiverType', 'channel', 'notificationType']])
})

test('notifications travel in a snapshot: their template is that of the target, their receivers stay behind', async () => {
  const { id: target, token } = world.agency.locations[1] as TestLocation
  const calendarId = await world.newCalendar({ name: 'Travels' })
  const template = (
    await world.client.post(`/locations/${world.location.id}/templates`, {
      name: 'Travels',
      type: 'sms',
      template: { body: 'Soon!' },
    })
  ).body.template
  const notification = {
    receiverType: 'contact',
    channel: 'sms',
    notificationType: 'booked',
    templateId: template.id,
    selectedUsers: ['ann'],
  }
  await world.client.post(`/calendars/${calendarId}/notifications`, [notification])
  const agencyClient = world.server.client(world.agency.token)
  const company = `companyId=${world.agency.companyId}`
  const assets = [{ kind: 'calendars', id: calendarId }]
  const { snapshot } = (
    await agencyClient.post(`/snapshots/?${company}`, { name: 'One', locationId: world.location.id, assets })
  ).body
  assert.deepEqual(snapshot.assets, { calendars: 1, templates: 1 }, 'the template comes along')
  const plan = await agencyClient.post(`/snapshots/${snapshot.id}/plan?${company}`, { locationIds: [target] })
  assert.equal(plan.status, 200, JSON.stringify(plan.body))
  const exported = await agencyClient.get(`/snapshots/${snapshot.id}/assets/calendars/${calendarId}?${company}`)
  assert.doesNotMatch(JSON.stringify(exported.body), new RegExp(`selectedUsers|"${template.id}"`))
  assert.equal((await world.server.client(token).get(`/calendars/${calendarId}/notifications`)).status, 404)
})
