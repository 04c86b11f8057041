import assert from 'node:assert/strict'
import { named, type Story } from './story.ts'

const SUBTYPES = '/conversations/preferences/custom-subtypes'
const SUBSCRIPTIONS = '/conversations/preferences/unsubscriptions'

export const preferences: Story = async ({ ask, ids }) => {
  const here = { locationId: ids.locationId }
  const wanted = { name: 'Newsletter', channel: 'email', language: 'en' }
  const { subtype } = await ask(`POST ${SUBTYPES}`, here, wanted)
  await ask(`PUT ${SUBTYPES}/{id}`, { ...here, id: subtype.id }, { description: 'Monthly' })
  const { subtypes } = await ask(`GET ${SUBTYPES}`, here)
  const shown = subtypes.find(({ id }: { id: string }) => id === subtype.id)
  assert.deepEqual([shown.name, shown.description], ['Newsletter', 'Monthly'])
  const { contactId } = ids
  const say = (subscription_action: object) => {
    const body = { ...here, contactId, email: 'rosan@example.com', subscription_action }
    return ask(`POST ${SUBSCRIPTIONS}/user-change`, {}, body)
  }
  const said = async () => {
    const { emails } = await ask(`GET ${SUBSCRIPTIONS}/status`, { ...here, contactId })
    return emails[0].subscriptions.map(
      (row: { subtype_name: string; subtype_status: string }) => `${row.subtype_name} ${row.subtype_status}`,
    )
  }
  await say({ type: 'custom', subtype_id: subtype.id, subtype_status: 'unsubscribed' })
  assert.deepEqual(await said(), ['Newsletter unsubscribed'])
  await say({ type: 'resub_all', subtype_status: 'subscribed' })
  assert.deepEqual(await said(), ['Newsletter subscribed'])
  await ask(`PUT ${SUBTYPES}/{id}`, { ...here, id: subtype.id }, { archived: true })
  const after = (await ask(`GET ${SUBTYPES}`, here)).subtypes
  assert.equal(after.find(({ id }: { id: string }) => id === subtype.id).archived, true)
}

export const reviews: Story = async ({ ask, ids, client }) => {
  const { locationId, conversationId } = ids
  const review = { type: 'GMB', conversationId, message: 'Five stars', conversationProviderId: 'provider' }
  assert.equal((await client.post('/conversations/messages/inbound', review)).status, 200)
  const answer = { locationId, conversationId, message: 'Thank you!' }
  const { messageId } = await ask('POST /conversations/messages/review-reply', {}, answer)
  const shown = await ask('GET /conversations/messages/{id}', { id: messageId })
  const { body, direction } = shown.message ?? shown
  assert.deepEqual([body, direction], ['Thank you!', 'outbound'])
  const { messages } = await ask('GET /conversations/{conversationId}/messages', { conversationId, limit: 20 })
  assert.ok(named(messages.messages ?? messages).includes(messageId))
}

export const announcedUploads: Story = async ({ ask, ids }) => {
  const bytes = new Uint8Array(5000).fill(7)
  const names = { locationId: ids.locationId, conversationId: ids.conversationId, filename: 'video.mp4' }
  const kind = { contentType: 'video/mp4', fileSize: bytes.length, channel: 'WHATSAPP' }
  const pending = await ask('POST /conversations/messages/upload/initiate', {}, { ...names, ...kind })
  const complete = () => {
    const { uploadId, filePath } = pending
    return ask('POST /conversations/messages/upload/complete', {}, { ...names, uploadId, filePath })
  }
  await assert.rejects(complete())
  const headers = { 'content-type': 'video/mp4' }
  assert.equal((await fetch(pending.uploadUrl, { method: 'PUT', headers, body: bytes })).status, 200)
  const { uploadedFiles } = await complete()
  const kept = await fetch(uploadedFiles['video.mp4'])
  assert.deepEqual(new Uint8Array(await kept.arrayBuffer()), bytes)
}
