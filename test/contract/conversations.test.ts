import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { HighLevel } from '@gohighlevel/api-client'
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
  assert.deepEqual(
    [read.id, read.contactId, read.type, read.unreadCount, read.assignedTo],
    [conversationId, contactId, 1, 0, 'user1'],
  )
  const changed = await sdk.conversations.updateConversation(
    { conversationId },
    { ...here(), unreadCount: 3, starred: true },
  )
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
    const answer = await sdk.conversations.sendANewMessage({
      type,
      contactId,
      message: `by ${type}`,
      status: 'pending',
      subType: {},
    } as never)
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
    const answer = await sdk.conversations.getMessages({
      conversationId,
      limit: 5,
      ...(lastMessageId === undefined ? {} : { lastMessageId }),
    } as never)
    // One level deeper than in the documents, as from the servers.
    const page = answer.messages as unknown as typeof answer
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
    assert.deepEqual(
      [message.messageType, message.direction, message.body],
      [CHANNELS[type].messageType, 'inbound', `from ${type}`],
    )
  }
  const some = await sdk.conversations.getMessages({ conversationId, type: 'TYPE_CALL,TYPE_EMAIL' } as never)
  assert.equal((some.messages as unknown as typeof some).messages.length, 3)
  assert.equal((await sdk.conversations.getConversation({ conversationId })).unreadCount, CHANNEL_NAMES.length)
})

test('who is deleted takes the conversation along', async () => {
  const { contactId, conversationId } = await newConversation()
  const { messageId } = await sdk.conversations.sendANewMessage({ type: 'SMS', contactId, message: 'Hello' } as never)
  assert.equal((await client.delete(`/contacts/${contactId}`)).status, 200)
  for (const path of [`/conversations/${conversationId}`, `/conversations/messages/${messageId}`])
    assert.equal((await client.get(path)).status, 404)
})

test('a first message begins the conversation, and two at once begin one', async () => {
  const contactId = await newContact()
  const answers = await Promise.all(
    [1, 2, 3, 4].map((n) => sdk.conversations.sendANewMessage({ type: 'SMS', contactId, message: `${n}` } as never)),
  )
  assert.equal(new Set(answers.map(({ conversationId }) => conversationId)).size, 1)
  const { conversations, total } = await sdk.conversations.searchConversation({ ...here(), contactId } as never)
  assert.deepEqual([total, conversations.length], [1, 1])
})

test('who does not want to be disturbed is not, and nothing is not sent', async () => {
  const silent = await newContact({ dnd: true })
  const noSms = await newContact({ dndSettings: { SMS: { status: 'active' } } })
  const refusal = await client.post('/conversations/messages', { type: 'SMS', contactId: noSms, message: 'Hello' })
  assert.deepEqual([refusal.status, refusal.body.message], [400, 'Cannot send message as DND is active for SMS.'])
  assert.equal(
    (await client.post('/conversations/messages', { type: 'Email', contactId: noSms, html: '<p>' })).status,
    200,
  )
  assert.equal(
    (await client.post('/conversations/messages', { type: 'Email', contactId: silent, html: '<p>' })).status,
    400,
  )
  assert.equal(
    (await client.post('/conversations/messages', { type: 'SMS', contactId: await newContact() })).status,
    400,
  )
  assert.equal(
    (await client.post('/conversations/messages', { type: 'SMS', contactId: 'nobody', message: 'x' })).status,
    404,
  )
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
  assert.deepEqual(
    [email.subject, email.body, email.from, email.to],
    ['Prices', '<p>Our <b>prices</b></p>', 'us@studio.example', ['ada@thread.example']],
  )
  const reply = await sdk.conversations.addAnInboundMessage({
    type: 'Email',
    conversationId,
    contactId,
    message: 'Thanks',
    emailMessageId: sent.emailMessageId,
  } as never)
  const answer = await sdk.conversations.getEmailById({ id: reply.emailMessageId! })
  assert.deepEqual([answer.threadId, answer.replyToMessageId], [email.threadId, sent.emailMessageId])
  assert.deepEqual((await client.get(`/conversations/messages/${sent.messageId}`)).body.meta, {
    email: { messageIds: [sent.emailMessageId] },
  })
  assert.equal((await client.get('/conversations/messages/email/nothing')).status, 404)
})

test('a status tells what became of a message; reading one takes it off the unread', async () => {
  const { contactId, conversationId } = await newConversation()
  const { messageId: sent } = await sdk.conversations.sendANewMessage({
    type: 'SMS',
    contactId,
    message: 'Hello',
  } as never)
  const { messageId: received } = await sdk.conversations.addAnInboundMessage({
    type: 'SMS',
    conversationId,
    contactId,
    message: 'Hi',
  } as never)
  const unread = async () => (await sdk.conversations.getConversation({ conversationId })).unreadCount
  const failure = { code: '1', type: 'saas', message: 'There was an error from the provider' }
  const failed = await sdk.conversations.updateMessageStatus({ messageId: sent }, {
    status: 'failed',
    error: failure,
  } as never)
  check('SendMessageResponseDto', failed)
  assert.deepEqual((await client.get(`/conversations/messages/${sent}`)).body.error, failure)
  assert.equal(await unread(), 1)
  for (let time = 0; time < 2; time++)
    await sdk.conversations.updateMessageStatus({ messageId: received }, { status: 'read' } as never)
  assert.equal(await unread(), 0)
  await sdk.conversations.updateMessageStatus({ messageId: received }, { status: 'delivered' } as never)
  assert.equal(await unread(), 1, 'unread again')
  await assert.rejects(
    sdk.conversations.updateMessageStatus({ messageId: 'nothing' }, { status: 'read' } as never),
    isStatus(404),
  )
})

test('who has no address for a channel is refused, and nothing is stored', async () => {
  const { contactId, conversationId } = await newConversation({ email: null, phone: null })
  const send = (more: object) => client.post('/conversations/messages', { contactId, message: 'Hello', ...more })
  for (const type of ['SMS', 'RCS', 'WhatsApp']) {
    const { status, body } = await send({ type })
    assert.deepEqual([status, body.message], [400, `The contact has no phone number: ${type} cannot reach them.`])
  }
  const letter = await send({ type: 'Email', html: '<p>' })
  assert.deepEqual(
    [letter.status, letter.body.message],
    [400, 'The contact has no e-mail address: Email cannot reach them.'],
  )
  const call = (more: object) =>
    client.post('/conversations/messages/outbound', {
      type: 'Call',
      conversationId,
      conversationProviderId: 'p',
      ...more,
    })
  assert.equal((await call({})).status, 400)
  assert.equal((await client.get(`/conversations/${conversationId}/messages`)).body.messages.messages.length, 0)
  assert.equal((await call({ call: { to: '+12025550100' } })).status, 200)
  assert.equal((await send({ type: 'SMS', toNumber: '+12025550100' })).status, 200)
  assert.equal((await send({ type: 'Email', emailTo: 'ada@elsewhere.example' })).status, 200)
  assert.equal((await send({ type: 'Live_Chat' })).status, 200, 'a chat goes by no address')
  assert.equal((await client.get(`/conversations/${conversationId}/messages`)).body.messages.messages.length, 4)
})

test('somebody types', async () => {
  const { conversationId } = await newConversation()
  const typing = { ...here(), isTyping: 'true', visitorId: 'visitor', conversationId }
  const answer = await client.post('/conversations/providers/live-chat/typing', typing)
  assert.equal(answer.status, 201)
  check('CreateLiveChatMessageFeedbackResponse', await sdk.conversations.liveChatAgentTyping(typing as never))
  assert.equal(
    (await client.post('/conversations/providers/live-chat/typing', { ...typing, conversationId: 'nothing' })).status,
    404,
  )
})
