import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AssociationTypes } from '@hubspot/api-client'
import { crmWorld, type Known } from '../support/crm-world.ts'
import { hubspotClient, refusalOf } from '../support/hubspot.ts'

const world = crmWorld()

const spec = (associationTypeId: number, associationCategory = 'HUBSPOT_DEFINED') =>
  [{ associationCategory, associationTypeId }] as never
const api = () => world.hubspot.crm.associations.v4.basicApi
const batch = () => world.hubspot.crm.associations.v4.batchApi

/** Number of the other end -> numbers of the types. */
async function seen(from: string, one: Known, to: string): Promise<Record<string, number[]>> {
  const { results } = await api().getPage(from, one.objectId, to)
  return Object.fromEntries(
    results.map(({ toObjectId, associationTypes }) => [toObjectId, associationTypes.map(({ typeId }) => typeId)]),
  )
}
const businessOf = async ({ id }: Known): Promise<string | undefined> =>
  (await world.client.get(`/contacts/${id}`)).body.contact.businessId

test('the company of a contact on the other wire is its primary company here', async () => {
  const company = await world.company()
  const contact = await world.contact()
  const bulk = { locationId: world.location.id, ids: [contact.id], businessId: company.id }
  assert.equal((await world.client.post('/contacts/bulk/business', bulk)).status, 200)
  assert.deepEqual(await seen('contacts', contact, 'companies'), {
    [company.objectId]: [AssociationTypes.contactToCompany, AssociationTypes.primaryContactToCompany],
  })
  assert.deepEqual(await seen('0-2', company, 'CONTACT'), {
    [contact.objectId]: [AssociationTypes.companyToContact, AssociationTypes.primaryCompanyToContact],
  })
  await api().archive('contacts', contact.objectId, 'companies', company.objectId)
  assert.equal(await businessOf(contact), undefined)
  assert.deepEqual(await seen('contacts', contact, 'companies'), {})
})

test('the first company of a contact is its primary one, and whichever is named so takes its place', async () => {
  const [contact, first, second] = [await world.contact(), await world.company(), await world.company()]
  const made = await api().create('contacts', contact.objectId, 'companies', first.objectId, spec(279))
  assert.deepEqual(
    [made.fromObjectTypeId, made.fromObjectId, made.toObjectTypeId, made.toObjectId, made.labels],
    ['0-1', contact.objectId, '0-2', first.objectId, []],
  )
  assert.equal(await businessOf(contact), first.id)
  await api().create('companies', second.objectId, 'contacts', contact.objectId, spec(280))
  assert.equal(await businessOf(contact), first.id)
  assert.deepEqual(await seen('contacts', contact, 'companies'), {
    [first.objectId]: [279, 1],
    [second.objectId]: [279],
  })
  const primary = await api().create('contacts', contact.objectId, 'companies', second.objectId, spec(1))
  assert.deepEqual(primary.labels, ['Primary'])
  assert.equal(await businessOf(contact), second.id)
  assert.deepEqual(await seen('contacts', contact, 'companies'), {
    [first.objectId]: [279],
    [second.objectId]: [279, 1],
  })
  await batch().archiveLabels('contacts', 'companies', {
    inputs: [{ types: spec(1), _from: { id: contact.objectId }, to: { id: second.objectId } }],
  })
  assert.equal(await businessOf(contact), undefined)
  assert.deepEqual(await seen('contacts', contact, 'companies'), { [first.objectId]: [279], [second.objectId]: [279] })
})

test('the contact of a deal is the contact of the opportunity; further ones stand beside it', async () => {
  const [contact, other, company, better] = [
    await world.contact(),
    await world.contact(),
    await world.company(),
    await world.company(),
  ]
  const deal = await world.deal(contact)
  assert.deepEqual(await seen('deals', deal, 'contacts'), { [contact.objectId]: [AssociationTypes.dealToContact] })
  assert.deepEqual(await seen('contacts', contact, 'deals'), { [deal.objectId]: [AssociationTypes.contactToDeal] })
  await api().create('deals', deal.objectId, 'contacts', other.objectId, spec(3))
  assert.deepEqual(await seen('contacts', other, 'deals'), { [deal.objectId]: [4] })
  assert.equal((await world.client.get(`/opportunities/${deal.id}`)).body.opportunity.contactId, contact.id)
  await api().createDefault('deals', deal.objectId, 'companies', company.objectId)
  await api().create('deals', deal.objectId, 'companies', better.objectId, spec(5))
  assert.deepEqual(await seen('deals', deal, 'companies'), {
    [company.objectId]: [AssociationTypes.dealToCompany],
    [better.objectId]: [AssociationTypes.dealToCompany, AssociationTypes.primaryDealToCompany],
  })
  assert.deepEqual(await seen('companies', better, 'deals'), { [deal.objectId]: [342, 6] })
})

test('a default association answers both directions', async () => {
  const [contact, company] = [await world.contact(), await world.company()]
  const { status, results } = await api().createDefault('contacts', contact.objectId, 'companies', company.objectId)
  assert.equal(status, 'COMPLETE')
  assert.deepEqual(
    results.map((one) => [one._from.id, one.to.id, one.associationSpec.associationTypeId]),
    [
      [contact.objectId, company.objectId, 279],
      [company.objectId, contact.objectId, 280],
    ],
  )
})

test('of objects of one type the direction of a type is kept', async () => {
  const [parent, child] = [await world.company('Parent'), await world.company('Child')]
  await api().create(
    'companies',
    parent.objectId,
    'companies',
    child.objectId,
    spec(AssociationTypes.parentToChildCompany),
  )
  assert.deepEqual(await seen('companies', parent, 'companies'), { [child.objectId]: [450, 13] })
  assert.deepEqual(await seen('companies', child, 'companies'), { [parent.objectId]: [450, 14] })
})

test('what was deleted is associated with nothing', async () => {
  const [contact, other, company] = [await world.contact(), await world.contact(), await world.company()]
  await api().createDefault('contacts', contact.objectId, 'contacts', other.objectId)
  await api().createDefault('contacts', other.objectId, 'companies', company.objectId)
  assert.equal((await world.client.delete(`/contacts/${other.id}`)).status, 200)
  assert.deepEqual(await seen('contacts', contact, 'contacts'), {})
  assert.deepEqual(await seen('companies', company, 'contacts'), {})
  assert.equal((await refusalOf(api().getPage('contacts', other.objectId, 'companies'))).code, 404)
})

test('what is wrong is refused, and nothing is written', async () => {
  const [contact, company] = [await world.contact(), await world.company()]
  const put = (typeId: number, toId = company.objectId, category?: string) =>
    refusalOf(api().create('contacts', contact.objectId, 'companies', toId, spec(typeId, category)))
  for (const [typeId, category] of [[3], [280], [279, 'USER_DEFINED']] as const) {
    const { code, body } = await put(typeId, company.objectId, category)
    assert.deepEqual([code, body.category], [400, 'VALIDATION_ERROR'], `${typeId}`)
  }
  const missing = await put(279, '123')
  assert.deepEqual([missing.code, missing.body.category], [404, 'OBJECT_NOT_FOUND'])
  assert.equal((await put(279, 'abc')).code, 404)
  assert.equal((await refusalOf(api().createDefault('contacts', contact.objectId, 'users', '1'))).code, 400)
  assert.equal((await refusalOf(api().createDefault('contacts', contact.objectId, 'things', '1'))).code, 404)
  // Whose they are in another location is nobody here.
  const stranger = hubspotClient(world.server.url, world.neighbour.token)
  const theirs = stranger.crm.associations.v4.basicApi
  assert.equal(
    (await refusalOf(theirs.createDefault('contacts', contact.objectId, 'companies', company.objectId))).code,
    404,
  )
  assert.equal((await refusalOf(theirs.getPage('contacts', contact.objectId, 'companies'))).code, 404)
  await theirs.archive('contacts', contact.objectId, 'companies', company.objectId)
  assert.deepEqual(await seen('contacts', contact, 'companies'), {})
})

test('a hundred pairs are made, read, labelled anew and taken apart at once; who is missing is told of', async () => {
  const company = await world.company()
  const contacts = await Promise.all(Array.from({ length: 12 }, () => world.contact()))
  const inputs = contacts.map(({ objectId }) => ({
    types: spec(279),
    _from: { id: objectId },
    to: { id: company.objectId },
  }))
  const made = await batch().create('contacts', 'companies', { inputs })
  assert.deepEqual([made.status, made.results.length, 'errors' in made], ['COMPLETE', 12, false])
  const some = await batch().create('contacts', 'companies', {
    inputs: [{ types: spec(279), _from: { id: '77' }, to: { id: company.objectId } }, inputs[0]!],
  })
  assert.deepEqual(
    [
      some.results.length,
      (some as { numErrors?: number }).numErrors,
      (some as never as { errors: { category: string }[] }).errors[0]?.category,
    ],
    [1, 1, 'OBJECT_NOT_FOUND'],
  )
  const ids = contacts.map(({ objectId }) => ({ id: objectId }))
  const read = await batch().getPage('contacts', 'companies', { inputs: [...ids, { id: '77' }] })
  assert.equal(read.results.length, 12)
  assert.deepEqual(
    read.results[0]?.to.map(({ toObjectId, associationTypes }) => [
      toObjectId,
      associationTypes.map(({ label }) => label),
    ]),
    [[company.objectId, [null, 'Primary']]],
  )
  const [fault] = (read as never as { errors: { subCategory: string; context: object }[] }).errors
  assert.equal(fault?.subCategory, 'crm.associations.NO_ASSOCIATIONS_FOUND')
  const back = await batch().getPage('companies', 'contacts', { inputs: [{ id: company.objectId }] })
  assert.equal(back.results[0]?.to.length, 12)
  await batch().archive('contacts', 'companies', {
    inputs: contacts.slice(0, 11).map(({ objectId }) => ({ _from: { id: objectId }, to: [{ id: company.objectId }] })),
  })
  assert.deepEqual(Object.keys(await seen('companies', company, 'contacts')), [contacts[11]!.objectId])
  const plain = await batch().createDefault('contacts', 'companies', {
    inputs: [{ _from: { id: contacts[0]!.objectId }, to: { id: company.objectId } }],
  })
  assert.equal(plain.results.length, 2)
})

test('a long list is walked page by page, without a gap', async () => {
  const company = await world.company()
  const contacts = await Promise.all(Array.from({ length: 7 }, () => world.contact()))
  await batch().createDefault('companies', 'contacts', {
    inputs: contacts.map(({ objectId }) => ({ _from: { id: company.objectId }, to: { id: objectId } })),
  })
  const found: string[] = []
  let after: string | undefined
  do {
    const page = await api().getPage('companies', company.objectId, 'contacts', after, 3)
    found.push(...page.results.map(({ toObjectId }) => toObjectId))
    after = page.paging?.next?.after
  } while (after !== undefined)
  assert.deepEqual(found.toSorted(), contacts.map(({ objectId }) => objectId).toSorted())
  assert.equal(new Set(found).size, 7)
})

test('a batch of a thousand ids is one read, and two thousand are too many', async () => {
  const ids = Array.from({ length: 1000 }, (_, n) => ({ id: String(n + 1) }))
  const read = await batch().getPage('contacts', 'companies', { inputs: ids })
  assert.deepEqual([read.results.length, (read as { numErrors?: number }).numErrors], [0, 1000])
  assert.equal((await refusalOf(batch().getPage('contacts', 'companies', { inputs: [...ids, ...ids] }))).code, 400)
})

test('ten who associate the same two objects at once make one association', async () => {
  const [contact, other] = [await world.contact(), await world.contact()]
  await world.events()
  await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      n % 2 === 0
        ? api().createDefault('contacts', contact.objectId, 'contacts', other.objectId)
        : api().createDefault('contacts', other.objectId, 'contacts', contact.objectId),
    ),
  )
  assert.equal((await world.events()).length, 2, 'one change, told in both directions')
})

test('the dated spellings are the same', async () => {
  const [contact, other] = [await world.contact(), await world.contact()]
  const path = `/crm/objects/2026-03/contacts/${contact.objectId}/associations/default/0-1/${other.objectId}`
  assert.equal((await world.client.raw('PUT', path)).status, 200)
  const read = await world.client.raw('POST', '/crm/associations/2026-09/contacts/contacts/batch/read', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: [{ id: Number(contact.objectId) }] }),
  })
  assert.deepEqual([read.status, read.body.results[0].to[0].toObjectId], [200, other.objectId])
})

test('what is taken apart answers nothing in v4, and the frame of a batch in dated versions', async () => {
  const [contact, company] = [await world.contact(), await world.company()]
  const ends = { from: { id: contact.objectId }, to: { id: company.objectId } }
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }]
  const answers = [
    ['/crm/v4/associations', 204],
    ['/crm/associations/v4', 204],
    ['/crm/associations/2025-09', 200],
    ['/crm/associations/2026-03', 200],
    ['/crm/associations/2026-09', 200],
  ] as const
  const bodies = [
    ['archive', { inputs: [{ from: ends.from, to: [ends.to] }] }],
    ['labels/archive', { inputs: [{ ...ends, types }] }],
  ] as const
  for (const [path, status] of answers)
    for (const [verb, body] of bodies) {
      await api().createDefault('contacts', contact.objectId, 'companies', company.objectId)
      assert.equal(Object.keys(await seen('contacts', contact, 'companies')).length, 1)
      const answer = await world.client.post(`${path}/contacts/companies/batch/${verb}`, body)
      assert.equal(answer.status, status, `${path} ${verb}`)
      if (status === 200) assert.deepEqual([answer.body.status, answer.body.results], ['COMPLETE', []])
      assert.deepEqual(await seen('contacts', contact, 'companies'), {})
    }
})
