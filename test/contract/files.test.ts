import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import type { Reply } from '../support/client.ts'
import { check, type Office, startOffice } from '../support/office.ts'

const FILE_BYTES = 900_000

let office: Office
before(async () => {
  office = await startOffice({ fileBytes: FILE_BYTES, recordingBytes: FILE_BYTES })
})
after(() => office?.[Symbol.asyncDispose]())

type Bytes = Uint8Array<ArrayBuffer>
interface File {
  bytes?: Bytes
  name: string
  type?: string
  field?: string
}

async function upload(
  path: string,
  fields: Record<string, string>,
  files: readonly File[],
  token = office.location.token,
): Promise<Pick<Reply, 'status' | 'body'>> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  for (const { bytes = new Uint8Array([1, 2, 3]), name, type = 'application/octet-stream', field = 'fileAttachment' } of files)
    form.append(field, new Blob([bytes], { type }), name)
  const headers = { authorization: `Bearer ${token}`, version: '2021-07-28' }
  const response = await fetch(office.server.url + path, { method: 'POST', headers, body: form })
  return { status: response.status, body: await response.json() }
}

const attach = (fields: Record<string, string>, files: readonly File[], token?: string) =>
  upload('/conversations/messages/upload', { ...office.here, ...fields }, files, token)
const toCustomField = (fields: Record<string, string>, files: readonly File[]) => upload(`/locations/${office.location.id}/customFields/upload`, fields, files)
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())
/** Chunks that are stored, in all. */
const chunks = async () => (await query(office.server.app.platform.db, sql<{ count: number }>`select count(*) as count from file_chunk`))[0]?.count

test('attachments are uploaded, sent along and served to whoever has the link', async () => {
  const { contactId, conversationId } = await office.newConversation()
  const bytes = randomBytes(700_001)
  const { status, body } = await attach({ contactId, conversationId, attachmentUrls: '["https://example.com/a.pdf"]' }, [
    { name: 'Hochzeit – Plan.pdf', bytes, type: 'text/html' },
    { name: 'photo.jpg' },
    { name: 'photo.jpg' },
  ])
  assert.equal(status, 200, JSON.stringify(body))
  check('UploadFilesResponseDto', body)
  assert.deepEqual(Object.keys(body.uploadedFiles), ['https://example.com/a.pdf', 'Hochzeit – Plan.pdf', 'photo.jpg', 'photo (2).jpg'])
  const links = Object.values(body.uploadedFiles) as string[]
  assert.equal(new Set(links).size, 4)
  const sent = await office.client.post('/conversations/messages', { type: 'SMS', contactId, message: 'The plan', attachments: [links[1]] })
  const message = (await office.client.get(`/conversations/messages/${sent.body.messageId}`)).body
  assert.deepEqual(message.attachments, [links[1]])
  const set = await office.client.put(`/conversations/messages/${sent.body.messageId}/attachments`, { attachments: [links[2]] })
  assert.deepEqual(set.body.message.attachments, [links[2]])

  const file = await fetch(links[1]!)
  assert.equal(digest(await bytesOf(file)), digest(bytes))
  const headers = ['content-type', 'content-length', 'content-disposition', 'x-content-type-options', 'accept-ranges', 'etag']
  assert.deepEqual(
    headers.map((name) => file.headers.get(name)),
    [
      'application/pdf',
      '700001',
      `attachment; filename="Hochzeit _ Plan.pdf"; filename*=UTF-8''Hochzeit%20%E2%80%93%20Plan.pdf`,
      'nosniff',
      'bytes',
      `"${digest(bytes)}"`,
    ],
  )
  assert.match((await fetch(links[2]!)).headers.get('content-disposition') ?? '', /^inline; filename="photo.jpg"$/)
  assert.match(new URL(links[1]!).pathname, /^\/files\/[A-Za-z0-9]{20}\/[A-Za-z0-9]{20}\//)
  assert.equal((await fetch(links[1]!.replace(/\/\w{20}\/[^/]*$/, '/00000000000000000000/x.pdf'))).status, 404)
})

test('any part of a file can be asked for', async () => {
  const bytes = randomBytes(600_000)
  const { contactId } = await office.newConversation()
  const { body } = await attach({ contactId }, [{ name: 'film.mp4', bytes }])
  const link = body.uploadedFiles['film.mp4']
  const part = async (range: string, more: Record<string, string> = {}) => {
    const response = await fetch(link, { headers: { range, ...more } })
    return {
      status: response.status,
      range: response.headers.get('content-range'),
      length: response.headers.get('content-length'),
      got: await bytesOf(response),
    }
  }
  for (const [range, from, to] of [
    ['bytes=0-0', 0, 0],
    ['bytes=262143-262144', 262_143, 262_144],
    ['bytes=262144-524287', 262_144, 524_287],
    ['bytes=100-', 100, 599_999],
    ['bytes=-5', 599_995, 599_999],
    ['bytes=-9999999', 0, 599_999],
    ['bytes=599999-9999999', 599_999, 599_999],
  ] as const) {
    const { status, range: answered, length, got } = await part(range)
    assert.deepEqual([status, answered, length], [206, `bytes ${from}-${to}/600000`, String(to - from + 1)], range)
    assert.equal(digest(got), digest(bytes.subarray(from, to + 1)), range)
  }
  for (const range of ['bytes=600000-', 'bytes=-0']) {
    const { status, range: answered } = await part(range)
    assert.deepEqual([status, answered], [416, 'bytes */600000'], range)
  }
  for (const range of ['bytes=5-2', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=-', 'bytes=a-b']) assert.equal((await part(range)).status, 200, range)
  assert.equal((await part('bytes=0-9', { 'if-range': `"${digest(bytes)}"` })).status, 206)
  const changed = await part('bytes=0-9', { 'if-range': '"another"' })
  assert.deepEqual([changed.status, changed.got.length], [200, 600_000])
})

test('a recording can be played from anywhere', async () => {
  const { conversationId } = await office.newConversation()
  const bytes = randomBytes(300_000)
  const told = await upload('/conversations/messages/inbound', { type: 'Call', conversationId }, [
    { name: 'a.mp3', type: 'audio/mpeg', bytes, field: 'recording' },
  ])
  const headers = { authorization: `Bearer ${office.location.token}`, version: '2021-07-28', range: 'bytes=262000-263000' }
  const response = await fetch(`${office.server.url}/conversations/messages/${told.body.messageId}/locations/${office.location.id}/recording`, { headers })
  assert.deepEqual([response.status, response.headers.get('content-range')], [206, 'bytes 262000-263000/300000'])
  assert.equal(digest(await bytesOf(response)), digest(bytes.subarray(262_000, 263_001)))
})

test('a page that somebody uploads harms nobody', async () => {
  const bytes = new TextEncoder().encode('<script>alert(document.domain)</script>')
  for (const [name, type, served] of [
    ['page.html', 'text/html', 'text/html'],
    ['picture.svg', 'image/svg+xml', 'image/svg+xml'],
    ['page', 'text/html\r\nx: y', 'application/octet-stream'],
    ['../../etc/photo.jpg', 'text/html', 'image/jpeg'],
  ] as const) {
    const { status, body } = await toCustomField({}, [{ name, type, bytes, field: 'any' }])
    assert.equal(status, 200, JSON.stringify(body))
    const { url, originalname } = body.meta[0]
    const file = await fetch(url)
    assert.equal(file.headers.get('content-type'), served)
    assert.equal(file.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(file.headers.get('content-security-policy'), "default-src 'none'; sandbox")
    assert.match(file.headers.get('content-disposition') ?? '', served === 'image/jpeg' ? /^inline/ : /^attachment/)
    assert.ok(!originalname.includes('/'), originalname)
  }
})

test('files of custom fields become the values of a contact', async () => {
  const contactId = await office.newContact()
  const make = async (more: object) =>
    (await office.client.post(`/locations/${office.location.id}/customFields`, { name: `Files ${Math.random()}`, dataType: 'FILE_UPLOAD', ...more })).body
      .customField.id
  const [one, many, text] = [
    await make({ acceptedFormat: ['.pdf'] }),
    await make({ isMultiFileAllowed: true, maxFileLimit: 2 }),
    await make({ dataType: 'TEXT' }),
  ]
  const put = (files: readonly File[], id = contactId) => upload(`/forms/upload-custom-files?contactId=${id}&locationId=${office.location.id}`, {}, files)
  const valueIn = (body: { contact: { customFields: { id: string; value: object }[] } }, id: string) =>
    Object.values(body.contact.customFields.find((field) => field.id === id)?.value ?? {}) as {
      url: string
      documentId: string
      meta: { originalname: string }
    }[]
  const first = await put([
    { name: 'contract.pdf', field: `${one}_1` },
    { name: 'a.png', field: `${many}_f31175d4` },
  ])
  assert.equal(first.status, 200, JSON.stringify(first.body))
  const [contract] = valueIn(first.body, one)
  assert.equal(contract?.meta.originalname, 'contract.pdf')
  const second = await put([
    { name: 'new.pdf', field: `${one}_2` },
    { name: 'b.png', field: `${many}_2` },
  ])
  assert.deepEqual([valueIn(second.body, one).length, valueIn(second.body, many).length], [1, 2])
  assert.equal((await fetch(contract!.url)).status, 404, 'a field for one file forgets the one it had')
  const refused: [number, Awaited<ReturnType<typeof put>>][] = [
    [422, await put([{ name: 'c.png', field: `${many}_3` }])],
    [415, await put([{ name: 'a.png', field: `${one}_1` }])],
    [415, await put([{ name: 'a.exe', field: `${many}_1` }])],
    [422, await put([{ name: 'a.pdf', field: `${text}_1` }])],
    [422, await put([{ name: 'a.pdf', field: 'nothing_1' }])],
    [404, await put([{ name: 'a.pdf', field: `${one}_1` }], 'nobody')],
    [422, await put([])],
  ]
  for (const [index, [status, { status: actual, body }]] of refused.entries()) assert.equal(actual, status, `${index}: ${JSON.stringify(body)}`)
  assert.deepEqual((await office.client.get(`/contacts/${contactId}`)).body.contact.customFields, second.body.contact.customFields)
})

test('an upload is checked before it is kept', async () => {
  const { contactId, conversationId } = await office.newConversation()
  const stored = await chunks()
  const many = Array.from({ length: 11 }, (_, index) => ({ name: `${index}.jpg` }))
  const refused: [number, Awaited<ReturnType<typeof attach>>][] = [
    [401, await attach({ conversationId }, [{ name: 'a.jpg' }], 'pit-00000000-0000-4000-8000-000000000000')],
    [415, await attach({ conversationId }, [{ name: 'a.jpg' }, { name: 'page.html' }])],
    [413, await attach({ conversationId }, [{ name: 'a.jpg', bytes: new Uint8Array(FILE_BYTES + 1) }])],
    [422, await attach({ conversationId }, many)],
    [422, await attach({ conversationId }, [{ name: 'a.jpg', bytes: new Uint8Array() }])],
    [422, await attach({ conversationId }, [])],
    [422, await attach({}, [{ name: 'a.jpg' }])],
    [422, await attach({ conversationId, contactId: await office.newContact() }, [{ name: 'a.jpg' }])],
    [404, await attach({ conversationId: 'nothing' }, [{ name: 'a.jpg' }])],
    [403, await attach({ conversationId, locationId: 'elsewhere00000000000' }, [{ name: 'a.jpg' }])],
    [400, await attach({ contactId, isGroupSms: 'true' }, many.slice(0, 2))],
    [422, await toCustomField({ id: 'nothing' }, [{ name: 'a.jpg' }])],
    [422, await toCustomField({ maxFiles: '1' }, many.slice(0, 2))],
  ]
  for (const [index, [status, { status: actual, body }]] of refused.entries()) assert.equal(actual, status, `${index}: ${JSON.stringify(body)}`)
  assert.equal(await chunks(), stored, 'nothing of what was refused is kept')
})

test('files go with what they belong to', async () => {
  const stored = await chunks()
  const one = await office.newConversation()
  const other = await office.newConversation()
  const linkOf = async (fields: Record<string, string>) => (await attach(fields, [{ name: 'a.jpg' }])).body.uploadedFiles['a.jpg'] as string
  const [ofConversation, ofContact, others] = [await linkOf(one), await linkOf({ contactId: one.contactId }), await linkOf(other)]
  const pipeline = (await office.client.post('/opportunities/pipelines', { ...office.here, name: 'Sales', stages: [{ name: 'New', position: 0 }] })).body
    .pipeline
  const deal = { ...office.here, pipelineId: pipeline.id, name: 'Wedding', status: 'open', contactId: one.contactId }
  const opportunity = (await office.client.post('/opportunities/', deal)).body.opportunity.id
  const ofDeal = (await toCustomField({ id: opportunity }, [{ name: 'a.jpg' }])).body.uploadedFiles['a.jpg'] as string
  const statuses = async () => Promise.all([ofConversation, ofContact, ofDeal, others].map(async (link) => (await fetch(link)).status))
  assert.deepEqual(await statuses(), [200, 200, 200, 200])
  await office.client.delete(`/conversations/${one.conversationId}`)
  assert.deepEqual(await statuses(), [404, 200, 200, 200])
  await office.client.delete(`/opportunities/${opportunity}`)
  assert.deepEqual(await statuses(), [404, 200, 404, 200])
  await office.client.delete(`/contacts/${one.contactId}`)
  assert.deepEqual(await statuses(), [404, 404, 404, 200])
  assert.equal(await chunks(), (stored ?? 0) + 1, 'their bytes are gone')
})

test('nobody reads the files of a location that was deleted', async () => {
  const { contactId } = await office.newConversation()
  const link = (await attach({ contactId }, [{ name: 'a.jpg' }])).body.uploadedFiles['a.jpg'] as string
  const { db } = office.server.app.platform
  assert.equal((await fetch(link)).status, 200)
  await sql`update location set deleted_at = now() where id = ${office.location.id}`.execute(db)
  assert.equal((await fetch(link)).status, 404)
})
