import assert from 'node:assert/strict'
import { type Cast, named, type Story } from './story.ts'

/** An object with a name and nothing else; its key. */
async function define({ ask, ids }: Cast, word: string): Promise<string> {
  const key = `custom_objects.${word}`
  const labels = { singular: word, plural: `${word}s` }
  const primaryDisplayPropertyDetails = { key: `${key}.name`, name: 'Name', dataType: 'TEXT' }
  const body = { locationId: ids.locationId, labels, key, primaryDisplayPropertyDetails }
  const { object } = await ask('POST /objects/', {}, body)
  assert.deepEqual([object.key, object.standard, object.labels], [key, false, labels])
  return key
}

export const objects: Story = async (cast) => {
  const { ask, ids } = cast
  const here = { locationId: ids.locationId }
  const key = await define(cast, 'pet')
  const { objects: all } = await ask('GET /objects/', here)
  assert.ok(all.some((object: { key: string }) => object.key === key))
  const change = { ...here, labels: { singular: 'Pet', plural: 'Animals' }, description: 'Of guests' }
  await ask('PUT /objects/{key}', { key }, { ...change, searchableProperties: [`${key}.name`] })
  const { object, fields } = await ask('GET /objects/{key}', { ...here, key, fetchProperties: 'true' })
  assert.deepEqual([object.description, object.labels.plural], ['Of guests', 'Animals'])
  assert.deepEqual(
    fields.map(({ fieldKey }: { fieldKey: string }) => fieldKey),
    [`${key}.name`],
  )
}

export const records: Story = async (cast) => {
  const { ask, ids } = cast
  const here = { locationId: ids.locationId }
  const schemaKey = await define(cast, 'boat')
  const { record } = await ask(
    'POST /objects/{schemaKey}/records',
    { schemaKey },
    { ...here, properties: { name: 'Ada' } },
  )
  const one = { schemaKey, id: record.id }
  await ask('PUT /objects/{schemaKey}/records/{id}', { ...one, ...here }, { properties: { name: 'Grace' } })
  assert.equal((await ask('GET /objects/{schemaKey}/records/{id}', one)).record.properties.name, 'Grace')
  const found = async (query: string) => {
    const wanted = { ...here, page: 1, pageLimit: 10, query, searchAfter: [] }
    return named((await ask('POST /objects/{schemaKey}/records/search', { schemaKey }, wanted)).records)
  }
  assert.deepEqual([await found('grace'), await found('ada')], [[record.id], []])
  await ask('DELETE /objects/{schemaKey}/records/{id}', one)
  await assert.rejects(ask('GET /objects/{schemaKey}/records/{id}', one), /40[04]|was not found/)
  assert.deepEqual(await found('grace'), [])
}

export const fields: Story = async (cast) => {
  const { ask, ids } = cast
  const here = { locationId: ids.locationId }
  const objectKey = await define(cast, 'car')
  const folder = await ask('POST /custom-fields/folder', {}, { ...here, objectKey, name: 'Papers' })
  const renamed = await ask('PUT /custom-fields/folder/{id}', { id: folder.id }, { ...here, name: 'Documents' })
  assert.equal(renamed.name, 'Documents')
  const colour = { name: 'Colour', dataType: 'TEXT', fieldKey: `${objectKey}.colour`, showInForms: true }
  const { field } = await ask('POST /custom-fields/', {}, { ...here, ...colour, objectKey, parentId: folder.id })
  const one = { id: field.id }
  const change = { ...here, name: 'Paint', placeholder: 'Red', showInForms: false }
  await ask('PUT /custom-fields/{id}', one, change)
  const shown = (await ask('GET /custom-fields/{id}', one)).field
  assert.deepEqual([shown.name, shown.placeholder, shown.parentId], ['Paint', 'Red', folder.id])
  const listed = async () => {
    const { fields: all, folders } = await ask('GET /custom-fields/object-key/{objectKey}', { ...here, objectKey })
    return [named(all).includes(field.id), named(folders)]
  }
  assert.deepEqual(await listed(), [true, [folder.id]])
  await ask('DELETE /custom-fields/folder/{id}', { ...here, id: folder.id })
  assert.deepEqual(await listed(), [true, []])
  await ask('DELETE /custom-fields/{id}', one)
  await assert.rejects(ask('GET /custom-fields/{id}', one), /40[04]|was not found/)
  assert.deepEqual(await listed(), [false, []])
}
