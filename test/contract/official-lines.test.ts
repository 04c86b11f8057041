import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Operation } from '../../src/operations/define.ts'
import { registry } from '../../src/operations/index.ts'
import { lineShape } from '../../src/operations/registry.ts'
import type { Reply } from '../support/client.ts'
import { tokensFor } from '../support/oauth.ts'
import { inOrder, OFFICIAL } from '../support/official.ts'
import { isOfficial, OFFICIAL_LINES, type OfficialLine } from '../support/official-lines.ts'
import { inputFor, send } from '../support/requests.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'
import { createWorld, type Tenant, tokenFor } from '../support/tenant-world.ts'

let story: Story
let mine: Tenant
/** Lines whose answers were held against the official schemas: those of the catalogue in sdk-catalog.test.ts. */
const checked = new Set(OFFICIAL.map(({ method, path }) => `${method} ${path}`))

before(async () => {
  story = await startStory({ work: false, rateLimit: 0 })
  mine = (await createWorld(story.server)).mine
})
after(() => story?.[Symbol.asyncDispose]())

/** Of its own staff: nobody can get it. */
const INTERNAL = ['locations.internal-access-only']

const operationOf = ({ line }: OfficialLine): Operation | undefined =>
  registry.all.find(({ http }) => lineShape(http) === lineShape(line.replace(/\{(\w+)\}/g, ':$1')))

test('every documented operation is served, to tokens with the documented scopes', () => {
  assert.equal(OFFICIAL_LINES.length, 222)
  const missing = OFFICIAL_LINES.filter((line) => operationOf(line) === undefined)
  assert.deepEqual(
    missing.map(({ line }) => line),
    [],
  )
  const scopeless = OFFICIAL_LINES.filter((line) => {
    const { token, scope } = operationOf(line) as Operation
    return token !== 'none' && !line.scopes.every((one) => INTERNAL.includes(one) || [scope].flat().includes(one))
  })
  assert.deepEqual(
    scopeless.map(({ line, scopes }) => `${line} ${scopes}`),
    [],
  )
})

/** What wants more than the least that a schema allows, one after the other, each with what the ones before have made. */
test('answers to what is asked for in turn are what the official schemas say', async () => {
  const { client, id: locationId } = await newLocation(story, 'In turn')
  const here = { locationId }
  const at = `locationId=${locationId}`
  async function holds(line: string, reply: Promise<Pick<Reply, 'status' | 'body'>>) {
    const body = isOfficial(line, await reply)
    checked.add(line)
    return body
  }
  const form = async (path: string, fields: Record<string, string>, field: string) => {
    const data = new FormData()
    for (const [name, value] of Object.entries(fields)) data.set(name, value)
    data.append(field, new Blob([new Uint8Array(10)]), 'a.pdf')
    const headers = { authorization: `Bearer ${await secret()}`, version: '2021-07-28' }
    const response = await fetch(story.server.url + path, { method: 'POST', headers, body: data })
    return { status: response.status, body: await response.json() }
  }
  const secret = async () => {
    const { agency } = story
    const body = { name: 'Files', locationId, scopes: ['*'] }
    return (await agency.client.post(`/tokens/?companyId=${agency.companyId}`, body)).body.secret as string
  }
  const patch = (path: string, body: object) =>
    client.raw('PATCH', path, {
      headers: { version: '2021-07-28', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  const email = 'ada@turn.example'
  const contact = (await client.post('/contacts/', { ...here, firstName: 'Ada', email, phone: '+12025550142' })).body
    .contact
  const contactId = contact.id as string
  const { conversation } = await holds('POST /conversations/', client.post('/conversations/', { ...here, contactId }))
  const conversationId = conversation.id as string
  const sms = { type: 'SMS', contactId, message: 'Hello' }
  const said = await holds('POST /conversations/messages', client.post('/conversations/messages', sms))
  const letter = { type: 'Email', contactId, subject: 'Hello', html: '<p>Hello' }
  const later = { scheduledTimestamp: Math.floor(Date.now() / 1000) + 86_400 }
  const waiting = (await client.post('/conversations/messages', { ...sms, ...later })).body
  const line = '/conversations/messages/{messageId}'
  await holds(`DELETE ${line}/schedule`, client.delete(`/conversations/messages/${waiting.messageId}/schedule`))
  const mail = (await client.post('/conversations/messages', { ...letter, ...later })).body
  await holds(
    'DELETE /conversations/messages/email/{emailMessageId}/schedule',
    client.delete(`/conversations/messages/email/${mail.emailMessageId}/schedule`),
  )
  await holds(
    `PUT ${line}/attachments`,
    client.put(`/conversations/messages/${said.messageId}/attachments`, { attachments: ['https://example.com/a.pdf'] }),
  )
  const inbound = { type: 'GMB', conversationId, message: 'Five stars', conversationProviderId: 'p' }
  await holds('POST /conversations/messages/inbound', client.post('/conversations/messages/inbound', inbound))
  const call = { type: 'Call', conversationId, conversationProviderId: 'p', call: { status: 'completed' } }
  await holds('POST /conversations/messages/outbound', client.post('/conversations/messages/outbound', call))
  const reply = { ...here, conversationId, message: 'Thank you' }
  await holds('POST /conversations/messages/review-reply', client.post('/conversations/messages/review-reply', reply))
  const upload = '/conversations/messages/upload'
  await holds(`POST ${upload}`, form(upload, { ...here, contactId }, 'fileAttachment'))
  const names = { ...here, conversationId, filename: 'a.pdf' }
  const announced = { ...names, contentType: 'application/pdf', channel: 'SMS' }
  const pending = await holds(`POST ${upload}/initiate`, client.post(`${upload}/initiate`, announced))
  const url = new URL(pending.uploadUrl)
  await fetch(story.server.url + url.pathname, { method: 'PUT', body: 'text' })
  const { uploadId, filePath } = pending
  await holds(`POST ${upload}/complete`, client.post(`${upload}/complete`, { ...names, uploadId, filePath }))
  const change = { type: 'default', subtype_name: 'One on One', subtype_status: 'unsubscribed' }
  const userChange = '/conversations/preferences/unsubscriptions/user-change'
  const sent = { ...here, contactId, email, subscription_action: change }
  await holds(`POST ${userChange}`, client.post(userChange, sent))

  const fields = `/locations/${locationId}/customFields`
  const file = { name: 'Contract', dataType: 'FILE_UPLOAD' }
  const field = (await holds('POST /locations/{locationId}/customFields', client.post(fields, file))).customField
  await holds('POST /locations/{locationId}/customFields/upload', form(`${fields}/upload`, { id: contactId }, 'files'))
  const toContact = `/forms/upload-custom-files?${at}&contactId=${contactId}`
  await holds('POST /forms/upload-custom-files', form(toContact, {}, `${field.id}_1`))
  const { tag } = await holds(
    'POST /locations/{locationId}/tags',
    client.post(`/locations/${locationId}/tags`, { name: 'vip' }),
  )
  const oneTag = `/locations/${locationId}/tags/${tag.id}`
  await holds('PUT /locations/{locationId}/tags/{tagId}', client.put(oneTag, { name: 'very important' }))
  const value = { name: 'Phone', value: '1' }
  await holds('POST /locations/{locationId}/customValues', client.post(`/locations/${locationId}/customValues`, value))

  const object = {
    ...here,
    labels: { singular: 'Pet', plural: 'Pets' },
    key: 'custom_objects.pet',
    primaryDisplayPropertyDetails: { key: 'custom_objects.pet.name', name: 'Name', dataType: 'TEXT' },
  }
  await holds('POST /objects/', client.post('/objects/', object))
  const searched = { ...here, searchableProperties: ['custom_objects.pet.name'] }
  await holds('PUT /objects/{key}', client.put('/objects/custom_objects.pet', searched))
  const objectKey = 'custom_objects.pet'
  const folders = '/custom-fields/folder'
  const folder = await holds(`POST ${folders}`, client.post(folders, { ...here, objectKey, name: 'More' }))
  await holds(`PUT ${folders}/{id}`, client.put(`${folders}/${folder.id}`, { ...here, name: 'Most' }))
  const colour = { ...here, objectKey, name: 'Colour', dataType: 'TEXT', showInForms: true, parentId: folder.id }
  await holds('POST /custom-fields/', client.post('/custom-fields/', colour))
  const byKey = `/custom-fields/object-key/${objectKey}?${at}`
  await holds('GET /custom-fields/object-key/{objectKey}', client.get(byKey))
  await holds(`DELETE ${folders}/{id}`, client.delete(`${folders}/${folder.id}?${at}`))

  const redirects = '/funnels/lookup/redirect'
  const target = { ...here, target: 'https://example.com/', action: 'url' }
  const { data } = await holds(
    `POST ${redirects}`,
    client.post(redirects, { ...target, domain: 'turn.example', path: '/a' }),
  )
  await holds(`PATCH ${redirects}/{id}`, patch(`${redirects}/${data.id}`, target))
  await holds(`DELETE ${redirects}/{id}`, client.delete(`${redirects}/${data.id}?${at}`))
  const rruleOptions = { intervalType: 'daily', interval: 1, startDate: '2099-01-01T00:00:00Z', dueAfterSeconds: 60 }
  const recurring = `/locations/${locationId}/recurring-tasks`
  const recurringLine = '/locations/{locationId}/recurring-tasks'
  const { recurringTask } = await holds(
    `POST ${recurringLine}`,
    client.post(recurring, { title: 'Call', contactIds: [contactId], rruleOptions }),
  )
  const oneTask = `${recurring}/${recurringTask.id}`
  await holds(`GET ${recurringLine}/{id}`, client.get(oneTask))
  await holds(`PUT ${recurringLine}/{id}`, client.put(oneTask, { title: 'Write' }))
  await holds(`DELETE ${recurringLine}/{id}`, client.delete(oneTask))

  const { agency } = story
  const snapshot = await agency.capture(locationId)
  const status = `/snapshot-status/${snapshot.id}?from=2026-01-01&to=2099-01-01&lastDoc=&limit=10`
  await holds('GET /snapshots/snapshot-status/{snapshotId}', agency.client.get(agency.path(status)))
  const token = await tokensFor(story, 'agency')
  await holds('POST /oauth/token', Promise.resolve({ status: 200, body: token }))
})

for (const one of inOrder(OFFICIAL_LINES, ({ line }) => line)) {
  test(`${one.line} answers what the official schema says`, async () => {
    if (checked.has(one.line)) return
    const operation = operationOf(one) as Operation
    const level = operation.token === 'agency' ? 'agency' : 'location'
    const client = story.server.client(tokenFor(mine, operation, level))
    isOfficial(one.line, await send(client, operation, inputFor(operation, mine)))
    checked.add(one.line)
  })
}

test('222 of 222 documented operations are served and answer what the official schemas say', () => {
  assert.equal(checked.size, 222)
})
