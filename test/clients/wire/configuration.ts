import assert from 'node:assert/strict'
import { named, type Story } from './story.ts'

export const location: Story = async ({ ask, ids }) => {
  const { locationId } = ids
  assert.equal((await ask('GET /locations/{locationId}', { locationId })).location.id, locationId)
  const zones = await ask('GET /locations/{locationId}/timezones', { locationId })
  assert.ok((zones.timeZones ?? zones.timezones).includes('Europe/Madrid'))
}

export const tags: Story = async ({ ask, ids }) => {
  const place = { locationId: ids.locationId }
  const { tag } = await ask('POST /locations/{locationId}/tags', place, { name: 'guest' })
  const one = { ...place, tagId: tag.id }
  await ask('PUT /locations/{locationId}/tags/{tagId}', one, { name: 'guest of honour' })
  assert.equal((await ask('GET /locations/{locationId}/tags/{tagId}', one)).tag.name, 'guest of honour')
  const listed = async () => named((await ask('GET /locations/{locationId}/tags', place)).tags)
  assert.ok((await listed()).includes(tag.id))
  await ask('DELETE /locations/{locationId}/tags/{tagId}', one)
  assert.ok(!(await listed()).includes(tag.id))
}

export const customFields: Story = async ({ ask, ids }) => {
  const place = { locationId: ids.locationId }
  const body = { name: 'Meal', dataType: 'TEXT', placeholder: 'Fish', model: 'contact' }
  const { customField } = await ask('POST /locations/{locationId}/customFields', place, body)
  assert.deepEqual([customField.fieldKey, customField.dataType], ['contact.meal', 'TEXT'])
  const one = { ...place, id: customField.id }
  await ask('PUT /locations/{locationId}/customFields/{id}', one, { name: 'Dinner', placeholder: 'Soup' })
  const shown = (await ask('GET /locations/{locationId}/customFields/{id}', one)).customField
  assert.deepEqual([shown.name, shown.placeholder], ['Dinner', 'Soup'])
  const listed = async (model: string) =>
    named((await ask('GET /locations/{locationId}/customFields', { ...place, model })).customFields)
  assert.ok((await listed('contact')).includes(customField.id))
  assert.ok(!(await listed('opportunity')).includes(customField.id))
  await ask('DELETE /locations/{locationId}/customFields/{id}', one)
  assert.ok(!(await listed('all')).includes(customField.id))
}

export const customValues: Story = async ({ ask, ids }) => {
  const place = { locationId: ids.locationId }
  const { customValue } = await ask('POST /locations/{locationId}/customValues', place, { name: 'Phone', value: '1' })
  const one = { ...place, id: customValue.id }
  await ask('PUT /locations/{locationId}/customValues/{id}', one, { name: 'Phone of the barn', value: '2' })
  const shown = (await ask('GET /locations/{locationId}/customValues/{id}', one)).customValue
  assert.deepEqual([shown.name, shown.value], ['Phone of the barn', '2'])
  const listed = async () => named((await ask('GET /locations/{locationId}/customValues', place)).customValues)
  assert.ok((await listed()).includes(customValue.id))
  await ask('DELETE /locations/{locationId}/customValues/{id}', one)
  assert.ok(!(await listed()).includes(customValue.id))
}

export const templates: Story = async ({ ask, ids, client }) => {
  const { locationId } = ids
  const text = { name: 'Reminder', type: 'sms', template: { body: 'Soon' } }
  const { id } = (await client.post(`/locations/${locationId}/templates`, text)).body.template
  const wanted = { locationId, originId: locationId, type: 'sms' }
  const texts = async () => named((await ask('GET /locations/{locationId}/templates', wanted)).templates)
  assert.deepEqual(await texts(), [id])
  await ask('DELETE /locations/{locationId}/templates/{id}', { locationId, id })
  assert.deepEqual(await texts(), [])
  const body = { locationId, title: 'News', type: 'html', importProvider: 'mailchimp' }
  const made = await ask('POST /emails/builder', {}, body)
  const templateId: string = made.id ?? made.redirect
  const listed = async () => named((await ask('GET /emails/builder', { locationId, ...page })).builders)
  // One client wants texts.
  const page = { limit: '10', offset: '0', archived: 'false', templatesOnly: 'false' }
  assert.ok((await listed()).includes(templateId))
  const dnd = { elements: [], attrs: {}, templateSettings: {} }
  const change = { locationId, templateId, updatedBy: 'me', dnd, html: '<p>News', editorType: 'html' }
  await ask('POST /emails/builder/data', {}, change)
  await ask('DELETE /emails/builder/{locationId}/{templateId}', { locationId, templateId })
  assert.ok(!(await listed()).includes(templateId))
}

export const lists: Story = async ({ ask, ids, client }) => {
  const { locationId } = ids
  assert.deepEqual(named((await ask('GET /workflows/', { locationId })).workflows), [ids.workflowId])
  assert.deepEqual(named((await ask('GET /campaigns/', { locationId })).campaigns), [ids.campaignId])
  assert.deepEqual(named((await ask('GET /forms/', { locationId, limit: 10 })).forms), [ids.formId])
  const survey = (await client.post('/surveys/', { locationId, name: 'Was it good?', slides: [] })).body
  const { surveys } = await ask('GET /surveys/', { locationId, limit: 10 })
  assert.deepEqual(named(surveys), [survey.id ?? survey.survey?.id])
  const pages = [{ name: 'Welcome' }]
  const funnel = (await client.post('/funnels/', { locationId, name: 'Fair', type: 'funnel', steps: [], pages })).body
  const funnelId: string = funnel.id ?? funnel.funnel?._id ?? funnel.funnel?.id
  assert.deepEqual(named((await ask('GET /funnels/funnel/list', { locationId })).funnels), [funnelId])
  const wanted = { locationId, funnelId, limit: 10, offset: 0 }
  assert.deepEqual(
    (await ask('GET /funnels/page', wanted)).map(({ name }: { name: string }) => name),
    ['Welcome'],
  )
  assert.equal((await ask('GET /funnels/page/count', { locationId, funnelId })).count, 1)
}
