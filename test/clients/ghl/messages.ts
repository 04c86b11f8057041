import assert from 'node:assert/strict'
import type { Story } from './story.ts'

export const conversations: Story = async ({ call, ids }) => {
  const { conversationId } = await call('create_conversation', { contactId: ids.spareContactId })
  const one = { conversationId }
  const found = await call('search_conversations', { contactId: ids.spareContactId })
  assert.deepEqual(
    found.conversations.map(({ id }: { id: string }) => id),
    [conversationId],
  )
  await call('update_conversation', { ...one, starred: true, unreadCount: 2 })
  const { conversation } = await call('get_conversation', one)
  assert.deepEqual([conversation.starred, conversation.unreadCount], [true, 2])
  await call('delete_conversation', one)
  assert.deepEqual((await call('search_conversations', { contactId: ids.spareContactId })).conversations, [])
}

export const sending: Story = async ({ call, ids }) => {
  const { contactId, conversationId } = ids
  const sms = await call('send_sms', { contactId, message: 'See you at nine' })
  assert.equal(sms.conversationId, conversationId)
  const message = await call('get_message', { messageId: sms.messageId })
  assert.deepEqual([message.messageData.body, message.messageData.messageType], ['See you at nine', 'TYPE_SMS'])
  const letter = await call('send_email', { contactId, subject: 'Offer', html: '<p>Here', emailCc: ['a@example.com'] })
  const email = await call('get_email_message', { emailMessageId: letter.emailMessageId })
  assert.deepEqual([email.emailMessage.subject, email.emailMessage.cc], ['Offer', ['a@example.com']])
  // It hands on what it gets: a list as in the documents, or the object around it (C04).
  const { messages } = await call('get_conversation', { conversationId, messageTypes: ['TYPE_SMS'] })
  assert.ok((messages.messages ?? messages).some(({ id }: { id: string }) => id === sms.messageId))
  const recent = await call('get_recent_messages', { limit: 5 })
  assert.ok(recent.conversations.some((row: { conversationId: string }) => row.conversationId === conversationId))
  await call('update_message_status', { messageId: sms.messageId, status: 'failed' })
  assert.equal((await call('get_message', { messageId: sms.messageId })).messageData.status, 'failed')
}

export const telling: Story = async ({ call, ids }) => {
  const { conversationId } = ids
  const provider = { conversationId, conversationProviderId: 'provider' }
  const heard = await call('add_inbound_message', { ...provider, type: 'SMS', message: 'On my way' })
  const { messageData } = await call('get_message', { messageId: heard.messageId })
  assert.deepEqual([messageData.body, messageData.direction], ['On my way', 'inbound'])
  const numbers = { to: '+12025550101', from: '+12025550100' }
  const rung = await call('add_outbound_call', { ...provider, ...numbers, status: 'completed' })
  const shown = await call('get_message', { messageId: rung.messageId })
  assert.deepEqual([shown.messageData.messageType, shown.messageData.direction], ['TYPE_CALL', 'outbound'])
  await call('upload_message_attachments', { conversationId, attachmentUrls: ['https://example.com/a.pdf'] })
}

export const calls: Story = async ({ call, ids }) => {
  const { messageId } = ids
  const { recording } = await call('get_message_recording', { messageId })
  assert.ok(recording !== undefined)
  const { transcriptions } = await call('get_message_transcription', { messageId })
  assert.equal(transcriptions.transcript, 'Good morning.')
  assert.match(JSON.stringify(await call('download_transcription', { messageId })), /Good morning\./)
}

export const schedule: Story = async ({ call, ids, client }) => {
  const { contactId, conversationId } = ids
  const scheduledTimestamp = Math.floor(Date.now() / 1000) + 3600
  const send = async (body: object) =>
    (await client.post('/conversations/messages', { contactId, scheduledTimestamp, ...body })).body
  const { messageId } = await send({ type: 'SMS', message: 'Tomorrow' })
  await call('cancel_scheduled_message', { messageId })
  await assert.rejects(call('cancel_scheduled_message', { messageId }))
  const { emailMessageId } = await send({ type: 'Email', subject: 'Tomorrow', html: '<p>Soon' })
  await call('cancel_scheduled_email', { emailMessageId })
  await assert.rejects(call('cancel_scheduled_email', { emailMessageId }))
  assert.equal((await call('live_chat_typing', { visitorId: 'v', conversationId, isTyping: true })).success, true)
}
