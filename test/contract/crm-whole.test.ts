import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crmWorld, word } from '../support/crm-world.ts'
import { refusalOf } from '../support/hubspot.ts'

const world = crmWorld({ work: false })

const properties = (values: Record<string, string>) => ({ properties: values }) as never

test('a merge brings together what belonged to both, and tells it in one change', async () => {
  const { basicApi } = world.hubspot.crm.contacts
  const [mails, city] = [[`${word()}@one.example`, `${word()}@two.example`], 'Hudson']
  const primary = await basicApi.create(properties({ email: mails[0]!, firstname: 'Rosan' }))
  const other = await basicApi.create(properties({ email: mails[1]!, firstname: 'R.', city, jobtitle: 'Florist' }))
  const deal = await world.hubspot.crm.deals.basicApi.create({
    properties: { dealname: 'Of the other' },
    associations: [{ to: { id: other.id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 }] }],
  } as never)
  await basicApi.merge({ primaryObjectId: primary.id, objectIdToMerge: other.id })
  const read = await basicApi.getById(
    primary.id,
    ['email', 'firstname', 'city', 'jobtitle', 'hs_additional_emails'],
    undefined,
    ['deals'],
  )
  assert.deepEqual(
    [read.properties.email, read.properties.firstname, read.properties.city, read.properties.jobtitle],
    [mails[0], 'Rosan', city, 'Florist'],
  )
  assert.equal(read.properties.hs_additional_emails, mails[1])
  assert.deepEqual(
    read.associations?.deals?.results.map(({ id }) => id),
    [deal.id],
  )
  assert.equal((await refusalOf(basicApi.create(properties({ email: mails[1]! })))).code, 409, 'still hers')
})

test('who is forgotten is nowhere any more', async () => {
  const secret = `xyzzy${word()}`
  const { basicApi } = world.hubspot.crm.contacts
  const contact = await basicApi.create(
    properties({ email: `${secret}@gone.example`, firstname: secret, jobtitle: secret }),
  )
  await basicApi.update(contact.id, properties({ lastname: secret }))
  const { contact: ours } = (
    await world.client.post('/contacts/search', { locationId: world.location.id, pageLimit: 10, query: secret })
  ).body.contacts.map((one: { id: string }) => ({ contact: one }))[0]
  await world.client.post(`/contacts/${ours.id}/notes`, { body: `About ${secret}` })
  await basicApi.purge({ objectId: `${secret}@gone.example`, idProperty: 'email' })
  assert.equal((await refusalOf(basicApi.getById(contact.id))).code, 404)
  assert.equal((await refusalOf(basicApi.getById(contact.id, undefined, undefined, undefined, true))).code, 404)
  assert.equal((await world.client.post(`/crm/v3/objects/contacts/${contact.id}/restore`)).status, 404)
  const history = await world.client.get(`/locations/${world.location.id}/records/contacts/${ours.id}/history`)
  assert.deepEqual(
    history.body.history.map((one: { op: string }) => one.op),
    ['gdpr_delete', 'update', 'create'],
  )
  const { rows } = await world.server.app.database.pool.query(
    `select 'record' as at from record where doc::text || terms::text like $1
     union all select 'change' from change where delta::text like $1`,
    [`%${secret}%`],
  )
  assert.deepEqual(rows, [])
})

test('archiving an object does not count as a change of it', async () => {
  const made = await world.hubspot.crm.companies.basicApi.create({ properties: { name: 'Deo' } } as never)
  const changed = await world.hubspot.crm.companies.basicApi.update(made.id, {
    properties: { name: 'Deo Ltd' },
  } as never)
  await world.hubspot.crm.companies.basicApi.archive(made.id)
  const archived = await world.hubspot.crm.companies.basicApi.getById(
    made.id,
    ['hs_lastmodifieddate'],
    undefined,
    undefined,
    true,
  )
  assert.equal(archived.updatedAt.toISOString(), changed.updatedAt.toISOString())
  assert.equal(archived.properties.hs_lastmodifieddate, changed.updatedAt.toISOString())
  assert.ok((archived.archivedAt as Date) > changed.updatedAt)
})

test('a deleted record comes back under its id as it was, without what was deleted with it, and names nothing that is gone', async () => {
  const { client, location } = world
  const locationId = location.id
  const restore = (kind: string, id: string) => client.post(`/locations/${locationId}/records/${kind}/${id}/restore`)
  const email = `${word()}@back.example`
  const { contact } = (await client.post('/contacts/', { locationId, firstName: 'Ada', email, tags: ['vip'] })).body
  const { pipeline } = (
    await client.post('/opportunities/pipelines/', { locationId, name: word(), stages: [{ name: 'New' }] })
  ).body
  const deal = await client.post('/opportunities/', {
    ...{ locationId, pipelineId: pipeline.id, contactId: contact.id },
    ...{ name: 'Engine', status: 'open', monetaryValue: 12 },
  })
  const { id } = deal.body.opportunity
  assert.equal((await restore('contacts', contact.id)).status, 404, 'it is there')
  assert.equal((await restore('tasks', contact.id)).status, 404, 'no kind that comes back')
  assert.equal((await client.delete(`/contacts/${contact.id}`)).status, 200)
  assert.equal((await client.get(`/opportunities/${id}`)).status, 404, 'it went with the contact')
  const alone = await restore('opportunities', id)
  assert.deepEqual([alone.status, alone.body], [200, { id, restored: true }], JSON.stringify(alone.body))
  const { opportunity } = (await client.get(`/opportunities/${id}`)).body
  assert.deepEqual([opportunity.name, opportunity.monetaryValue, opportunity.contactId || null], ['Engine', 12, null])

  const second = await client.post('/contacts/', { locationId, firstName: 'Grace', email })
  assert.equal((await restore('contacts', contact.id)).status, 409, 'another has its e-mail by now')
  assert.equal((await client.delete(`/contacts/${second.body.contact.id}`)).status, 200)
  assert.equal((await restore('contacts', contact.id)).status, 200)
  const back = (await client.get(`/contacts/${contact.id}`)).body.contact
  assert.deepEqual([back.firstName, back.email, back.tags], ['Ada', email, ['vip']])
  const found = await client.post('/contacts/search', { locationId, pageLimit: 5, query: email })
  assert.deepEqual([found.body.total, found.body.contacts[0]?.id], [1, contact.id])
  const { history } = (await client.get(`/locations/${locationId}/records/contacts/${contact.id}/history`)).body
  assert.deepEqual(
    history.map((one: { op: string }) => one.op),
    ['restore', 'delete', 'create'],
  )
  assert.equal((await restore('contacts', contact.id)).status, 404, 'once')
})
