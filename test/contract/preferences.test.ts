import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Client } from '../support/client.ts'
import { type Office, startOffice } from '../support/office.ts'
import { isOfficial } from '../support/official-lines.ts'

let office: Office
let client: Client
let at: string
before(async () => {
  office = await startOffice({ fileBytes: 2_000_000 })
  client = office.client
  at = `locationId=${office.location.id}`
})
after(() => office?.[Symbol.asyncDispose]())

const SUBTYPES = '/conversations/preferences/custom-subtypes'
const newSubtype = async (name: string) =>
  isOfficial(`POST ${SUBTYPES}`, await client.post(`${SUBTYPES}?${at}`, { name, channel: 'email', language: 'en' }))
    .subtype

test('kinds of messages that people can do without are made, listed and archived', async () => {
  const subtype = await newSubtype('Newsletter')
  const changed = await client.put(`${SUBTYPES}/${subtype.id}?${at}`, { archived: true, description: 'Monthly' })
  assert.deepEqual(
    [isOfficial(`PUT ${SUBTYPES}/{id}`, changed).subtype.archived, changed.body.subtype.name],
    [true, 'Newsletter'],
  )
  const { subtypes } = isOfficial(`GET ${SUBTYPES}`, await client.get(`${SUBTYPES}?${at}`))
  assert.deepEqual(subtypes, [changed.body.subtype])
})

test('what a contact says about messages is kept for each address and kind, and taken back at once', async () => {
  const email = 'Said@Office.example'
  const contactId = await office.newContact({ email, additionalEmails: ['other@office.example'] })
  const { id } = await newSubtype('Offers')
  const change = (action: object, more: object = {}) =>
    client.post('/conversations/preferences/unsubscriptions/user-change', {
      ...office.here,
      contactId,
      email: 'said@office.example',
      subscription_action: { subtype_status: 'unsubscribed', ...action },
      ...more,
    })
  const line = 'POST /conversations/preferences/unsubscriptions/user-change'
  isOfficial(line, await change({ type: 'default', subtype_name: 'One on One' }, { legal_reason: 'By telephone' }))
  isOfficial(line, await change({ type: 'custom', subtype_id: id }))
  isOfficial(line, await change({ type: 'custom', subtype_id: id }))
  const status = async (query = '') => {
    const path = '/conversations/preferences/unsubscriptions/status'
    const reply = await client.get(`${path}?${at}&contactId=${contactId}${query}`)
    return isOfficial(`GET ${path}`, reply).emails.map(
      (one: { subscriptions: { subtype_name: string; subtype_status: string }[] }) =>
        one.subscriptions.map(({ subtype_name, subtype_status }) => `${subtype_name} ${subtype_status}`),
    )
  }
  assert.deepEqual(await status(), [['One on One unsubscribed', 'Offers unsubscribed'], []])
  assert.deepEqual(await status('&email=other@office.example'), [[]])
  isOfficial(line, await change({ type: 'resub_all', subtype_status: 'subscribed' }))
  assert.deepEqual(await status('&email=SAID@office.example'), [['One on One subscribed', 'Offers subscribed']])
  assert.equal((await change({ type: 'custom', subtype_id: 'x' })).status, 422)
  assert.equal((await change({ type: 'default' }, { email: 'who@office.example' })).status, 422)
  assert.equal((await change({ type: 'default' }, { contactId: 'x' })).status, 404)
})

test('a review is answered where there is one', async () => {
  const { conversationId } = await office.newConversation()
  const reply = () =>
    client.post('/conversations/messages/review-reply', { ...office.here, conversationId, message: 'Thank you!' })
  assert.equal((await reply()).status, 400)
  const review = { type: 'GMB', conversationId, message: 'Five stars', conversationProviderId: 'p' }
  const inbound = await client.post('/conversations/messages/inbound', review)
  assert.equal(inbound.status, 200, JSON.stringify(inbound.body))
  const sent = isOfficial('POST /conversations/messages/review-reply', await reply())
  const { body } = await client.get(`/conversations/messages/${sent.messageId}`)
  const message = body.message ?? body
  assert.deepEqual([message.body, message.direction, message.messageType], ['Thank you!', 'outbound', 'TYPE_REVIEW'])
})

test('a file is announced, comes to an address of its own, and is there once it is complete', async () => {
  const { conversationId, contactId } = await office.newConversation()
  const bytes = randomBytes(600_000)
  const names = { ...office.here, conversationId, filename: 'video.mp4' }
  const announce = (more: object = {}) =>
    client.post('/conversations/messages/upload/initiate', {
      ...names,
      contentType: 'video/mp4',
      fileSize: bytes.length,
      channel: 'WHATSAPP',
      ...more,
    })
  assert.equal((await announce({ filename: 'virus.exe' })).status, 415)
  assert.equal((await announce({ fileSize: 3_000_000 })).status, 422)
  const pending = isOfficial('POST /conversations/messages/upload/initiate', await announce())
  const put = (body: Uint8Array<ArrayBuffer>, url = pending.uploadUrl) =>
    fetch(url.replace(/^https?:\/\/[^/]+/, office.server.url), {
      method: 'PUT',
      headers: { 'content-type': 'video/mp4' },
      body,
    })
  const complete = (more: object = {}) =>
    client.post('/conversations/messages/upload/complete', {
      ...names,
      uploadId: pending.uploadId,
      filePath: pending.filePath,
      ...more,
    })
  assert.equal((await complete()).status, 400, 'nothing has come')
  assert.equal((await put(bytes.subarray(0, 1000))).status, 200)
  assert.equal((await complete()).status, 400, 'not all has come')
  assert.equal((await put(randomBytes(2_000_001))).status, 413)
  assert.equal((await put(bytes)).status, 200)
  assert.equal((await complete({ filePath: 'x' })).status, 422)
  assert.equal((await put(bytes, pending.uploadUrl.replace(/[^/]+$/, 'unknown'))).status, 404)
  const done = isOfficial('POST /conversations/messages/upload/complete', await complete())
  assert.deepEqual(done.metadata, { size: bytes.length, contentType: 'video/mp4' })
  const link = done.uploadedFiles['video.mp4'].replace(/^https?:\/\/[^/]+/, office.server.url)
  assert.deepEqual(Buffer.from(await (await fetch(link)).arrayBuffer()), bytes)
  assert.equal((await complete()).status, 404)
  assert.equal((await put(bytes)).status, 404, 'a file does not change')
  await client.delete(`/contacts/${contactId}`)
  assert.equal((await fetch(link)).status, 404, 'it goes with the contact')
})

test('an upload that nobody has completed in time is gone', async () => {
  let nowMs = Date.now()
  await using later = await startOffice({ clock: { nowMs: () => nowMs } })
  const { conversationId } = await later.newConversation()
  const announce = () =>
    later.client.post('/conversations/messages/upload/initiate', {
      ...later.here,
      conversationId,
      filename: 'a.pdf',
      contentType: 'application/pdf',
      channel: 'SMS',
    })
  const { body } = await announce()
  nowMs += 61 * 60_000
  const url = body.uploadUrl.replace(/^https?:\/\/[^/]+/, later.server.url)
  assert.equal((await fetch(url, { method: 'PUT', body: 'text' })).status, 404)
  assert.equal((await announce()).status, 200)
})
