import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { HighLevel } from '@gohighlevel/api-client'
import type { Client } from '../support/client.ts'
import { check, isStatus, type Office, startOffice } from '../support/office.ts'
import { ownTemporaryFolder } from '../support/temporary-folder.ts'

const RECORDING_BYTES = 1_200_000

let office: Office
let client: Client
let sdk: HighLevel
before(async () => {
  office = await startOffice({ recordingBytes: RECORDING_BYTES })
  client = office.client
  sdk = office.sdk
})
after(() => office?.[Symbol.asyncDispose]())

const here = () => office.here
const newConversation = (more: object = {}) => office.newConversation(more)

/** A form, as browsers and scripts send it. */
async function upload(
  fields: Record<string, string>,
  file?: { name?: string; bytes: Uint8Array<ArrayBuffer>; type: string; fileName: string },
  token = office.location.token,
) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  if (file !== undefined) form.set(file.name ?? 'recording', new Blob([file.bytes], { type: file.type }), file.fileName)
  const headers = { authorization: `Bearer ${token}`, version: '2021-04-15' }
  const response = await fetch(`${office.server.url}/conversations/messages/inbound`, {
    method: 'POST',
    headers,
    body: form,
  })
  return { status: response.status, body: (await response.json()) as { messageId: string } }
}

const recordingOf = (messageId: string) =>
  fetch(`${office.server.url}/conversations/messages/${messageId}/locations/${office.location.id}/recording`, {
    headers: { authorization: `Bearer ${office.location.token}`, version: '2021-04-15' },
  })

test('a call is told with its recording and transcription, and both come back as they went', async () => {
  const { contactId, conversationId } = await newConversation()
  const bytes = randomBytes(1_000_003)
  const sentences = [
    { mediaChannel: 1, sentenceIndex: 0, startTime: 0, endTime: 1800, transcript: 'Good morning.', confidence: 0.97 },
    {
      mediaChannel: 2,
      sentenceIndex: 1,
      startTime: 1900,
      endTime: 65_000,
      transcript: 'Is Saturday still free?',
      confidence: 0.91,
    },
  ]
  const call = { from: '+12025550100', to: '+12025550101', status: 'completed', duration: 65 }
  const fields = {
    type: 'Call',
    conversationId,
    contactId,
    conversationProviderId: 'provider',
    date: '2026-03-03T09:00:00.000Z',
  }
  const told = await upload(
    { ...fields, call: JSON.stringify(call), transcription: JSON.stringify(sentences) },
    { bytes, type: 'audio/mpeg', fileName: 'call.mp3' },
  )
  assert.equal(told.status, 200, JSON.stringify(told.body))
  check('ProcessMessageResponseDto', told.body)
  const { messageId } = told.body
  const message = await sdk.conversations.getMessage({ id: messageId })
  check('GetMessageResponseDto', message)
  assert.deepEqual(
    [message.messageType, message.meta, message.dateAdded],
    ['TYPE_CALL', { callDuration: '65', callStatus: 'completed' }, fields.date],
  )
  const sound = await recordingOf(messageId)
  assert.deepEqual(
    ['content-type', 'content-length', 'content-disposition'].map((name) => sound.headers.get(name)),
    ['audio/mpeg', String(bytes.length), 'attachment; filename="audio.mp3"'],
  )
  const digest = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')
  assert.equal(digest(new Uint8Array(await sound.arrayBuffer())), digest(bytes))
  const fromSdk = await sdk.conversations.getMessageRecording({ ...here(), messageId }, {
    responseType: 'arraybuffer',
  } as never)
  assert.equal(digest(fromSdk as never), digest(bytes))
  const transcription = await sdk.conversations.getMessageTranscription({ ...here(), messageId })
  check('GetMessageTranscriptionResponseDto', transcription)
  assert.equal(transcription.transcript, 'Good morning. Is Saturday still free?')
  assert.deepEqual((transcription as unknown as { sentences: object[] }).sentences, sentences)
  const text = await sdk.conversations.downloadMessageTranscription({ ...here(), messageId })
  assert.equal(
    text,
    '00:00:00 - 00:00:01 Speaker 1: Good morning.\n00:00:01 - 00:01:05 Speaker 2: Is Saturday still free?\n',
  )
  await sdk.conversations.deleteConversation({ conversationId })
  assert.equal((await recordingOf(messageId)).status, 404)
})

test('a transcription comes with JSON too; what has none is 404', async () => {
  const { contactId, conversationId } = await newConversation()
  const spoken = await client.post('/conversations/messages/inbound', {
    type: 'Call',
    conversationId,
    transcription: { transcript: 'Yes.' },
  })
  const { messageId } = spoken.body
  assert.equal((await sdk.conversations.getMessageTranscription({ ...here(), messageId })).transcript, 'Yes.')
  assert.equal((await recordingOf(messageId)).status, 404)
  const outbound = await sdk.conversations.addAnOutboundMessage({
    type: 'Call',
    conversationId,
    conversationProviderId: 'p',
    call: { status: 'busy' },
  } as never)
  check('ProcessMessageResponseDto', outbound)
  assert.equal((await sdk.conversations.getMessage({ id: outbound.messageId })).status, 'undelivered')
  await assert.rejects(
    sdk.conversations.getMessageTranscription({ ...here(), messageId: outbound.messageId }),
    isStatus(404),
  )
  const chat = await client.post('/conversations/messages/inbound', {
    type: 'SMS',
    contactId,
    message: 'x',
    transcription: [{ transcript: 'Yes.' }],
  })
  assert.equal(chat.status, 400)
})

test('a transcription may say of itself that it is JSON, as a field and as a file', async () => {
  const sentences = JSON.stringify([{ transcript: 'Is Saturday still free?' }])
  const part = (name: string, more: string, value: string) =>
    `--x\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`
  const send = async (...parts: string[]) => {
    const { conversationId } = await newConversation()
    const sound = part('recording', '; filename="a.wav"\r\ncontent-type: audio/wav', 'sound')
    const body = [part('type', '', 'Call'), part('conversationId', '', conversationId), ...parts, sound, '--x--'].join(
      '',
    )
    const headers = { version: '2021-04-15', 'content-type': 'multipart/form-data; boundary=x' }
    return office.server.client(office.location.token).raw('POST', '/conversations/messages/inbound', { headers, body })
  }
  const json = '\r\ncontent-type: application/json'
  for (const more of [json, `; filename="blob"${json}; charset=utf-8`]) {
    const told = await send(part('transcription', more, sentences))
    assert.equal(told.status, 200, `${more} ${JSON.stringify(told.body)}`)
    const { messageId } = told.body
    const { transcript } = await sdk.conversations.getMessageTranscription({ ...here(), messageId })
    assert.equal(transcript, 'Is Saturday still free?')
    assert.equal(await (await recordingOf(messageId)).text(), 'sound')
  }
  const named = `; filename="blob"${json}`
  assert.equal((await send(part('transcription', json, '[oops'))).status, 400)
  assert.equal((await send(part('transcription', named, '[oops'))).status, 422)
  assert.equal((await send(part('transcription', named, `["${'a'.repeat(3_000_000)}"]`))).status, 413)
  const two = await send(part('transcription', named, sentences), part('recording', '; filename="b.wav"', 'sound'))
  assert.deepEqual([two.status, two.body.message], [422, ['recording: at most 1 files at a time']])
})

test('a form is checked like JSON, and leaves nothing behind', async () => {
  const { conversationId } = await newConversation()
  using spooled = ownTemporaryFolder()
  const audio = { bytes: new Uint8Array(1000), type: 'audio/wav', fileName: 'a.wav' }
  const fields = { type: 'Call', conversationId }
  const larger = { ...audio, bytes: new Uint8Array(RECORDING_BYTES + 1) }
  assert.equal(
    (await upload(fields, larger, 'pit-00000000-0000-4000-8000-000000000000')).status,
    401,
    'asked before the file is taken',
  )
  const refusals: [number, Awaited<ReturnType<typeof upload>>][] = [
    [413, await upload(fields, larger)],
    [413, await upload({ ...fields, message: 'a'.repeat(3_000_000) })],
    [422, await upload(fields, { ...audio, type: 'text/html' })],
    [422, await upload(fields, { ...audio, name: 'song' })],
    [422, await upload({ ...fields, recording: 'not a file' })],
    [422, await upload({ ...fields, transcription: '[{"transcript":1}]' }, audio)],
    [422, await upload({ ...fields, transcription: '[oops' }, audio)],
    [404, await upload({ ...fields, conversationId: 'nothing' }, audio)],
    [400, await upload({ type: 'SMS', conversationId, message: 'x' }, audio)],
  ]
  for (const [index, [status, { status: actual, body }]] of refusals.entries())
    assert.equal(actual, status, `${index}: ${JSON.stringify(body)}`)
  assert.equal(
    (await client.post('/conversations/messages/inbound', { ...fields, recording: { fileName: 'x' } })).status,
    422,
  )
  const { messages: page } = await sdk.conversations.getMessages({ conversationId } as never)
  assert.deepEqual((page as unknown as { messages: unknown[] }).messages, [])
  assert.equal((await upload(fields, { ...audio, type: '', fileName: 'voice.ogg' })).status, 200)
  assert.equal(spooled.count(), 0)
})
