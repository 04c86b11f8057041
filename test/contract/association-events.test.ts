import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AssociationTypes } from '@hubspot/api-client'
import { standardTypes } from '../../src/objects/association-types.ts'
import { inverseOf, plainType, TYPES } from '../../src/objects/index.ts'
import { crmWorld } from '../support/crm-world.ts'

const world = crmWorld()

const api = () => world.hubspot.crm.associations.v4.basicApi
const spec = (associationTypeId: number, associationCategory = 'HUBSPOT_DEFINED') =>
  [{ associationCategory, associationTypeId }] as never

/** What a program knows that has read nothing but the events. */
class Reader {
  readonly ties = new Set<string>()
  async read(): Promise<string[]> {
    const told: string[] = []
    for (const event of await world.events()) {
      const tie = [
        `${event.fromObjectTypeId}/${event.fromObjectId}`,
        `${event.toObjectTypeId}/${event.toObjectId}`,
        event.associationTypeId,
      ].join(' ')
      told.push(
        `${event.action === 'ASSOCIATION_ADDED' ? '+' : '-'} ${event.associationTypeId}${event.isPrimary ? ' primary' : ''}`,
      )
      if (event.action === 'ASSOCIATION_ADDED') this.ties.add(tie)
      else this.ties.delete(tie)
    }
    return told
  }
}

test('each association is told in both directions when it comes and when it goes, whichever wire wrote it', async () => {
  const reader = new Reader()
  const [contact, company] = [await world.contact(), await world.company()]
  assert.deepEqual(await reader.read(), [])
  await api().createDefault('contacts', contact.objectId, 'companies', company.objectId)
  assert.deepEqual(await reader.read(), ['+ 279', '+ 280', '+ 1 primary', '+ 2 primary'])
  const bulk = { locationId: world.location.id, ids: [contact.id], businessId: null }
  assert.equal((await world.client.post('/contacts/bulk/business', bulk)).status, 200)
  assert.deepEqual(await reader.read(), ['- 279', '- 280', '- 1 primary', '- 2 primary'])
  const deal = await world.deal(contact)
  assert.deepEqual(await reader.read(), ['+ 3', '+ 4'])
  await api().createDefault('deals', deal.objectId, 'companies', company.objectId)
  assert.deepEqual((await reader.read()).toSorted(), ['+ 341', '+ 342', '+ 5 primary', '+ 6 primary'])
  assert.equal((await world.client.delete(`/opportunities/${deal.id}`)).status, 200)
  const gone = await reader.read()
  assert.deepEqual(gone.toSorted(), ['- 3', '- 341', '- 342', '- 4', '- 5 primary', '- 6 primary'])
  assert.deepEqual([...reader.ties], [])
})

test('whoever follows the events knows after each step what reading says', async () => {
  const reader = new Reader()
  const contact = await world.contact()
  const companies = [await world.company(), await world.company(), await world.company()]
  const [a, b, c] = companies.map(({ objectId }) => objectId) as [string, string, string]
  const batch = world.hubspot.crm.associations.v4.batchApi
  const from = { id: contact.objectId }
  const steps: (() => Promise<unknown>)[] = [
    () => api().createDefault('contacts', contact.objectId, 'companies', a),
    () => api().createDefault('companies', b, 'contacts', contact.objectId),
    () => api().create('contacts', contact.objectId, 'companies', b, spec(1)),
    () => api().create('contacts', contact.objectId, 'companies', c, spec(1)),
    () => batch.archiveLabels('contacts', 'companies', { inputs: [{ types: spec(1), _from: from, to: { id: c } }] }),
    () => api().create('contacts', contact.objectId, 'companies', a, spec(1)),
    () => api().archive('contacts', contact.objectId, 'companies', b),
    () => api().archive('contacts', contact.objectId, 'companies', a),
    () => api().createDefault('contacts', contact.objectId, 'companies', c),
    () =>
      batch.create('contacts', 'companies', {
        inputs: [a, b, c].map((id) => ({ types: spec(1), _from: from, to: { id } })),
      }),
    () => world.client.delete(`/contacts/${contact.id}`),
  ]
  for (const [index, step] of steps.entries()) {
    await step()
    await reader.read()
    const read =
      index === steps.length - 1 ? [] : (await api().getPage('contacts', contact.objectId, 'companies')).results
    const truth = read.flatMap(({ toObjectId, associationTypes }) =>
      associationTypes.flatMap(({ typeId }) => [
        `0-1/${contact.objectId} 0-2/${toObjectId} ${typeId}`,
        `0-2/${toObjectId} 0-1/${contact.objectId} ${typeId === 279 ? 280 : 2}`,
      ]),
    )
    assert.deepEqual([...reader.ties].toSorted(), truth.toSorted(), `after step ${index}`)
  }
})

test('whoever is forgotten is told to be associated with nothing any more', async () => {
  const reader = new Reader()
  const [contact, other] = [await world.contact(), await world.contact()]
  const [primary, second] = [await world.company(), await world.company()]
  const deal = await world.deal(contact)
  for (const company of [primary, second])
    await api().createDefault('contacts', contact.objectId, 'companies', company.objectId)
  await api().createDefault('contacts', other.objectId, 'companies', primary.objectId)
  await reader.read()
  const stays = [...reader.ties].filter((tie) => tie.includes(`/${other.objectId} `))
  assert.deepEqual([stays.length, reader.ties.size], [4, 12])
  const forgotten = await world.client.post('/crm/v3/objects/contacts/gdpr-delete', { objectId: contact.objectId })
  assert.equal(forgotten.status, 204)
  const gone = await reader.read()
  assert.equal(gone.length, 8, 'each once')
  assert.deepEqual([...reader.ties].toSorted(), stays.toSorted())
  assert.equal((await world.client.get(`/opportunities/${deal.id}`)).status, 200)
})

test('the types have the numbers that the official client knows', () => {
  const words: Record<string, string> = { lineItem: 'line_item' }
  const typeOf = (word: string) =>
    TYPES.find(({ name }) => name === (words[word] ?? word.charAt(0).toLowerCase() + word.slice(1)))
  let checked = 0
  for (const [name, id] of Object.entries(AssociationTypes)) {
    if (typeof id !== 'number') continue
    const [, primary, from, to] = /^(primary)?(\w+?)To([A-Z]\w+)$/.exec(name) ?? []
    const lower = (word = '') => word.charAt(0).toLowerCase() + word.slice(1)
    const [one, other] = [typeOf(lower(from)), typeOf(lower(to))]
    if (one === undefined || other === undefined) continue
    const types = standardTypes(one.typeId, other.typeId)
    const found = types.find(({ isPrimary }) => isPrimary === (primary !== undefined))
    assert.equal(found?.typeId, id, name)
    assert.equal(
      inverseOf(plainType(one.typeId, other.typeId)).typeId,
      plainType(other.typeId, one.typeId).typeId,
      name,
    )
    checked++
  }
  assert.ok(checked > 70, `${checked} were compared`)
  assert.deepEqual(
    standardTypes('0-2', '0-2').map(({ typeId }) => typeId),
    [AssociationTypes.companyToCompany, AssociationTypes.parentToChildCompany, AssociationTypes.childToParentCompany],
  )
})
