import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BookingWorld } from '../support/booking-world.ts'
import { createServiceWorld, type ServiceWorld } from '../support/service-world.ts'

let world: BookingWorld
let { v3, newService } = {} as ServiceWorld
before(async () => {
  ;({ world, v3, newService } = await createServiceWorld())
})
after(() => world?.[Symbol.asyncDispose]())

const here = () => ({ locationId: world.location.id })
test('services and their locations are made, read, changed and removed as the official schemas say', async () => {
  const { group } = (await world.client.post('/calendars/groups', { ...here(), ...GROUP })).body
  const { form } = (await world.client.post('/forms/', { ...here(), name: 'Before', fields: [] })).body
  const full = {
    ...{ ...here(), name: 'Hair Styling', slug: 'hair-styling', description: 'All of it', eventColor: '#66C61C' },
    ...{ coverImage: 'https://example.com/cover.jpg', serviceCategoryId: group.id, formId: form.id, isPrivate: true },
    ...{ serviceDuration: 1, serviceDurationUnit: 'hours', preBuffer: 10, preBufferUnit: 'mins' },
    ...{ postBuffer: 15, postBufferUnit: 'mins', payment: { amount: 50, deposit: 20, depositType: 'amount' } },
    ...{ staff: [{ id: 'ann' }], variations: [{ name: 'Short', serviceDuration: 30, payment: { amount: 30 } }] },
  }
  const made = (await v3('POST', '/catalog', full, 'ServiceResponseWrapperDTO')).body.service
  const [short] = made.variations
  assert.deepEqual({ ...made, variations: [] }, { ...full, id: made.id, variations: [] })
  const path = `/catalog/${made.id}`
  assert.deepEqual((await v3('GET', path, undefined, 'ServiceResponseWrapperDTO')).body.service, made)
  const variations = [{ id: short.id, serviceDuration: 45 }, { name: 'Long' }]
  const changed = await v3('PUT', path, { name: 'Styling', variations }, 'ServiceResponseWrapperDTO')
  const [kept, added] = changed.body.service.variations
  assert.deepEqual(kept, { ...short, serviceDuration: 45 }, 'what was not sent stays')
  assert.deepEqual([added.name, changed.body.service.name, changed.body.service.slug], ['Long', 'Styling', full.slug])
  assert.deepEqual((await v3('PUT', path, { variations: [] })).body.service.variations, [])

  const listed = async (query: string) => {
    const { body } = await v3(
      'GET',
      `/catalog?locationId=${world.location.id}${query}`,
      undefined,
      'ServicesListResponseDTO',
    )
    return body.services.map(({ id }: { id: string }) => id).toSorted()
  }
  const open = await newService(['ann'])
  assert.deepEqual([await listed(''), await listed('&isPrivate=true')], [[made.id, open].toSorted(), [made.id]])
  assert.deepEqual(
    [await listed('&isPrivate=false'), await listed(`&serviceCategoryId=${group.id}`)],
    [[open], [made.id]],
  )

  const openSlug: string = (await v3('GET', `/catalog/${open}`)).body.service.slug
  const refused = async (changes: object, message: RegExp, refusal = 422) => {
    for (const [method, to, body] of [
      ['POST', '/catalog', { ...full, slug: 'other', ...changes }],
      ['PUT', path, changes],
    ] as const) {
      const reply = await v3(method, to, body)
      assert.equal(reply.status, refusal, JSON.stringify(reply.body))
      assert.match(String(reply.body.message), message)
    }
  }
  await refused({ staff: [{ id: 'nobody' }] }, /staff: there is no user nobody in this location/)
  await refused({ serviceCategoryId: 'none' }, /serviceCategoryId/)
  await refused({ postBuffer: 25, postBufferUnit: 'hours' }, /postBuffer must be at most a day/)
  await refused({ slug: openSlug }, /service with this slug already exists/, 400)
  assert.equal((await v3('PUT', path, { variations: [{ id: 'none' }] })).status, 422, 'a new one has a name')
  assert.equal((await v3('PUT', path, { variations: [{ id: 'none', name: 'New' }] })).body.service.variations.length, 1)

  const place = {
    ...{ ...here(), name: 'Midtown', slug: 'midtown', phone: '+12125550174', address: '789 5th Avenue' },
    ...{ coverImage: 'https://example.com/cover.jpg', locationType: 'offline' },
  }
  const { body: spot } = await v3('POST', '/locations', place, 'ServiceLocationResponseDTO')
  assert.deepEqual(spot, { ...place, id: spot.id, isActive: true, isPrivate: false })
  const spotPath = `/locations/${spot.id}`
  assert.deepEqual((await v3('GET', spotPath, undefined, 'ServiceLocationResponseDTO')).body, spot)
  const moved = await v3('PUT', spotPath, { address: '1 Main Street', isActive: true }, 'ServiceLocationResponseDTO')
  assert.deepEqual(moved.body, { ...spot, address: '1 Main Street' })
  const all = await v3('GET', `/locations?locationId=${world.location.id}`, undefined, 'ServiceLocationListResponseDTO')
  assert.deepEqual(all.body.serviceLocations, [moved.body])

  await v3('DELETE', path, undefined, 'DeleteServiceResponseDTO')
  await v3('DELETE', spotPath, undefined, 'DeleteServiceLocationResponseDTO')
  assert.deepEqual([(await v3('GET', path)).status, (await v3('GET', spotPath)).status], [404, 404])
})

const GROUP = { name: 'Hair', description: 'For heads', slug: 'hair' }
