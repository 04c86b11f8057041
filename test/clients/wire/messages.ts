import assert from 'node:assert/strict'
import { named, type Story } from './story.ts'

export const conversations: Story = async ({ ask, ids }) => {
  const { locationId, spareContactId: contactId } = ids
  const { conversation } = await ask('POST /conversations/', {}, { locationId, contactId })
  const one = { conversationId: conversation.id }
  const found = async () => named((await ask('GET /conversations/search', { locationId, contactId })).conversations)
  assert.deepEqual(await found(), [conversation.id])
  await ask('PUT /conversations/{conversationId}', one, { locationId, starred: true, unreadCount: 2 })
  const shown = await ask('GET /conversations/{conversationId}', one)
  assert.deepEqual([shown.starred, shown.unreadCount, shown.contactId], [true, 2, contactId])
  await ask('DELETE /conversations/{conversationId}', one)
  assert.deepEqual(await found(), [])
}

export const messages: Story = async ({ ask, ids }) => {
  const { contactId, conversationId } = ids
  const sent = await ask('POST /conversations/messages', {}, { type: 'SMS', contactId, message: 'See you' })
  assert.equal(sent.conversationId, conversationId)
  const read = async () => {
    const answer = await ask('GET /conversations/messages/{id}', { id: sent.messageId })
    return answer.message ?? answer
  }
  assert.equal((await read()).body, 'See you')
  await ask('PUT /conversations/messages/{messageId}/status', { messageId: sent.messageId }, { status: 'failed' })
  assert.equal((await read()).status, 'failed')
  const { messages: listed } = await ask('GET /conversations/{conversationId}/messages', { conversationId, limit: 20 })
  assert.ok(named(listed.messages ?? listed).includes(sent.messageId))
  const letter = { type: 'Email', contactId, subject: 'Offer', html: '<p>Here', emailCc: ['a@example.com'] }
  const { emailMessageId } = await ask('POST /conversations/messages', {}, letter)
  const email = await ask('GET /conversations/messages/email/{id}', { id: emailMessageId })
  const { subject, cc } = email.emailMessage ?? email
  assert.deepEqual([subject, cc], ['Offer', ['a@example.com']])
  const provider = { conversationId, conversationProviderId: 'provider' }
  const inbound = { ...provider, contactId, type: 'SMS', message: 'On my way' }
  const heard = await ask('POST /conversations/messages/inbound', {}, inbound)
  const call = { to: '+12025550101', from: '+12025550100', status: 'completed' }
  const rung = await ask('POST /conversations/messages/outbound', {}, { ...provider, type: 'Call', call })
  const wanted = { conversationId, limit: 20 }
  const { messages: all } = await ask('GET /conversations/{conversationId}/messages', wanted)
  for (const { messageId } of [heard, rung]) assert.ok(named(all.messages ?? all).includes(messageId))
}

export const exported: Story = async ({ ask, ids }) => {
  const { locationId, messageId, conversationId } = ids
  const { messages: all } = await ask('GET /conversations/messages/export', { locationId, conversationId, limit: 50 })
  assert.ok(named(all).includes(messageId))
}

export const calls: Story = async ({ ask, ids }) => {
  const { messageId, locationId, conversationId } = ids
  const one = { messageId, locationId }
  const spoken = await ask('GET /conversations/locations/{locationId}/messages/{messageId}/transcription', one)
  assert.match(JSON.stringify(spoken), /Good morning\./)
  const text = await ask('GET /conversations/locations/{locationId}/messages/{messageId}/transcription/download', one)
  assert.match(text, /Good morning\./)
  const sound = await ask('GET /conversations/messages/{messageId}/locations/{locationId}/recording', one)
  assert.equal(sound.length, 1000)
  const typing = { locationId, isTyping: 'true', visitorId: 'visitor', conversationId }
  assert.equal((await ask('POST /conversations/providers/live-chat/typing', {}, typing)).success, true)
}

export const schedule: Story = async ({ ask, ids }) => {
  const { contactId } = ids
  const scheduledTimestamp = Math.floor(Date.now() / 1000) + 3600
  const later = (body: object) => ask('POST /conversations/messages', {}, { contactId, scheduledTimestamp, ...body })
  const { messageId } = await later({ type: 'SMS', message: 'Tomorrow' })
  await ask('DELETE /conversations/messages/{messageId}/schedule', { messageId })
  await assert.rejects(ask('DELETE /conversations/messages/{messageId}/schedule', { messageId }))
  const { emailMessageId } = await later({ type: 'Email', subject: 'Tomorrow', html: '<p>Soon' })
  await ask('DELETE /conversations/messages/email/{emailMessageId}/schedule', { emailMessageId })
  await assert.rejects(ask('DELETE /conversations/messages/email/{emailMessageId}/schedule', { emailMessageId }))
}
