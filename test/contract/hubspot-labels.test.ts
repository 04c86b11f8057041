import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crmWorld, type Known } from '../support/crm-world.ts'
import { refusalOf } from '../support/hubspot.ts'

const world = crmWorld()

const labels = () => world.hubspot.crm.associations.v4.schema.definitionsApi
const api = () => world.hubspot.crm.associations.v4.basicApi
const own = (typeId: number) => [{ associationCategory: 'USER_DEFINED', associationTypeId: typeId }] as never

async function seen(from: string, one: Known, to: string): Promise<(string | null | undefined)[][]> {
  const { results } = await api().getPage(from, one.objectId, to)
  return results.map(({ associationTypes }) => associationTypes.map(({ label }) => label))
}

test('types of association are listed: the plain one, what HubSpot defines, what somebody defined', async () => {
  const { results } = await labels().getAll('contacts', 'companies')
  assert.deepEqual(
    results.map(({ category, typeId, label }) => [category, typeId, label]),
    [
      ['HUBSPOT_DEFINED', 279, null],
      ['HUBSPOT_DEFINED', 1, 'Primary'],
    ],
  )
})

test('a label is made for both directions, is an association of the other wire, and stands beside the plain type', async () => {
  const made = await labels().create('contacts', 'companies', {
    name: 'billing',
    label: 'Pays for',
    inverseLabel: 'Paid by',
  })
  const [there, back] = made.results
  assert.deepEqual(
    made.results.map(({ category, label }) => [category, label]),
    [
      ['USER_DEFINED', 'Pays for'],
      ['USER_DEFINED', 'Paid by'],
    ],
  )
  assert.notEqual(there?.typeId, back?.typeId)
  assert.ok(
    (await labels().getAll('0-2', '0-1')).results.some(
      ({ typeId, label }) => typeId === back?.typeId && label === 'Paid by',
    ),
  )
  const theirs = await world.client.get(`/associations/key/billing?locationId=${world.location.id}`)
  assert.deepEqual(
    [theirs.body.firstObjectKey, theirs.body.secondObjectKey, theirs.body.secondObjectLabel],
    ['contact', 'business', 'Pays for'],
  )
  const [contact, first, second] = [await world.contact(), await world.company(), await world.company()]
  await api().createDefault('contacts', contact.objectId, 'companies', first.objectId)
  const put = await api().create('contacts', contact.objectId, 'companies', second.objectId, own(there!.typeId))
  assert.deepEqual(put.labels, ['Pays for'])
  assert.deepEqual(await seen('companies', second, 'contacts'), [[null, 'Paid by']])
  assert.deepEqual(
    await seen('contacts', contact, 'companies').then((all) => all.toSorted()),
    [
      [null, 'Pays for'],
      [null, 'Primary'],
    ].toSorted(),
  )
  const wrongWay = refusalOf(
    api().create('contacts', contact.objectId, 'companies', second.objectId, own(back!.typeId)),
  )
  assert.equal((await wrongWay).code, 400)
})

test('an association of the other wire is a label here', async () => {
  const reply = await world.client.post('/associations/', {
    locationId: world.location.id,
    key: 'planner_couple',
    firstObjectLabel: 'Planner',
    firstObjectKey: 'contact',
    secondObjectLabel: 'Couple',
    secondObjectKey: 'contact',
  })
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  const { results } = await labels().getAll('contact', 'contact')
  const made = results.filter(({ category }) => category === 'USER_DEFINED')
  assert.deepEqual(made.map(({ label }) => label).toSorted(), ['Couple', 'Planner'])
  const [planner, couple] = [await world.contact(), await world.contact()]
  const toCouple = made.find(({ label }) => label === 'Couple')!
  await api().create('contacts', planner.objectId, 'contacts', couple.objectId, own(toCouple.typeId))
  assert.deepEqual(await seen('contacts', planner, 'contacts'), [[null, 'Couple']])
  assert.deepEqual(await seen('contacts', couple, 'contacts'), [[null, 'Planner']])
})

test('one word for two of a kind has no direction', async () => {
  const { results } = await labels().create('contacts', 'contacts', { name: 'siblings', label: 'Sibling' })
  assert.equal(results.length, 1)
  const [one, other] = [await world.contact(), await world.contact()]
  await api().create('contacts', one.objectId, 'contacts', other.objectId, own(results[0]!.typeId))
  assert.deepEqual(await seen('contacts', one, 'contacts'), [[null, 'Sibling']])
  assert.deepEqual(await seen('contacts', other, 'contacts'), [[null, 'Sibling']])
})

test('a label is renamed from either end, and goes with all that it labels', async () => {
  const { results } = await labels().create('deals', 'contacts', {
    name: 'decides',
    label: 'Decider',
    inverseLabel: 'Decides',
  })
  const [there, back] = results
  const contact = await world.contact()
  const deal = await world.deal(contact)
  await api().create('deals', deal.objectId, 'contacts', contact.objectId, own(there!.typeId))
  assert.deepEqual(await seen('contacts', contact, 'deals'), [[null, 'Decides']])
  await labels().update('contacts', 'deals', { associationTypeId: back!.typeId, label: 'Signs' })
  assert.deepEqual(await seen('contacts', contact, 'deals'), [[null, 'Signs']])
  assert.deepEqual(await seen('deals', deal, 'contacts'), [[null, 'Decider']])
  await world.events()
  await labels().remove('deals', 'contacts', there!.typeId)
  assert.deepEqual(await seen('deals', deal, 'contacts'), [[null]])
  assert.deepEqual(
    (await world.events()).map(({ action, associationTypeId, associationCategory }) => [
      action,
      associationTypeId,
      associationCategory,
    ]),
    [there, back]
      .map((one) => ['ASSOCIATION_REMOVED', one!.typeId, 'USER_DEFINED'])
      .toSorted((a, b) => (a[1] === back!.typeId ? -1 : b[1] === back!.typeId ? 1 : 0)),
  )
  assert.equal((await refusalOf(labels().remove('deals', 'contacts', there!.typeId))).code, 404)
  assert.equal((await refusalOf(labels().remove('deals', 'contacts', 3))).code, 404, 'those of HubSpot stay')
})

test('labels are at their other addresses too', async () => {
  for (const path of ['/crm/associations/v4/contacts/companies/labels', '/crm/associations/2026-03/0-1/0-2/labels']) {
    const reply = await world.client.raw('GET', path)
    assert.deepEqual(
      [reply.status, reply.body.results[0]],
      [200, { category: 'HUBSPOT_DEFINED', typeId: 279, label: null }],
    )
  }
})

test('types have names, by which v3 associates, reads and takes apart what v4 does by numbers', async () => {
  const [contact, first, second] = [await world.contact(), await world.company(), await world.company()]
  const { batchApi, schema } = world.hubspot.crm.associations
  await labels().create('contacts', 'companies', { label: 'Wedding Planner', name: 'wedding_planner' } as never)
  const types = async (from: string, to: string) => (await schema.typesApi.getAll(from, to)).results
  const named = await types('contacts', 'companies')
  assert.deepEqual(
    named.slice(0, 2).map(({ id, name }) => [id, name]),
    [
      ['279', 'contact_to_company_unlabeled'],
      ['1', 'contact_to_company'],
    ],
  )
  const label = named.find(({ name }) => name === 'wedding_planner')
  assert.deepEqual(
    (await types('deals', 'contacts')).map(({ id, name }) => [id, name]),
    [['3', 'deal_to_contact']],
  )
  const pair = (company: Known, type: string) => ({
    _from: { id: contact.objectId },
    to: { id: company.objectId },
    type,
  })
  const made = await batchApi.create('contacts', 'companies', {
    inputs: [pair(first, 'contact_to_company'), pair(second, '279'), pair(second, label?.id as string)],
  })
  assert.deepEqual(
    made.results.map(({ _from, to, type }) => [_from.id, to.id, type]),
    [
      [contact.objectId, first.objectId, 'contact_to_company'],
      [contact.objectId, second.objectId, 'contact_to_company_unlabeled'],
      [contact.objectId, second.objectId, 'wedding_planner'],
    ],
  )
  assert.equal((await world.client.get(`/contacts/${contact.id}`)).body.contact.businessId, first.id)
  const read = await batchApi.read('contacts', 'companies', { inputs: [{ id: contact.objectId }] })
  const ties = (known: Known) =>
    read.results[0]?.to.filter(({ id }) => id === known.objectId).map(({ type }) => type) ?? []
  assert.deepEqual(ties(first), ['contact_to_company_unlabeled', 'contact_to_company'])
  assert.deepEqual(ties(second), ['contact_to_company_unlabeled', 'wedding_planner'])
  assert.deepEqual((await seen('contacts', contact, 'companies')).toSorted(), [
    [null, 'Primary'],
    [null, 'Wedding Planner'],
  ])
  await batchApi.archive('contacts', 'companies', {
    inputs: [pair(first, 'contact_to_company_unlabeled'), pair(second, 'Wedding_Planner')],
  })
  assert.deepEqual(await seen('contacts', contact, 'companies'), [[null]])
  const none = (await batchApi.read('contacts', 'deals', { inputs: [{ id: contact.objectId }] })) as never as {
    results: unknown[]
    numErrors: number
  }
  assert.deepEqual([none.results.length, none.numErrors], [0, 1])
  const lost = { _from: { id: contact.objectId }, to: { id: '77' }, type: '279' }
  const some = (await batchApi.create('contacts', 'companies', { inputs: [lost] })) as never as { numErrors: number }
  assert.equal(some.numErrors, 1)
  const wrong = await refusalOf(batchApi.create('contacts', 'companies', { inputs: [pair(first, 'deal_to_contact')] }))
  assert.deepEqual([wrong.code, wrong.body.category], [400, 'VALIDATION_ERROR'])
})
