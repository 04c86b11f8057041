import assert from 'node:assert/strict'
import type { Story } from './story.ts'

export const objects: Story = async ({ call, ids }) => {
  const { locationId } = ids
  const key = 'custom_objects.pets'
  const labels = { singular: 'Pet', plural: 'Pets' }
  const primaryDisplayPropertyDetails = { key: `${key}.name`, name: 'Name', dataType: 'TEXT' }
  await call('create_object_schema', { locationId, key, labels, primaryDisplayPropertyDetails })
  const { objects: all } = await call('get_all_objects', { locationId })
  assert.ok(all.some((object: { key: string }) => object.key === key))
  await call('update_object_schema', {
    key,
    locationId,
    description: 'Of guests',
    searchableProperties: [`${key}.name`],
  })
  assert.equal((await call('get_object_schema', { key, locationId })).object.description, 'Of guests')
  const { recordId } = await call('create_object_record', { schemaKey: key, locationId, properties: { name: 'Rex' } })
  const one = { schemaKey: key, recordId }
  await call('update_object_record', { ...one, locationId, properties: { name: 'Max' } })
  assert.equal((await call('get_object_record', one)).record.properties.name, 'Max')
  const found = await call('search_object_records', {
    schemaKey: key,
    locationId,
    query: 'Max',
    page: 1,
    pageLimit: 10,
  })
  assert.equal(found.records[0].id, recordId)
  await call('delete_object_record', one)
  await assert.rejects(call('get_object_record', one))
}

export const fieldsOfObjects: Story = async ({ call, ids }) => {
  const { locationId } = ids
  const key = 'custom_objects.cars'
  const labels = { singular: 'Car', plural: 'Cars' }
  const primaryDisplayPropertyDetails = { key: `${key}.name`, name: 'Name', dataType: 'TEXT' }
  await call('create_object_schema', { locationId, key, labels, primaryDisplayPropertyDetails })
  const object = { locationId, objectKey: key }
  const folder = (await call('ghl_create_custom_field_folder', { ...object, name: 'Papers' })).data
  await call('ghl_update_custom_field_folder', { id: folder.id, name: 'Documents', locationId })
  const wanted = {
    name: 'Weight',
    dataType: 'NUMERICAL',
    fieldKey: `${key}.weight`,
    parentId: folder.id,
  }
  const { field } = (await call('ghl_create_custom_field', { ...object, ...wanted })).data
  await call('ghl_update_custom_field', { id: field.id, locationId, name: 'Weight in kg' })
  assert.equal((await call('ghl_get_custom_field_by_id', { id: field.id })).data.field.name, 'Weight in kg')
  const { fields } = (await call('ghl_get_custom_fields_by_object_key', object)).data
  assert.ok(fields.some(({ id }: { id: string }) => id === field.id))
  await call('ghl_delete_custom_field', { id: field.id })
  await assert.rejects(call('ghl_get_custom_field_by_id', { id: field.id }))
  await call('ghl_delete_custom_field_folder', { id: folder.id, locationId })
  assert.deepEqual((await call('ghl_get_custom_fields_by_object_key', object)).data.folders, [])
}
