import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import { RESOURCES } from '../../src/resources/index.ts'
import { listChanges } from '../../src/store/changes/index.ts'
import type { Client, Reply } from '../support/client.ts'
import { hire } from '../support/hire.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client
let sdk: HighLevel
let next = 0

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 60 })
  await hire(
    server.app,
    agency.companyId,
    agency.locations.map(({ id }) => id),
    ['anna', 'ben', 'carl'],
  )
})
after(() => server?.[Symbol.asyncDispose]())

/** Each story in a location of its own. */
beforeEach(() => {
  location = agency.locations[next++] as TestLocation
  client = server.client(location.token)
  sdk = new HighLevel({ privateIntegrationToken: location.token })
  sdk.getHttpClient().defaults.baseURL = server.url
})

const here = () => ({ locationId: location.id })

async function create(body: object = {}, status = 201) {
  const reply = await client.post('/contacts/', { ...here(), ...body })
  assert.equal(reply.status, status, JSON.stringify(reply.body))
  return reply.body.contact
}
const get = async (id: string) => (await client.get(`/contacts/${id}`)).body.contact
const changes = (entityId: string, kind = 'contacts') =>
  listChanges(server.app.platform.db, { locationId: location.id, kind, entityId, limit: 50 })
const tagNames = async () =>
  (await client.get(`/locations/${location.id}/tags`)).body.tags.map(({ name }: { name: string }) => name)

test('the official client creates, reads, changes and deletes a contact', async () => {
  const created = await sdk.contacts.createContact({
    ...here(),
    firstName: 'Rosan',
    lastName: 'Deo',
    email: 'Rosan@Deo.example',
    phone: '+1 (888) 888-8888',
    tags: ['VIP', ' new '],
  } as never)
  const contact = created.contact as unknown as Record<string, unknown>
  assert.equal(contact.phone, '+18888888888')
  assert.equal(contact.emailLowerCase, 'rosan@deo.example')
  assert.equal(contact.fullNameLowerCase, 'rosan deo')
  assert.deepEqual(contact.tags, ['vip', 'new'])
  const contactId = contact.id as string
  assert.deepEqual((await sdk.contacts.getContact({ contactId })).contact, contact)
  const updated = await sdk.contacts.updateContact({ contactId }, {
    firstName: 'Rosa',
    lastName: null,
    dnd: true,
  } as never)
  assert.equal(updated.succeded, true)
  assert.equal((updated.contact as unknown as { name: string }).name, 'Rosa')
  assert.ok(!('lastName' in updated.contact!))
  assert.deepEqual((await changes(contactId))[0]?.delta, {
    firstName: ['Rosan', 'Rosa'],
    lastName: ['Deo', null],
    dnd: [false, true],
  })
  assert.equal((await sdk.contacts.deleteContact({ contactId })).succeded, true)
  assert.equal((await client.get(`/contacts/${contactId}`)).status, 404)
  const [deletion] = await changes(contactId)
  assert.deepEqual([deletion?.op, deletion?.delta?.firstName], ['delete', ['Rosa', null]])
})

test('custom fields are set by id and by key, and an empty value removes one', async () => {
  const make = async (name: string) =>
    (await client.post(`/locations/${location.id}/customFields`, { name, dataType: 'TEXT' })).body.customField.id
  const [budget, colour, wishes] = [await make('Budget'), await make('Colour'), await make('Wishes')]
  const { id, customFields } = await create({
    customFields: [
      { id: budget, field_value: '500' },
      { key: 'colour', field_value: 'red' },
      { id: wishes, key: 'contact.wishes', field_value: ['a', 'b'] },
    ],
  })
  assert.deepEqual(customFields, [
    { id: budget, value: '500' },
    { id: colour, value: 'red' },
    { id: wishes, value: ['a', 'b'] },
  ])
  const { body } = await client.put(`/contacts/${id}`, {
    customFields: [
      { key: '{{ contact.budget }}', field_value: 700 },
      { id: wishes, value: [] },
    ],
  })
  assert.deepEqual(body.contact.customFields, [
    { id: budget, value: 700 },
    { id: colour, value: 'red' },
  ])
  const wrong = await client.put(`/contacts/${id}`, {
    customFields: [{ key: 'nothing', field_value: 1 }, { field_value: 1 }],
    email: 'no mail',
    dateOfBirth: '1990-02-30',
  })
  assert.equal(wrong.status, 422)
  assert.deepEqual(wrong.body.message, [
    'email must be an email',
    'dateOfBirth must be a date such as 1990-09-25',
    'customFields[0]: there is no custom field with the key nothing in this location',
    'customFields[1] must name its field by id or key',
  ])
})

test('tags come into being with the contacts that bear them', async () => {
  const { id } = await create({ tags: ['First'] })
  const added = await client.post(`/contacts/${id}/tags`, { tags: ['Second', 'FIRST'] })
  assert.deepEqual([added.status, added.body], [201, { tags: ['first', 'second'], tagsAdded: ['second'] }])
  const removed = await client.delete(`/contacts/${id}/tags`, { tags: ['first', 'never'] })
  assert.deepEqual([removed.status, removed.body], [200, { tags: ['second'], tagsRemoved: ['first'] }])
  assert.deepEqual(await tagNames(), ['first', 'second'])
  const other = await create()
  const bulk = (type: string, body: object) =>
    client.post(`/contacts/bulk/tags/update/${type}`, {
      ...here(),
      contacts: [id, other.id, 'unknown'],
      tags: [],
      ...body,
    })
  const many = await bulk('add', { tags: ['Third'] })
  assert.equal(many.status, 201)
  assert.deepEqual(
    [many.body.succeded, many.body.errorCount, many.body.responses.toSorted()],
    [true, 1, [id, other.id].toSorted()],
  )
  assert.deepEqual((await get(id)).tags, ['second', 'third'])
  await bulk('remove', { tags: ['second'] })
  assert.deepEqual((await get(id)).tags, ['third'])
  await bulk('remove', { removeAllTags: true })
  assert.deepEqual((await get(other.id)).tags, [])
  const log = await changes(id)
  assert.deepEqual(log[0]?.delta, { tags: [['third'], []] })
})

test('followers come and go', async () => {
  const { id } = await create()
  const added = await client.post(`/contacts/${id}/followers`, { followers: ['anna', 'ben', 'anna'] })
  assert.deepEqual([added.status, added.body], [201, { followers: ['anna', 'ben'], followersAdded: ['anna', 'ben'] }])
  const removed = await client.delete(`/contacts/${id}/followers`, { followers: ['anna', 'carl'] })
  assert.deepEqual([removed.status, removed.body], [200, { followers: ['ben'], followersRemoved: ['anna'] }])
})

test('the official client keeps tasks and notes of a contact', async () => {
  const { id: contactId } = await create()
  const { task } = await sdk.contacts.createTask(
    { contactId },
    { title: 'Call', dueDate: '2026-10-25T11:00:00+02:00', completed: false },
  )
  assert.equal(task?.dueDate, '2026-10-25T09:00:00.000Z')
  const taskId = task?.id as string
  assert.equal(
    (await sdk.contacts.updateTask({ contactId, taskId }, { body: 'by noon' } as never)).task?.body,
    'by noon',
  )
  assert.equal(
    (await sdk.contacts.updateTaskCompleted({ contactId, taskId }, { completed: true })).task?.completed,
    true,
  )
  assert.deepEqual((await sdk.contacts.getAllTasks({ contactId })).tasks, [
    (await sdk.contacts.getTask({ contactId, taskId })).task,
  ])
  assert.deepEqual((await changes(taskId, 'tasks'))[0]?.delta, { completed: [false, true] })
  const { note } = await sdk.contacts.createNote({ contactId }, { body: 'tall', userId: 'anna', title: 'Height' })
  const id = note?.id as string
  assert.equal((await sdk.contacts.getNote({ contactId, id })).note?.title, 'Height')
  assert.equal(
    (await sdk.contacts.updateNote({ contactId, id }, { body: 'very tall', pinned: true } as never)).note?.body,
    'very tall',
  )
  assert.equal((await sdk.contacts.getAllNotes({ contactId })).notes?.length, 1)
  const other = await create()
  assert.equal((await client.get(`/contacts/${other.id}/tasks/${taskId}`)).status, 404, 'a task of another contact')
  assert.equal((await client.delete(`/contacts/${other.id}/notes/${id}`)).status, 404)
  assert.equal((await sdk.contacts.deleteTask({ contactId, taskId })).succeded, true)
  await client.delete(`/contacts/${contactId}`)
  assert.equal((await changes(id, 'notes'))[0]?.op, 'delete', 'notes go with their contact')
  assert.equal((await client.post(`/contacts/${contactId}/notes`, { body: 'late' })).status, 404)
})

test('a contact enters and leaves workflows and campaigns, and its way can be read', async () => {
  const make = async (kind: string, path: string) =>
    (await client.post(path, { ...here(), ...RESOURCES.get(kind)!.examples[0], name: kind })).body[
      RESOURCES.get(kind)!.noun
    ].id
  const workflow = (await client.post('/workflows/', { ...here(), name: 'Welcome' })).body.workflow.id
  const campaign = await make('campaigns', '/campaigns/')
  const { id } = await create()
  const entered = await client.post(`/contacts/${id}/workflow/${workflow}`, {
    eventStartTime: '2026-06-23T03:30:00+01:00',
  })
  assert.deepEqual([entered.status, entered.body], [200, { succeded: true, succeeded: true }])
  await Promise.all([1, 2, 3].map(() => client.post(`/contacts/${id}/workflow/${workflow}`, {})))
  const way = async (kind: string) =>
    (await client.get(`/contacts/${id}/${kind}`)).body.enrolments.map(
      (one: { id: string; name: string; state: string }) => [one.id, one.name, one.state],
    )
  assert.deepEqual(await way('workflows'), [[workflow, 'Welcome', 'active']])
  assert.deepEqual((await client.delete(`/contacts/${id}/workflow/${workflow}`, {})).body, {
    succeded: true,
    succeeded: true,
  })
  await client.post(`/contacts/${id}/workflow/${workflow}`, {})
  assert.deepEqual(await way('workflows'), [
    [workflow, 'Welcome', 'removed'],
    [workflow, 'Welcome', 'active'],
  ])
  assert.equal((await client.post(`/contacts/${id}/campaigns/${campaign}`, {})).status, 201)
  assert.equal((await client.delete(`/contacts/${id}/campaigns/removeAll`)).status, 200)
  assert.deepEqual(await way('campaigns'), [[campaign, 'campaigns', 'removed']])
  assert.equal((await client.post(`/contacts/${id}/workflow/unknown`, {})).status, 404)
  assert.deepEqual((await client.get(`/contacts/${id}/appointments`)).body, { events: [] })
})

test('the deprecated list walks all contacts, newest first', async () => {
  const ids: string[] = []
  for (let index = 0; index < 7; index++) ids.unshift((await create({ firstName: `Number ${index}` })).id)
  const walked: string[] = []
  let path: string | undefined = `/contacts/?locationId=${location.id}&limit=3`
  const pages: unknown[] = []
  while (path !== undefined) {
    const { status, body }: Reply = await client.get(path)
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual([body.count, body.meta.total], [7, 7])
    pages.push([body.meta.currentPage, body.meta.nextPage, body.meta.prevPage])
    walked.push(...body.contacts.map(({ id }: { id: string }) => id))
    path = body.meta.nextPageUrl?.replace(server.url, '')
  }
  assert.deepEqual(walked, ids)
  assert.deepEqual(pages, [
    [1, 2, null],
    [2, 3, 1],
    [3, null, 2],
  ])
  assert.equal((await client.get(`/contacts/?locationId=${location.id}&query=number%205`)).body.contacts.length, 1)
})
