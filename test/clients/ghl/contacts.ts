import assert from 'node:assert/strict'
import { at } from '../../support/catalogue-inputs.ts'
import { theirs } from '../../support/theirs.ts'
import type { Story } from './story.ts'

const named = (things: { id: string }[]) => things.map(({ id }) => id)

export const contacts: Story = async ({ call, ids }) => {
  const made = await call('create_contact', {
    firstName: 'Nia',
    lastName: 'Okoro',
    email: 'nia@example.com',
    phone: '+12025550177',
    tags: ['vip'],
    source: 'fair',
  })
  const contactId: string = made.id
  assert.deepEqual(
    [made.firstName, made.lastName, made.email, made.phone, made.tags, made.source],
    ['Nia', 'Okoro', 'nia@example.com', '+12025550177', ['vip'], 'fair'],
  )
  assert.equal((await call('get_contact', { contactId })).email, 'nia@example.com')
  await call('update_contact', { contactId, lastName: 'Okafor' })
  assert.equal((await call('get_contact', { contactId })).lastName, 'Okafor')
  assert.deepEqual(named((await call('search_contacts', { query: 'okafor' })).contacts), [contactId])
  // It encodes the address twice.
  assert.equal((await call('get_duplicate_contact', { email: 'nia@example.com' })).id, contactId)
  const again = await call('upsert_contact', { email: 'nia@example.com', firstName: 'Nina' })
  assert.deepEqual([again.new, again.contact.id, again.contact.firstName], [false, contactId, 'Nina'])
  const business = { contactIds: [contactId], businessId: ids.businessId }
  await theirs(/Cannot POST \/contacts\/business\/bulk/, () => call('bulk_update_contact_business', business))
  const { contacts: staff } = await call('get_contacts_by_business', { businessId: ids.businessId })
  assert.ok(Array.isArray(staff))
  await call('delete_contact', { contactId })
  await theirs(/404|400/, () => call('get_contact', { contactId }))
}

export const tags: Story = async ({ call, ids }) => {
  const { contactId } = ids
  assert.deepEqual((await call('add_contact_tags', { contactId, tags: ['first', 'second'] })).tags, ['first', 'second'])
  assert.deepEqual((await call('remove_contact_tags', { contactId, tags: ['first'] })).tags, ['second'])
  assert.deepEqual((await call('remove_contact_tags', { contactId, tags: ['second'] })).tags, [])
  const many = { contactIds: [contactId], tags: ['third'], operation: 'add' }
  await theirs(/Cannot POST \/contacts\/tags\/bulk/, () => call('bulk_update_contact_tags', many))
}

export const tasks: Story = async ({ call, ids }) => {
  const { contactId } = ids
  const dueDate = at(3).toISOString()
  const task = await call('create_contact_task', { contactId, title: 'Send offer', body: 'By mail', dueDate })
  const one = { contactId, taskId: task.id }
  assert.deepEqual([task.title, task.body, task.completed], ['Send offer', 'By mail', false])
  assert.equal((await call('get_contact_task', one)).dueDate, dueDate)
  await call('update_contact_task', { ...one, title: 'Send two offers' })
  await call('update_task_completion', { ...one, completed: true })
  const listed = (await call('get_contact_tasks', { contactId })).find(({ id }: { id: string }) => id === task.id)
  assert.deepEqual([listed.title, listed.completed], ['Send two offers', true])
  await call('delete_contact_task', one)
  assert.ok(!named(await call('get_contact_tasks', { contactId })).includes(task.id))
}

export const notes: Story = async ({ call, ids }) => {
  const { contactId, userId } = ids
  const note = await call('create_contact_note', { contactId, body: 'Rang at noon', userId })
  const one = { contactId, noteId: note.id }
  assert.deepEqual([note.body, note.userId], ['Rang at noon', userId])
  await call('update_contact_note', { ...one, body: 'Rang at one', userId })
  assert.equal((await call('get_contact_note', one)).body, 'Rang at one')
  assert.ok(named(await call('get_contact_notes', { contactId })).includes(note.id))
  await call('delete_contact_note', one)
  assert.ok(!named(await call('get_contact_notes', { contactId })).includes(note.id))
}

export const followers: Story = async ({ call, ids }) => {
  const { contactId, userId } = ids
  const followersOf = async () => (await call('get_contact', { contactId })).followers
  await call('add_contact_followers', { contactId, followers: [userId] })
  assert.deepEqual(await followersOf(), [userId])
  await call('remove_contact_followers', { contactId, followers: [userId] })
  assert.deepEqual(await followersOf(), [])
  assert.deepEqual(named(await call('get_contact_appointments', { contactId })), [ids.appointmentId])
}

export const enrolments: Story = async ({ call, ids, enrolled }) => {
  const { contactId, campaignId, workflowId } = ids
  await call('add_contact_to_campaign', { contactId, campaignId })
  assert.deepEqual(await enrolled(), [campaignId])
  await call('remove_contact_from_campaign', { contactId, campaignId })
  assert.deepEqual(await enrolled(), [])
  await call('add_contact_to_workflow', { contactId, workflowId })
  assert.deepEqual(await enrolled(), [workflowId])
  await call('remove_contact_from_workflow', { contactId, workflowId })
  assert.deepEqual(await enrolled(), [])
  await call('add_contact_to_campaign', { contactId, campaignId })
  // It asks for an address that nobody documents.
  await theirs(/Cannot DELETE \/contacts/, () => call('remove_contact_from_all_campaigns', { contactId }))
}
