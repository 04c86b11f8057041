import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { hire } from '../support/hire.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'
import { LOOPBACK, makeWebhook, startReceiver } from '../support/webhooks.ts'

let story: Story
before(async () => {
  story = await startStory(LOOPBACK)
})
after(() => story?.[Symbol.asyncDispose]())

const CATALOG = '/calendars/services/catalog'
const only = async ({ client, id }: Actor) => {
  const { services } = (await client.get(`${CATALOG}?locationId=${id}`)).body
  assert.equal(services.length, 1)
  return services[0]
}

test('services travel with their categories, forms, variations and places; who gives them is of each sub-account', async () => {
  const { agency, server } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  await hire(server.app, agency.companyId, [source.id], ['sam'])
  await hire(server.app, agency.companyId, [target.id], ['tom'])
  const here = { locationId: source.id }
  const hair = { ...here, name: 'Hair', description: 'For heads', slug: 'hair' }
  const { group } = (await source.client.post('/calendars/groups', hair)).body
  const { form } = (await source.client.post('/forms/', { ...here, name: 'Before', fields: [] })).body
  const wanted = {
    ...{ ...here, name: 'Cut', slug: 'cut', serviceCategoryId: group.id, formId: form.id, serviceDuration: 30 },
    ...{ variations: [{ name: 'Long', serviceDuration: 60 }], staff: [{ id: 'sam' }], payment: { amount: 40 } },
  }
  const made = await source.client.post(CATALOG, wanted)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  await source.client.post('/calendars/services/locations', { ...here, name: 'Studio', slug: 'studio' })

  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const arrived = await only(target)
  const { groups } = (await target.client.get(`/calendars/groups?locationId=${target.id}`)).body
  const { forms } = (await target.client.get(`/forms/?locationId=${target.id}`)).body
  assert.deepEqual([arrived.serviceCategoryId, arrived.formId], [groups[0].id, forms[0].id])
  assert.ok(![group.id, form.id].includes(arrived.serviceCategoryId))
  assert.deepEqual([arrived.staff, arrived.variations[0].name], [[], 'Long'])
  const { serviceLocations } = (await target.client.get(`/calendars/services/locations?locationId=${target.id}`)).body
  assert.deepEqual([serviceLocations.length, serviceLocations[0].slug], [1, 'studio'])

  const path = `${CATALOG}/${arrived.id}`
  assert.equal((await target.client.put(path, { staff: [{ id: 'tom' }], payment: { amount: 55 } })).status, 200)
  await source.client.put(`${CATALOG}/${made.body.service.id}`, { serviceDuration: 45, name: 'Haircut' })
  await agency.refresh(snapshot.id)
  await agency.push(snapshot.id, [target.id])
  const { name, serviceDuration, payment, staff } = await only(target)
  assert.deepEqual(
    { name, serviceDuration, payment, staff },
    { name: 'Haircut', serviceDuration: 45, payment: { amount: 55 }, staff: [{ id: 'tom' }] },
  )
})

test('webhooks tell of a booking of services as of an appointment', async () => {
  const { agency, server } = story
  const { client, id: locationId } = await newLocation(story, 'Studio')
  await hire(server.app, agency.companyId, [locationId], ['una'])
  await using receiver = await startReceiver()
  await makeWebhook(client, { url: receiver.url })
  const { contact } = (await client.post('/contacts/', { locationId, firstName: 'Ada' })).body
  const service = { locationId, name: 'Cut', slug: 'cut', staff: [{ id: 'una' }] }
  const { id } = (await client.post(CATALOG, service)).body.service
  const times = { startTime: '2031-03-03T10:00:00Z', endTime: '2031-03-03T10:30:00Z', timezone: 'UTC' }
  const wanted = { locationId, contactId: contact.id, ...times, services: [{ id }] }
  const { bookingId } = (await client.post('/calendars/services/bookings', wanted)).body
  await client.put(`/calendars/services/bookings/${bookingId}`, { status: 'showed' })
  await client.delete(`/calendars/services/bookings/${bookingId}`)
  const told = () => receiver.taken.filter(({ body }) => body.appointment?.id === bookingId).map(({ body }) => body)
  await receiver.until(() => told().length === 3, 'three events')
  const byType = new Map(told().map(({ type, appointment }) => [type, appointment]))
  assert.deepEqual([...byType.keys()].toSorted(), ['AppointmentCreate', 'AppointmentDelete', 'AppointmentUpdate'])
  const { title, assignedUserId, appointmentStatus, startTime } = byType.get('AppointmentCreate')
  assert.deepEqual(
    { title, assignedUserId, appointmentStatus, startTime },
    {
      title: 'Ada - Cut',
      assignedUserId: 'una',
      appointmentStatus: 'confirmed',
      startTime: '2031-03-03T10:00:00.000Z',
    },
  )
  assert.equal(byType.get('AppointmentUpdate').appointmentStatus, 'showed')
})
