import assert from 'node:assert/strict'
import { theirs } from '../../support/theirs.ts'
import type { Story } from './story.ts'

const named = (things: { id: string }[]) => things.map(({ id }) => id)

export const location: Story = async ({ call, ids }) => {
  const { locationId } = ids
  assert.equal((await call('get_location', { locationId })).location.timezone, 'UTC')
  // It takes a list where the documents have an object with one.
  assert.deepEqual((await call('get_timezones', { locationId })).timezones, [])
}

export const tags: Story = async ({ call, ids }) => {
  const { locationId } = ids
  const { tag } = await call('create_location_tag', { locationId, name: 'guest' })
  const one = { locationId, tagId: tag.id }
  await call('update_location_tag', { ...one, name: 'guest of honour' })
  assert.equal((await call('get_location_tag', one)).tag.name, 'guest of honour')
  assert.ok(named((await call('get_location_tags', { locationId })).tags).includes(tag.id))
  await call('delete_location_tag', one)
  assert.ok(!named((await call('get_location_tags', { locationId })).tags).includes(tag.id))
}

export const customFields: Story = async ({ call, ids }) => {
  const { locationId } = ids
  const field = { name: 'Meal', dataType: 'TEXT', placeholder: 'Fish', model: 'contact', position: 3 }
  const { customField } = await call('create_location_custom_field', { locationId, ...field })
  assert.deepEqual([customField.fieldKey, customField.dataType], ['contact.meal', 'TEXT'])
  const one = { locationId, customFieldId: customField.id }
  await call('update_location_custom_field', { ...one, name: 'Dinner', placeholder: 'Soup' })
  const { customField: shown } = await call('get_location_custom_field', one)
  assert.deepEqual([shown.name, shown.placeholder], ['Dinner', 'Soup'])
  const listed = async (model: string) =>
    named((await call('get_location_custom_fields', { locationId, model })).customFields)
  assert.ok((await listed('contact')).includes(customField.id))
  assert.ok(!(await listed('opportunity')).includes(customField.id))
  await call('delete_location_custom_field', one)
  assert.ok(!(await listed('all')).includes(customField.id))
}

export const customValues: Story = async ({ call, ids }) => {
  const { locationId } = ids
  const { customValue } = await call('create_location_custom_value', { locationId, name: 'Phone', value: '1' })
  const one = { locationId, customValueId: customValue.id }
  await call('update_location_custom_value', { ...one, name: 'Phone of the barn', value: '2' })
  const { customValue: shown } = await call('get_location_custom_value', one)
  assert.deepEqual([shown.name, shown.value], ['Phone of the barn', '2'])
  assert.ok(named((await call('get_location_custom_values', { locationId })).customValues).includes(customValue.id))
  await call('delete_location_custom_value', one)
  assert.ok(!named((await call('get_location_custom_values', { locationId })).customValues).includes(customValue.id))
}

export const templates: Story = async ({ call, ids, client }) => {
  const { locationId } = ids
  const made = await call('create_email_template', { title: 'News', html: '<p>News' })
  const templateId: string = made.template.id ?? made.template.redirect
  const listed = async () => named((await call('get_email_templates', { limit: 10, offset: 0 })).templates.builders)
  assert.ok((await listed()).includes(templateId))
  await call('update_email_template', { templateId, html: '<p>More news', previewText: 'More' })
  await call('delete_email_template', { templateId })
  assert.ok(!(await listed()).includes(templateId))
  const campaign = { locationId, name: 'Black Friday', status: 'active', emailStatus: 'complete' }
  const { emailSchedule } = (await client.post('/emails/schedule', campaign)).body
  const { campaigns, total } = await call('get_email_campaigns', { limit: 5, offset: 0 })
  assert.deepEqual([named(campaigns), total], [[emailSchedule.id], 1])
  const text = { name: 'Reminder', type: 'sms', template: { body: 'Soon' } }
  const { body } = await client.post(`/locations/${locationId}/templates`, text)
  const texts = async () =>
    named((await call('get_location_templates', { locationId, originId: locationId, type: 'sms' })).templates)
  assert.deepEqual(await texts(), [body.template.id])
  await call('delete_location_template', { locationId, templateId: body.template.id })
  assert.deepEqual(await texts(), [])
}

export const others: Story = async ({ call, ids, client }) => {
  const { locationId } = ids
  const { workflows } = await call('ghl_get_workflows', { locationId })
  assert.deepEqual(named(workflows), [ids.workflowId])
  const { body } = await client.post('/surveys/', { locationId, name: 'Was it good?', slides: [] })
  const { surveys } = await call('ghl_get_surveys', { locationId, limit: 10, skip: 0 })
  assert.deepEqual(named(surveys), [body.id ?? body.survey?.id])
  // It asks below the location, which is nobody's address.
  await theirs(/Cannot GET .*surveys\/submissions/, () => call('ghl_get_survey_submissions', { locationId, limit: 10 }))
  const { tasks } = await call('search_location_tasks', { locationId, contactId: [ids.contactId] })
  assert.deepEqual(named(tasks), [ids.taskId])
}
