import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { HighLevel } from '@gohighlevel/api-client'
import { releaseMessage } from '../../src/jobs/release-message.ts'
import { CHANNEL_NAMES, CHANNELS, SENDING_NAMES } from '../../src/resources/records/message-types.ts'
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
const newConversation = (more: object = {}) => office.newConversation(more)
const newContact = (more: object = {}) => office.newContact(more)

test('the official client begins, reads, changes and deletes a conversation; a contact has only one', async () => {
  const { contactId, conversationId } = await newConversation({ assignedTo: 'user1' })
  const second = await client.post('/conversations/', { ...here(), contactId })
  assert.deepEqual([second.status, second.body.meta], [400, { conversationId }])
  const read = await sdk.conversations.getConversation({ conversationId })
  check('GetConversationByIdResponse', read)
  assert.deepEqual([read.id, read.contactId, read.type, read.unreadCount, read.assignedTo], [conversationId, contactId, 1, 0, 'user1'])
  const changed = await sdk.conversations.updateConversation({ conversationId }, { ...here(), unreadCount: 3, starred: true })
  check('GetConversationSuccessfulResponse', changed)
  assert.deepEqual([changed.conversation?.unreadCount, changed.conversation?.starred], [3, true])
  const deleted = await sdk.conversations.deleteConversation({ conversationId })
  check('DeleteConversationSuccessfulResponse', deleted)
  await assert.rejects(sdk.conversations.getConversation({ conversationId }), isStatus(404))
  assert.equal((await client.post('/conversations/', { ...here(), contactId })).status, 201, 'another one can begin')
  assert.equal((await client.post('/conversations/', { ...here(), contactId: 'nobody' })).status, 422)
})

test('messages of every type are sent, received and listed, newest first, page by page', async () => {
  const { contactId, conversationId } = await newConversation()
  const sent: string[] = []
  for (const type of SENDING_NAMES) {
    const answer = await sdk.conversations.sendANewMessage({ type, contactId, message: `by ${type}`, status: 'pending', subType: {} } as never)
    check('SendMessageResponseDto', answer)
    assert.equal(answer.conversationId, conversationId)
    sent.push(answer.messageId)
  }
  for (const type of CHANNEL_NAMES) {
    const answer = await sdk.conversations.addAnInboundMessage({
      type,
      conversationId,
      contactId,
      message: `from ${type}`,
      conversationProviderId: 'provider',
    } as never)
    check('ProcessMessageResponseDto', answer)
    sent.push(answer.messageId)
  }
  const seen: string[] = []
  for (let lastMessageId: string | undefined; ; ) {
    const page = await sdk.conversations.getMessages({ conversationId, limit: 5, ...(lastMessageId === undefined ? {} : { lastMessageId }) } as never)
    check('GetMessagesByConversationResponseDto', page)
    seen.push(...(page.messages as { id: string }[]).map(({ id }) => id))
    assert.equal(page.lastMessageId, seen.at(-1))
    if (!page.nextPage) break
    lastMessageId = page.lastMessageId
  }
  assert.deepEqual(new Set(seen), new Set(sent))
  assert.equal(seen.length, sent.length)
  for (const [index, type] of CHANNEL_NAMES.entries()) {
    const message = await sdk.conversations.getMessage({ id: sent[SENDING_NAMES.length + index]! })
    check('GetMessageResponseDto', message)
    assert.deepEqual([message.messageType, message.direction, message.body], [CHANNELS[type].messageType, 'inbound', `from ${type}`])
  }
  const some = await sdk.conversations.getMessages({ conversationId, type: 'TYPE_CALL,TYPE_EMAIL' } as never)
  assert.equal(some.messages.length, 3)
  assert.equal((await sdk.conversations.getConversation({ conversationId })).unreadCount, CHANNEL_NAMES.length)
})

test('who is deleted takes the conversation along', async () => {
  const { contactId, conversationId } = await newConversation()
  const { messageId } = await sdk.conversations.sendANewMessage({ type: 'SMS', contactId, message: 'Hello' } as never)
  assert.equal((await client.delete(`/contacts/${contactId}`)).status, 200)
  for (const path of [`/conversations/${conversationId}`, `/conversations/messages/${messageId}`]) assert.equal((await client.get(path)).status, 404)
})

test('a first message begins the conversation, and two at once begin one', async () => {
  const contactId = await newContact()
  const answers = await Promise.all([1, 2, 3, 4].map((n) => sdk.conversations.sendANewMessage({ type: 'SMS', contactId, message: `${n}` } as never)))
  assert.equal(new Set(answers.map(({ conversationId }) => conversationId)).size, 1)
  const { conversations, total } = await sdk.conversations.searchConversation({ ...here(), contactId } as never)
  assert.deepEqual([total, conversations.length], [1, 1])
})

test('who does not want to be disturbed is not, and nothing is not sent', async () => {
  const silent = await newContact({ dnd: true })
  const noSms = await newContact({ dndSettings: { SMS: { status: 'active' } } })
  const refusal = await client.post('/conversations/messages', { type: 'SMS', contactId: noSms, message: 'Hello' })
  assert.deepEqual([refusal.status, refusal.body.message], [400, 'Cannot send message as DND is active for SMS.'])
  assert.equal((await client.post('/conversations/messages', { type: 'Email', contactId: noSms, html: '<p>' })).status, 200)
  assert.equal((await client.post('/conversations/messages', { type: 'Email', contactId: silent, html: '<p>' })).status, 400)
  assert.equal((await client.post('/conversations/messages', { type: 'SMS', contactId: await newContact() })).status, 400)
  assert.equal((await client.post('/conversations/messages', { type: 'SMS', contactId: 'nobody', message: 'x' })).status, 404)
})

test('an e-mail is read by its own id, and an answer joins its thread', async () => {
  const { contactId, conversationId } = await newConversation({ email: 'ada@thread.example' })
  const sent = await sdk.conversations.sendANewMessage({
    type: 'Email',
    contactId,
    subject: 'Prices',
    html: '<p>Our <b>prices</b></p>',
    emailFrom: 'us@studio.example',
  } as never)
  const email = await sdk.conversations.getEmailById({ id: sent.emailMessageId! })
  check('GetEmailMessageResponseDto', email)
  assert.deepEqual([email.subject, email.body, email.from, email.to], ['Prices', '<p>Our <b>prices</b></p>', 'us@studio.example', ['ada@thread.example']])
  const reply = await sdk.conversations.addAnInboundMessage({
    type: 'Email',
    conversationId,
    contactId,
    message: 'Thanks',
    emailMessageId: sent.emailMessageId,
  } as never)
  const answer = await sdk.conversations.getEmailById({ id: reply.emailMessageId! })
  assert.deepEqual([answer.threadId, answer.replyToMessageId], [email.threadId, sent.emailMessageId])
  assert.deepEqual((await client.get(`/conversations/messages/${sent.messageId}`)).body.meta, { email: { messageIds: [sent.emailMessageId] } })
  assert.equal((await client.get('/conversations/messages/email/nothing')).status, 404)
})

test('a status tells what became of a message; reading one takes it off the unread', async () => {
  const { contactId, conversationId } = await newConversation()
  const { messageId: sent } = await sdk.conversations.sendANewMessage({ type: 'SMS', contactId, message: 'Hello' } as never)
  const { messageId: received } = await sdk.conversations.addAnInboundMessage({ type: 'SMS', conversationId, contactId, message: 'Hi' } as never)
  const unread = async () => (await sdk.conversations.getConversation({ conversationId })).unreadCount
  const failure = { code: '1', type: 'saas', message: 'There was an error from the provider' }
  const failed = await sdk.conversations.updateMessageStatus({ messageId: sent }, { status: 'failed', error: failure } as never)
  check('SendMessageResponseDto', failed)
  assert.deepEqual((await client.get(`/conversations/messages/${sent}`)).body.error, failure)
  assert.equal(await unread(), 1)
  for (let time = 0; time < 2; time++) await sdk.conversations.updateMessageStatus({ messageId: received }, { status: 'read' } as never)
  assert.equal(await unread(), 0)
  await sdk.conversations.updateMessageStatus({ messageId: received }, { status: 'delivered' } as never)
  assert.equal(await unread(), 1, 'unread again')
  await assert.rejects(sdk.conversations.updateMessageStatus({ messageId: 'nothing' }, { status: 'read' } as never), isStatus(404))
})

test('a scheduled message can be cancelled once', async () => {
  const contactId = await newContact({ email: 'later@example.com' })
  const scheduledTimestamp = Math.floor(Date.now() / 1000) + 3600
  const sms = await sdk.conversations.sendANewMessage({ type: 'SMS', contactId, message: 'Later', scheduledTimestamp } as never)
  assert.equal((await sdk.conversations.getMessage({ id: sms.messageId })).status, 'scheduled')
  check('CancelScheduledResponseDto', await sdk.conversations.cancelScheduledMessage({ messageId: sms.messageId }))
  await assert.rejects(sdk.conversations.cancelScheduledMessage({ messageId: sms.messageId }), isStatus(400))
  const email = await sdk.conversations.sendANewMessage({ type: 'Email', contactId, html: '<p>Later', scheduledTimestamp } as never)
  const cancelled = await client.delete(`/conversations/messages/email/${email.emailMessageId}/schedule`)
  assert.equal(cancelled.status, 200)
  assert.equal((await sdk.conversations.getMessage({ id: email.messageId })).status, 'failed')
  const past = await sdk.conversations.sendANewMessage({ type: 'SMS', contactId, message: 'Now', scheduledTimestamp: 1 } as never)
  assert.equal((await sdk.conversations.getMessage({ id: past.messageId })).status, 'pending')
})

test('a scheduled message is on its way when its hour has come', async () => {
  await using busy = await startOffice({ work: true })
  const scheduledTimestamp = Math.floor(Date.now() / 1000) + 1
  const contactId = await busy.newContact()
  const { messageId } = await busy.sdk.conversations.sendANewMessage({ type: 'SMS', contactId, message: 'Soon', scheduledTimestamp } as never)
  const deadline = Date.now() + 20_000
  for (let status = 'scheduled'; status !== 'pending'; status = (await busy.client.get(`/conversations/messages/${messageId}`)).body.status) {
    assert.equal(status, 'scheduled')
    assert.ok(Date.now() < deadline, 'it was never released')
    await pause(50)
  }
})

test('who has opted out by the hour of a scheduled message is left alone', async () => {
  const contactId = await newContact()
  const scheduledTimestamp = Math.floor(Date.now() / 1000) + 3600
  const schedule = async (type: string) =>
    (await client.post('/conversations/messages', { type, contactId, message: 'Soon', scheduledTimestamp })).body.messageId
  const [text, letter] = [await schedule('SMS'), await schedule('Email')]
  await client.put(`/contacts/${contactId}`, { dndSettings: { SMS: { status: 'active' } } })
  const { platform } = office.server.app
  for (const messageId of [text, letter]) await releaseMessage(platform, { locationId: here().locationId, messageId })
  const message = async (id: string) => (await client.get(`/conversations/messages/${id}`)).body
  assert.deepEqual([(await message(text)).status, (await message(text)).error.message], ['failed', 'Cannot send message as DND is active for SMS.'])
  assert.equal((await message(letter)).status, 'pending')
})

test('who has no address for a channel is refused, and nothing is stored', async () => {
  const { contactId, conversationId } = await newConversation({ email: null, phone: null })
  const send = (more: object) => client.post('/conversations/messages', { contactId, message: 'Hello', ...more })
  for (const type of ['SMS', 'RCS', 'WhatsApp']) {
    const { status, body } = await send({ type })
    assert.deepEqual([status, body.message], [400, `The contact has no phone number: ${type} cannot reach them.`])
  }
  const letter = await send({ type: 'Email', html: '<p>' })
  assert.deepEqual([letter.status, letter.body.message], [400, 'The contact has no e-mail address: Email cannot reach them.'])
  const call = (more: object) => client.post('/conversations/messages/outbound', { type: 'Call', conversationId, conversationProviderId: 'p', ...more })
  assert.equal((await call({})).status, 400)
  assert.equal((await client.get(`/conversations/${conversationId}/messages`)).body.messages.length, 0)
  assert.equal((await call({ call: { to: '+12025550100' } })).status, 200)
  assert.equal((await send({ type: 'SMS', toNumber: '+12025550100' })).status, 200)
  assert.equal((await send({ type: 'Email', emailTo: 'ada@elsewhere.example' })).status, 200)
  assert.equal((await send({ type: 'Live_Chat' })).status, 200, 'a chat goes by no address')
  assert.equal((await client.get(`/conversations/${conversationId}/messages`)).body.messages.length, 4)
})

test('conversations are found by every filter', async () => {
  const marie = await newConversation({ firstName: 'Marie', lastName: 'Zielinska', email: 'marie@filter.example', assignedTo: 'user7' })
  const nobody = await newConversation({ firstName: 'Marietta' })
  await sdk.conversations.addAnInboundMessage({
    type: 'WhatsApp',
    conversationId: marie.conversationId,
    contactId: marie.contactId,
    message: 'about the xylophone',
  } as never)
  await sdk.conversations.sendANewMessage({ type: 'Email', contactId: nobody.contactId, html: '<style>p{}</style><p>Dear <b>Marietta</b></p>' } as never)
  await sdk.conversations.updateConversation({ conversationId: nobody.conversationId }, { ...here(), starred: true })
  const search = async (more: object) => {
    const found = await sdk.conversations.searchConversation({ ...here(), limit: 100, ...more } as never)
    check('SendConversationResponseDto', found)
    assert.equal(found.total, found.conversations.length)
    return found.conversations as unknown as Record<string, unknown>[]
  }
  const ids = async (more: object) => (await search(more)).map(({ id }) => id)
  const isMarie = [marie.conversationId]
  const isMarietta = [nobody.conversationId]
  assert.deepEqual(await ids({ query: 'zielin' }), isMarie)
  assert.deepEqual(await ids({ query: 'xylophone' }), isMarie)
  assert.deepEqual(await ids({ query: 'marie@filter.example' }), isMarie)
  assert.deepEqual(await ids({ id: marie.conversationId }), isMarie)
  assert.deepEqual(await ids({ contactId: nobody.contactId }), isMarietta)
  assert.deepEqual(await ids({ assignedTo: 'user7,user8' }), isMarie)
  assert.ok((await ids({ assignedTo: 'unassigned,user7' })).length > 2)
  assert.ok(!(await ids({ assignedTo: 'unassigned' })).includes(marie.conversationId))
  for (const unknown of [{ followers: 'nobody' }, { mentions: 'user7' }, { scoreProfile: 'warmth' }]) assert.deepEqual(await ids(unknown), [])
  assert.deepEqual(await ids({ query: 'zielin', status: 'recents', sortBy: 'due_at', scoreProfileMin: 3 }), isMarie)
  assert.deepEqual(await ids({ status: 'starred' }), isMarietta)
  assert.deepEqual(await ids({ query: 'marie', status: 'unread' }), isMarie)
  assert.deepEqual(await ids({ query: 'marie', status: 'read' }), isMarietta)
  assert.deepEqual(await ids({ query: 'marie', lastMessageType: 'TYPE_WHATSAPP' }), isMarie)
  assert.deepEqual(await ids({ query: 'marie', lastMessageDirection: 'outbound' }), isMarietta)
  assert.deepEqual(await ids({ query: 'marie', lastMessageAction: 'automated' }), isMarietta)
  assert.deepEqual(await ids({ query: 'marie', sort: 'asc' }), [...isMarie, ...isMarietta])
  assert.deepEqual(await ids({ query: 'marie', sortBy: 'last_manual_message_date' }), [...isMarie, ...isMarietta], 'what nobody wrote comes last')
  assert.deepEqual(await ids({ endDate: 1000 }), [])
  const [found] = await search({ query: 'zielin' })
  assert.deepEqual([found?.fullName, found?.email, found?.unreadCount, found?.lastMessageType], ['Marie Zielinska', 'marie@filter.example', 1, 'TYPE_WHATSAPP'])
  assert.equal((await search({ query: 'marietta' }))[0]?.lastMessageBody, 'Dear Marietta')
})

test('walking through the conversations meets each once, while others come', async () => {
  const { total } = await sdk.conversations.searchConversation(here() as never)
  const date = '2026-01-05T10:00:00.000Z'
  for (let n = 0; n < 5; n++) {
    const { conversationId } = await newConversation()
    await sdk.conversations.addAnInboundMessage({ type: 'SMS', conversationId, message: 'same moment', date } as never)
  }
  const seen: string[] = []
  for (let place = {}; ; ) {
    const { body } = await client.get(`/conversations/search?${new URLSearchParams({ ...here(), limit: '3', ...place })}`)
    seen.push(...body.conversations.map(({ id }: { id: string }) => id))
    if (body.conversations.length < 3) break
    await newConversation()
    place = { startAfterDate: body.conversations.at(-1).sort.join(',') }
  }
  assert.equal(seen.length, total + 5)
  assert.equal(new Set(seen).size, seen.length)
})

test('messages are exported page by page', async () => {
  const { conversationId } = await newConversation()
  for (let n = 0; n < 12; n++) await client.post('/conversations/messages/inbound', { type: 'FB', conversationId, message: `${n}` })
  const first = await sdk.conversations.exportMessagesByLocation({ ...here(), limit: 10, conversationId, channel: 'Facebook' } as never)
  check('ExportMessagesResponseDto', first)
  const second = await sdk.conversations.exportMessagesByLocation({ ...here(), limit: 10, conversationId, cursor: first.nextCursor } as never)
  assert.deepEqual([first.total, first.messages.length, second.messages.length, second.nextCursor], [12, 10, 2, undefined])
  assert.equal(new Set([...first.messages, ...second.messages].map(({ id }) => id)).size, 12)
})

test('somebody types', async () => {
  const { conversationId } = await newConversation()
  const typing = { ...here(), isTyping: 'true', visitorId: 'visitor', conversationId }
  const answer = await client.post('/conversations/providers/live-chat/typing', typing)
  assert.equal(answer.status, 201)
  check('CreateLiveChatMessageFeedbackResponse', await sdk.conversations.liveChatAgentTyping(typing as never))
  assert.equal((await client.post('/conversations/providers/live-chat/typing', { ...typing, conversationId: 'nothing' })).status, 404)
})
