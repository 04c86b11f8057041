import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crmWorld } from '../support/crm-world.ts'
import { refusalOf } from '../support/hubspot.ts'

const world = crmWorld({}, ({ hubspot }) =>
  hubspot.crm.schemas.coreApi.create({
    name: 'venue',
    labels: { singular: 'Venue', plural: 'Venues' },
    primaryDisplayProperty: 'name',
    requiredProperties: [],
    properties: [{ name: 'name', label: 'Name', type: 'string', fieldType: 'text' }],
    associatedObjects: ['CONTACT'],
  } as never),
)
interface Shown {
  id: string
  properties: Record<string, string | null>
  _new?: boolean
}

/** What the client has for the objects of one type. */
interface Part {
  basicApi: {
    create(input: object): Promise<Shown>
    getById(id: string, properties: string[]): Promise<Shown>
    update(id: string, input: object): Promise<Shown>
    archive(id: string): Promise<void>
    merge(input: object): Promise<Shown>
  }
  batchApi: Record<'read' | 'upsert', (input: object) => Promise<{ results: Shown[] }>>
  searchApi: { doSearch(input: object): Promise<{ total: number; results: Shown[] }> }
}

/** A part of its own; for custom objects the one that is told the type each time, and knows of no merges. */
function partOf(type: string): Part {
  if (type !== 'venue') return world.hubspot.crm[type as 'contacts'] as never
  const told = (api: object) =>
    new Proxy(api, {
      get:
        (target, name) =>
        (...given: unknown[]) =>
          (target as Record<string | symbol, (...all: unknown[]) => unknown>)[name]?.(type, ...given),
    })
  const { basicApi, batchApi, searchApi } = world.hubspot.crm.objects
  const merge = async (body: object) =>
    (await world.hubspot.apiRequest({ method: 'POST', path: `/crm/v3/objects/${type}/merge`, body })).json()
  const named = told(basicApi) as Part['basicApi']
  const { create, getById, update, archive } = named
  return {
    basicApi: { create, getById, update, archive, merge },
    batchApi: told(batchApi),
    searchApi: told(searchApi),
  } as Part
}

for (const [type, single, name] of [
  ['contacts', 'contact', 'firstname'],
  ['companies', 'company', 'name'],
  ['deals', 'deal', 'dealname'],
  ['tickets', 'ticket', 'subject'],
  ['venue', 'venue', 'name'],
] as const)
  test(`${type}: the official client goes all the way, with its own methods`, async () => {
    const { basicApi, batchApi, searchApi } = partOf(type)
    const unique = { name: 'reference', label: 'Reference', type: 'string', fieldType: 'text', hasUniqueValue: true }
    const groupName = (await world.hubspot.crm.properties.groupsApi.getAll(type)).results[0]?.name
    await world.hubspot.crm.properties.coreApi.create(type, { ...unique, groupName, options: [] } as never)

    const made = await basicApi.create({ properties: { [name]: `A ${single}` } })
    assert.equal((await basicApi.getById(made.id, [name])).properties[name], `A ${single}`)
    assert.equal((await basicApi.update(made.id, { properties: { [name]: 'Another' } })).properties[name], 'Another')
    const read = await batchApi.read({ inputs: [{ id: made.id }], properties: [name], propertiesWithHistory: [] })
    assert.deepEqual(
      read.results.map(({ id, properties }) => [id, properties[name]]),
      [[made.id, 'Another']],
    )
    const input = { id: 'R-1', idProperty: 'reference', properties: { [name]: 'By reference' } }
    const [first, again] = [await batchApi.upsert({ inputs: [input] }), await batchApi.upsert({ inputs: [input] })]
    assert.deepEqual(
      [first, again].map(({ results }) => results[0]?._new),
      [true, false],
    )
    const other = first.results[0] as Shown
    const filters = [{ propertyName: 'reference', operator: 'EQ', value: 'r-1' }]
    const found = await searchApi.doSearch({ filterGroups: [{ filters }], properties: [name] })
    assert.deepEqual([found.total, found.results[0]?.id], [1, other.id])

    const v4 = world.hubspot.crm.associations.v4.basicApi
    const [to, known] = type === 'contacts' ? ['companies', await world.company()] : ['contacts', await world.contact()]
    const { results: types } = await world.hubspot.crm.associations.v4.schema.definitionsApi.getAll(type, to)
    const { category, typeId } = types[0] as { category: string; typeId: number }
    const spec = [{ associationCategory: category, associationTypeId: typeId }] as never
    await v4.create(type, other.id, to, known.objectId, spec)
    await basicApi.merge({ primaryObjectId: made.id, objectIdToMerge: other.id })
    assert.equal((await refusalOf(basicApi.getById(other.id, []))).code, 404)
    const { results } = await v4.getPage(type, made.id, to)
    assert.deepEqual(
      results.map(({ toObjectId }) => toObjectId),
      [known.objectId],
    )
    await v4.archive(type, made.id, to, known.objectId)
    assert.deepEqual((await v4.getPage(type, made.id, to)).results, [])
    await basicApi.archive(made.id)
    assert.equal((await refusalOf(basicApi.getById(made.id, []))).code, 404)
  })
