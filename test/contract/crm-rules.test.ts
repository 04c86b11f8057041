import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crmWorld, word } from '../support/crm-world.ts'
import { refusalOf } from '../support/hubspot.ts'
import { statementsOf } from '../support/statements.ts'
import { weakToken } from '../support/tenant-world.ts'

const world = crmWorld({ work: false })

const properties = (values: Record<string, string>) => ({ properties: values }) as never

test('the limits of batches are those of the wire', async () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => ({ id: String(index + 1) }))
  const post = (verb: string, body: object) => world.client.post(`/crm/v3/objects/contacts/batch/${verb}`, body)
  assert.equal((await post('read', { inputs: ids(100), properties: [] })).status, 207)
  assert.equal((await post('read', { inputs: ids(101), properties: [] })).status, 400)
  const traced = await post('read', { inputs: ids(51), propertiesWithHistory: ['email'] })
  assert.equal(traced.status, 400)
  assert.match(
    traced.body.message,
    /The maximum number of inputs supported in a batch request for property histories is 50/,
  )
  const inputs = Array.from({ length: 101 }, () => ({ properties: { firstname: 'x' } }))
  assert.equal((await post('create', { inputs })).status, 400)
  assert.equal((await world.client.get('/crm/v3/objects/contacts?limit=101')).status, 400)
  assert.equal((await world.client.get('/crm/v3/objects/contacts?limit=51&propertiesWithHistory=email')).status, 400)
})

test('a contact whose e-mail another has is a conflict that names the other', async () => {
  const email = `${word()}@deo.example`
  const { basicApi, batchApi } = world.hubspot.crm.contacts
  const first = await basicApi.create(properties({ email, lastname: 'Deo' }))
  const again = await refusalOf(basicApi.create(properties({ email: email.toUpperCase() })))
  assert.deepEqual(
    [again.code, again.body.category, again.body.message],
    [409, 'CONFLICT', `Contact already exists. Existing ID: ${first.id}`],
  )
  assert.deepEqual(again.body.context, { existingId: [first.id] })
  const other = await basicApi.create(properties({ email: `${word()}@deo.example` }))
  assert.equal((await refusalOf(basicApi.update(other.id, properties({ email })))).code, 409)
  assert.equal((await basicApi.update(first.id, properties({ email }))).id, first.id, 'its own')
  const twins = { inputs: [1, 2].map(() => properties({ email: `${word()}@twin.example` })) }
  ;(twins.inputs[1] as never as { properties: object }).properties = (
    twins.inputs[0] as never as { properties: object }
  ).properties
  assert.equal((await refusalOf(batchApi.create(twins as never))).code, 400)
  const byMail = await basicApi.getById(email, ['lastname'], undefined, undefined, false, 'email')
  assert.equal(byMail.id, first.id)
  const renamed = await basicApi.update(email, properties({ lastname: 'Dee' }), 'email')
  assert.deepEqual([renamed.id, renamed.properties.lastname], [first.id, 'Dee'])
})

test('of two that create one person at once, one does', async () => {
  const email = `${word()}@race.example`
  const replies = await Promise.all(
    Array.from({ length: 8 }, () =>
      world.client.post('/crm/v3/objects/contacts', { properties: { email, firstname: word() } }),
    ),
  )
  assert.deepEqual(replies.map(({ status }) => status).sort(), [201, ...Array(7).fill(409)])
})

test('an upsert by e-mail makes those that are not there and updates the others', async () => {
  const [known, fresh] = [`${word()}@up.example`, `${word()}@up.example`]
  const made = await world.hubspot.crm.contacts.basicApi.create(properties({ email: known }))
  const upsert = (inputs: object[]) => world.hubspot.crm.contacts.batchApi.upsert({ inputs } as never)
  const input = (id: string, lastname: string) => ({ id, idProperty: 'email', properties: { lastname } })
  const answer = await upsert([input(fresh, 'New'), input(known.toUpperCase(), 'Known')])
  assert.deepEqual(
    answer.results.map((one) => [(one as never as { _new: boolean })._new, one.properties.lastname]),
    [
      [true, 'New'],
      [false, 'Known'],
    ],
  )
  assert.equal(answer.results[1]?.id, made.id)
  assert.equal(answer.results[0]?.properties.email, fresh)
  assert.equal((await refusalOf(upsert([input(fresh, 'a'), input(fresh, 'b')]))).code, 400)
  assert.equal((await refusalOf(upsert([{ id: fresh, properties: {} }]))).code, 400)
  assert.equal((await refusalOf(upsert([{ id: 'x', idProperty: 'lastname', properties: {} }]))).code, 400)
  assert.equal((await refusalOf(upsert([{ id: 'x', idProperty: 'email', properties: {} }]))).code, 400, 'no e-mail')
})

test('what one wire writes the other reads, under its own names', async () => {
  const made = await world.client.post('/contacts/', {
    locationId: world.location.id,
    firstName: 'Ada',
    email: `${word()}@both.example`,
    phone: '(202) 555-0142',
    tags: ['VIP'],
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { contact } = made.body
  const found = await world.hubspot.crm.contacts.basicApi.getById(
    contact.email,
    ['firstname', 'phone', 'tags', 'email'],
    undefined,
    undefined,
    false,
    'email',
  )
  assert.deepEqual(
    [found.properties.firstname, found.properties.phone, found.properties.tags],
    ['Ada', '+12025550142', 'vip'],
  )
  await world.hubspot.crm.contacts.basicApi.update(
    found.id,
    properties({ lastname: 'Byron', jobtitle: 'Countess', phone: '+44 20 7946 0018', lifecyclestage: 'customer' }),
  )
  const read = (await world.client.get(`/contacts/${contact.id}`)).body.contact
  assert.deepEqual([read.firstName, read.lastName, read.phone], ['Ada', 'Byron', '+442079460018'])
  assert.ok(!('properties' in read), 'what this wire has no field for it does not show')
  assert.ok(!JSON.stringify(read).includes('Countess'))
  const kept = await world.client.put(`/contacts/${contact.id}`, { city: 'London' })
  assert.equal(kept.status, 200)
  const again = await world.hubspot.crm.contacts.basicApi.getById(found.id, ['jobtitle', 'city', 'phone'])
  assert.deepEqual(
    [again.properties.jobtitle, again.properties.city, again.properties.phone],
    ['Countess', 'London', '+44 20 7946 0018'],
  )
})

test('a deal stands in a pipeline of the location, or is refused', async () => {
  const { body } = await world.client.post('/opportunities/pipelines/', {
    locationId: world.location.id,
    name: 'Sales',
    stages: [{ name: 'New' }, { name: 'Won' }],
  })
  const { id: pipeline, stages } = body.pipeline
  const { basicApi } = world.hubspot.crm.deals
  const made = await basicApi.create(properties({ dealname: 'Barn', amount: '1500.50', dealstage: stages[1].id }))
  assert.deepEqual(
    [made.properties.pipeline, made.properties.dealstage, made.properties.amount],
    [pipeline, stages[1].id, '1500.5'],
  )
  const first = await basicApi.create(properties({ dealname: 'Tent', pipeline: 'default' }))
  assert.equal(first.properties.dealstage, stages[0].id)
  for (const wrong of [{ dealstage: 'nowhere' }, { pipeline: 'none' }]) {
    const refusal = await refusalOf(basicApi.create(properties({ dealname: 'x', ...wrong } as never)))
    assert.deepEqual([refusal.code, refusal.body.errors[0].code], [400, 'INVALID_OPTION'])
  }
  const moved = await basicApi.update(first.id, properties({ dealstage: stages[1].id }))
  assert.equal(moved.properties.dealstage, stages[1].id)
  assert.equal((await refusalOf(basicApi.update(first.id, properties({ dealstage: 'x' })))).code, 400)
})

test('a new object is associated with what it is said to belong to', async () => {
  const contact = await world.hubspot.crm.contacts.basicApi.create(properties({ firstname: 'Mina' }))
  const deal = await world.hubspot.crm.deals.basicApi.create({
    properties: { dealname: 'Mina' },
    associations: [
      { to: { id: contact.id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 }] },
    ],
  } as never)
  const read = await world.hubspot.crm.deals.basicApi.getById(deal.id, undefined, undefined, ['contacts'])
  assert.deepEqual(
    read.associations?.contacts?.results.map(({ id }) => id),
    [contact.id],
  )
  const found = await world.hubspot.crm.deals.searchApi.doSearch({
    filterGroups: [{ filters: [{ propertyName: 'associations.contact', operator: 'EQ', value: contact.id }] }],
  } as never)
  assert.deepEqual(
    found.results.map(({ id }) => id),
    [deal.id],
  )
  const nobody = await refusalOf(
    world.hubspot.crm.deals.basicApi.create({
      properties: { dealname: 'Lost' },
      associations: [{ to: { id: '1' }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 }] }],
    } as never),
  )
  assert.equal(nobody.code, 400)
  await world.hubspot.crm.contacts.basicApi.archive(contact.id)
  assert.equal((await world.hubspot.crm.deals.basicApi.getById(deal.id)).id, deal.id, 'a deal outlives its contact')
})

test('a token that lacks the scope of the type is refused in the words of the wire', async () => {
  const tenant = { companyId: '', locationId: world.location.id } as never
  const agency = (
    await world.server.app.database.pool.query('select agency_id from location where id = $1', [world.location.id])
  ).rows[0]
  const token = await weakToken(world.server, { ...(tenant as object), companyId: agency.agency_id } as never, {
    level: 'location',
    scopes: ['crm.objects.companies.read'],
  })
  const weak = world.server.client(token)
  assert.equal((await weak.get('/crm/v3/objects/companies')).status, 200)
  const refused = await weak.get('/crm/v3/objects/contacts')
  assert.deepEqual(
    [refused.status, refused.body.category, refused.body.errors[0].context.requiredGranularScopes],
    [403, 'MISSING_SCOPES', ['crm.objects.contacts.read']],
  )
  assert.equal((await weak.post('/crm/v3/objects/companies', { properties: { name: 'x' } })).status, 403)
  assert.equal((await weak.get('/crm/v3/objects/companies?associations=contacts')).status, 403)
})

test('every spelling of a path leads to the same', async () => {
  const made = await world.hubspot.crm.contacts.basicApi.create(properties({ firstname: 'Path' }))
  for (const root of [
    'v3/objects',
    'v4/objects',
    'objects/v3',
    'objects/2025-09',
    'objects/2026-03',
    'objects/2026-09',
  ])
    for (const type of ['contacts', 'contact', 'Contact', '0-1'])
      assert.equal((await world.client.get(`/crm/${root}/${type}/${made.id}`)).status, 200, `${root} ${type}`)
  const refused = await world.client.get('/crm/v3/objects/unheard/1')
  assert.deepEqual([refused.status, refused.body.message], [404, 'Unable to infer object type from: unheard'])
  const list = await world.client.get(`/crm/v3/objects/contacts?limit=1`)
  assert.match(list.headers.get('x-journal-offset') ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
})

test('a batch of 100 costs as many statements as one of 2', async () => {
  const inputs = (count: number) =>
    Array.from({ length: count }, () => ({ properties: { email: `${word()}@set.example`, jobtitle: 'x' } }))
  const sent = async (path: string, body: object) =>
    statementsOf(world.server, async () => {
      const { status } = await world.client.post(path, body)
      assert.ok(status < 210, String(status))
    })
  /** The fewest of three: what the server does beside the request only adds to them. */
  const count = async (path: string, bodyOf: () => object) => {
    const tries = [await sent(path, bodyOf()), await sent(path, bodyOf()), await sent(path, bodyOf())]
    return Math.min(...tries.map(({ length }) => length))
  }
  const create = '/crm/v3/objects/contacts/batch/create'
  const creates = (many: number) => () => ({ inputs: inputs(many) })
  assert.equal(await count(create, creates(100)), await count(create, creates(2)))
  const upsert = '/crm/v3/objects/contacts/batch/upsert'
  const upserts = (many: number) => () => ({
    inputs: inputs(many).map(({ properties: { email, ...rest } }) => ({
      id: email,
      idProperty: 'email',
      properties: rest,
    })),
  })
  assert.equal(await count(upsert, upserts(100)), await count(upsert, upserts(2)))
})

test('a text that its place has no room for is refused in the words of the wire, as far as the place goes', async () => {
  const { basicApi, batchApi } = world.hubspot.crm.contacts
  const faults = async (values: Record<string, string>) => {
    const { code, body } = await refusalOf(basicApi.create(properties(values)))
    assert.match(body.message, /^Property values were not valid: \[/)
    return [
      code,
      ...body.errors.map((one: { code: string; context: { propertyName: string[] } }) => [
        one.code,
        ...one.context.propertyName,
      ]),
    ]
  }
  const long = (count: number) => '\u{1F384}'.repeat(count)
  assert.deepEqual(await faults({ firstname: long(201), jobtitle: 'x'.repeat(65_537), phone: '1'.repeat(41) }), [
    400,
    ['PROPERTY_TOO_LONG', 'firstname'],
    ['PROPERTY_TOO_LONG', 'jobtitle'],
    ['PROPERTY_TOO_LONG', 'phone'],
  ])
  const kept = await basicApi.create(properties({ firstname: long(200), jobtitle: 'x'.repeat(65_536) }))
  assert.equal(kept.properties.firstname, long(200))
  const note = await world.hubspot.crm.objects.notes.basicApi.create(properties({ hs_note_body: 'y'.repeat(65_536) }))
  assert.equal(note.properties.hs_note_body?.length, 65_536)
  const inputs = [
    { properties: { firstname: 'Mina' }, objectWriteTraceId: 'good' },
    { properties: { firstname: long(201) }, objectWriteTraceId: 'bad' },
  ]
  const traced = (await batchApi.create({ inputs } as never)) as never as { numErrors: number }
  assert.equal(traced.numErrors, 1)
})
