import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { HighLevel } from '@gohighlevel/api-client'
import { releaseMessage } from '../../src/jobs/release-message.ts'
import type { Client } from '../support/client.ts'
import { check, isStatus, type Office, startOffice } from '../support/office.ts'

let office: Office
let client: Client
let sdk: HighLevel
before(async () => {
  office = await startOffice()
  client = office.client
  sdk = office.sdk
})
after(() => office?.[Symbol.asyncDispose]())

const here = () => office.here
const newContact = (more: object = {}) => office.newContact(more)

test('a scheduled message can be cancelled once', async () => {
  const contactId = await newContact({ email: 'later@example.com' })
  const scheduledTimestamp = Math.floor(Date.now() / 1000) + 3600
  const sms = await sdk.conversations.sendANewMessage({
    type: 'SMS',
    contactId,
    message: 'Later',
    scheduledTimestamp,
  } as never)
  assert.equal((await sdk.conversations.getMessage({ id: sms.messageId })).status, 'scheduled')
  check('CancelScheduledResponseDto', await sdk.conversations.cancelScheduledMessage({ messageId: sms.messageId }))
  await assert.rejects(sdk.conversations.cancelScheduledMessage({ messageId: sms.messageId }), isStatus(400))
  const email = await sdk.conversations.sendANewMessage({
    type: 'Email',
    contactId,
    html: '<p>Later',
    scheduledTimestamp,
  } as never)
  const cancelled = await client.delete(`/conversations/messages/email/${email.emailMessageId}/schedule`)
  assert.equal(cancelled.status, 200)
  assert.equal((await sdk.conversations.getMessage({ id: email.messageId })).status, 'failed')
  const past = await sdk.conversations.sendANewMessage({
    type: 'SMS',
    contactId,
    message: 'Now',
    scheduledTimestamp: 1,
  } as never)
  assert.equal((await sdk.conversations.getMessage({ id: past.messageId })).status, 'pending')
})

test('a scheduled message is on its way when its hour has come', async () => {
  await using busy = await startOffice({ work: true })
  const scheduledTimestamp = Math.floor(Date.now() / 1000) + 1
  const contactId = await busy.newContact()
  const { messageId } = await busy.sdk.conversations.sendANewMessage({
    type: 'SMS',
    contactId,
    message: 'Soon',
    scheduledTimestamp,
  } as never)
  const deadline = Date.now() + 20_000
  for (
    let status = 'scheduled';
    status !== 'pending';
    status = (await busy.client.get(`/conversations/messages/${messageId}`)).body.status
  ) {
    assert.equal(status, 'scheduled')
    assert.ok(Date.now() < deadline, 'it was never released')
    await pause(50)
  }
})

test('who has opted out by the hour of a scheduled message is left alone', async () => {
  const contactId = await newContact()
  const scheduledTimestamp = Math.floor(Date.now() / 1000) + 3600
  const schedule = async (type: string) =>
    (await client.post('/conversations/messages', { type, contactId, message: 'Soon', scheduledTimestamp })).body
      .messageId
  const [text, letter] = [await schedule('SMS'), await schedule('Email')]
  await client.put(`/contacts/${contactId}`, { dndSettings: { SMS: { status: 'active' } } })
  const { platform } = office.server.app
  for (const messageId of [text, letter]) await releaseMessage(platform, { locationId: here().locationId, messageId })
  const message = async (id: string) => (await client.get(`/conversations/messages/${id}`)).body
  assert.deepEqual(
    [(await message(text)).status, (await message(text)).error.message],
    ['failed', 'Cannot send message as DND is active for SMS.'],
  )
  assert.equal((await message(letter)).status, 'pending')
})
