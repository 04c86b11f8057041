import assert from 'node:assert/strict'
import type { Story } from './story.ts'

/** A form with fields and one file. */
function form(fields: Record<string, string | undefined>, field: string, name: string): FormData {
  const filled = new FormData()
  for (const [key, value] of Object.entries(fields)) filled.set(key, String(value))
  filled.append(field, new Blob([new Uint8Array([1, 2, 3])], { type: 'image/png' }), name)
  return filled
}

export const uploads: Story = async ({ ask, ids, client }) => {
  const { locationId, contactId, conversationId } = ids
  const place = { locationId, contactId, conversationId }
  const sent = await ask('POST /conversations/messages/upload', {}, form(place, 'fileAttachment', 'a.png'))
  assert.match(sent.uploadedFiles['a.png'], /^http/)
  const model = {
    name: 'Plan',
    dataType: 'FILE_UPLOAD',
    acceptedFormat: ['.png'],
    isMultipleFile: true,
    model: 'contact',
  }
  const { body } = await client.post(`/locations/${locationId}/customFields`, model)
  const { id } = body.customField
  const bring = form({}, `${id}_first`, 'b.png')
  const filled = await ask('POST /forms/upload-custom-files', { contactId, locationId }, bring)
  assert.match(JSON.stringify(filled.contact.customFields), new RegExp(id))
  const fields = { id: contactId, maxFiles: '5' }
  const line = 'POST /locations/{locationId}/customFields/upload'
  const kept = await ask(line, { locationId }, form(fields, id, 'c.png'))
  assert.match(kept.uploadedFiles['c.png'], /^http/)
}

export const attachments: Story = async ({ ask, ids }) => {
  const sent = await ask('POST /conversations/messages', {}, { type: 'SMS', contactId: ids.contactId, message: 'Look' })
  const list = ['https://example.com/plan.pdf']
  await ask('PUT /conversations/messages/{messageId}/attachments', { messageId: sent.messageId }, { attachments: list })
  const answer = await ask('GET /conversations/messages/{id}', { id: sent.messageId })
  assert.deepEqual((answer.message ?? answer).attachments, list)
}
