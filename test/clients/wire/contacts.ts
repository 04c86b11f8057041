import assert from 'node:assert/strict'
import { at } from '../../support/catalogue-inputs.ts'
import { named, type Story } from './story.ts'

export const contacts: Story = async ({ ask, ids }) => {
  const here = { locationId: ids.locationId }
  const texts = { firstName: 'Nia', lastName: 'Okoro', email: 'nia@example.com', phone: '+12025550177' }
  const { contact } = await ask('POST /contacts/', {}, { ...here, ...texts, tags: ['vip'], source: 'fair' })
  const one = { contactId: contact.id }
  assert.deepEqual(
    [contact.firstName, contact.lastName, contact.email, contact.phone, contact.tags, contact.source],
    ['Nia', 'Okoro', 'nia@example.com', '+12025550177', ['vip'], 'fair'],
  )
  const field = { id: ids.contactField, field_value: 'The barn' }
  await ask('PUT /contacts/{contactId}', one, { lastName: 'Okafor', customFields: [field] })
  const shown = (await ask('GET /contacts/{contactId}', one)).contact
  assert.deepEqual([shown.lastName, shown.customFields[0].value], ['Okafor', 'The barn'])
  const list = await ask('GET /contacts/', { ...here, query: 'okafor', limit: 20 })
  assert.deepEqual(named(list.contacts), [contact.id])
  const filters = [{ field: 'email', operator: 'eq', value: 'nia@example.com' }]
  const found = await ask('POST /contacts/search', {}, { ...here, pageLimit: 20, page: 1, filters })
  assert.deepEqual(named(found.contacts), [contact.id])
  for (const key of [{ email: 'nia@example.com' }, { number: '+12025550177' }])
    assert.equal((await ask('GET /contacts/search/duplicate', { ...here, ...key })).contact.id, contact.id)
  const again = await ask('POST /contacts/upsert', {}, { ...here, email: 'nia@example.com', firstName: 'Nina' })
  assert.deepEqual([again.new, again.contact.id, again.contact.firstName], [false, contact.id, 'Nina'])
  await ask('POST /contacts/bulk/business', {}, { ...here, ids: [contact.id], businessId: ids.businessId })
  const members = await ask('GET /contacts/business/{businessId}', { ...here, businessId: ids.businessId })
  assert.deepEqual(named(members.contacts), [contact.id])
  await ask('DELETE /contacts/{contactId}', one)
  await assert.rejects(ask('GET /contacts/{contactId}', one), /40[04]|was not found/)
}

export const tags: Story = async ({ ask, ids }) => {
  const one = { contactId: ids.spareContactId }
  const both = ['first', 'second']
  assert.deepEqual((await ask('POST /contacts/{contactId}/tags', one, { tags: both })).tags, both)
  assert.deepEqual((await ask('DELETE /contacts/{contactId}/tags', one, { tags: ['first'] })).tags, ['second'])
  const many = { locationId: ids.locationId, contacts: [ids.spareContactId], tags: ['second'] }
  await ask('POST /contacts/bulk/tags/update/{type}', { type: 'remove' }, many)
  assert.deepEqual((await ask('GET /contacts/{contactId}', one)).contact.tags, [])
}

export const tasks: Story = async ({ ask, ids }) => {
  const place = { contactId: ids.contactId }
  const body = { title: 'Send offer', body: 'By mail', dueDate: at(3).toISOString(), completed: false }
  const { task } = await ask('POST /contacts/{contactId}/tasks', place, body)
  const one = { ...place, taskId: task.id }
  await ask('PUT /contacts/{contactId}/tasks/{taskId}', one, { title: 'Send two offers' })
  await ask('PUT /contacts/{contactId}/tasks/{taskId}/completed', one, { completed: true })
  const shown = (await ask('GET /contacts/{contactId}/tasks/{taskId}', one)).task
  assert.deepEqual([shown.title, shown.dueDate, shown.completed], ['Send two offers', body.dueDate, true])
  await ask('DELETE /contacts/{contactId}/tasks/{taskId}', one)
  assert.deepEqual(named((await ask('GET /contacts/{contactId}/tasks', place)).tasks), [ids.taskId])
}

export const notes: Story = async ({ ask, ids }) => {
  const place = { contactId: ids.contactId }
  const { note } = await ask('POST /contacts/{contactId}/notes', place, { body: 'Rang', userId: ids.userId })
  const one = { ...place, id: note.id }
  await ask('PUT /contacts/{contactId}/notes/{id}', one, { body: 'Rang twice' })
  const shown = (await ask('GET /contacts/{contactId}/notes/{id}', one)).note
  assert.deepEqual([shown.body, shown.userId], ['Rang twice', ids.userId])
  await ask('DELETE /contacts/{contactId}/notes/{id}', one)
  assert.deepEqual(named((await ask('GET /contacts/{contactId}/notes', place)).notes), [ids.contactNote])
}

export const followers: Story = async ({ ask, ids }) => {
  const one = { contactId: ids.contactId }
  const body = { followers: [ids.userId] }
  assert.deepEqual((await ask('POST /contacts/{contactId}/followers', one, body)).followers, body.followers)
  assert.deepEqual((await ask('DELETE /contacts/{contactId}/followers', one, body)).followers, [])
  assert.deepEqual(named((await ask('GET /contacts/{contactId}/appointments', one)).events), [ids.appointmentId])
}

export const enrolments: Story = async ({ ask, ids, client }) => {
  const { contactId, campaignId, workflowId } = ids
  const active = async (kind: string) => {
    const { body } = await client.get(`/contacts/${contactId}/${kind}`)
    return named(body.enrolments.filter(({ state }: { state: string }) => state === 'active'))
  }
  const joined = { contactId, campaignId }
  await ask('POST /contacts/{contactId}/campaigns/{campaignId}', joined, {})
  assert.deepEqual(await active('campaigns'), [campaignId])
  await ask('DELETE /contacts/{contactId}/campaigns/{campaignId}', joined)
  assert.deepEqual(await active('campaigns'), [])
  await ask('POST /contacts/{contactId}/campaigns/{campaignId}', joined, {})
  await ask('DELETE /contacts/{contactId}/campaigns/removeAll', { contactId })
  assert.deepEqual(await active('campaigns'), [])
  const moment = { eventStartTime: '2026-10-25T11:00:00+00:00' }
  await ask('POST /contacts/{contactId}/workflow/{workflowId}', { contactId, workflowId }, moment)
  assert.deepEqual(await active('workflows'), [workflowId])
  await ask('DELETE /contacts/{contactId}/workflow/{workflowId}', { contactId, workflowId }, moment)
  assert.deepEqual(await active('workflows'), [])
}
