import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { type Office, startOffice } from '../support/office.ts'
import { type File, upload } from '../support/uploads.ts'

const FILE_BYTES = 900_000

let office: Office
before(async () => {
  office = await startOffice({ fileBytes: FILE_BYTES, recordingBytes: FILE_BYTES })
})
after(() => office?.[Symbol.asyncDispose]())

const attach = (fields: Record<string, string>, files: readonly File[], token?: string) =>
  upload(office, '/conversations/messages/upload', { ...office.here, ...fields }, files, token)
const toCustomField = (fields: Record<string, string>, files: readonly File[]) =>
  upload(office, `/locations/${office.location.id}/customFields/upload`, fields, files)
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

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
  for (const range of ['bytes=5-2', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=-', 'bytes=a-b'])
    assert.equal((await part(range)).status, 200, range)
  assert.equal((await part('bytes=0-9', { 'if-range': `"${digest(bytes)}"` })).status, 206)
  const changed = await part('bytes=0-9', { 'if-range': '"another"' })
  assert.deepEqual([changed.status, changed.got.length], [200, 600_000])
})

test('a recording can be played from anywhere', async () => {
  const { conversationId } = await office.newConversation()
  const bytes = randomBytes(300_000)
  const told = await upload(office, '/conversations/messages/inbound', { type: 'Call', conversationId }, [
    { name: 'a.mp3', type: 'audio/mpeg', bytes, field: 'recording' },
  ])
  const headers = {
    authorization: `Bearer ${office.location.token}`,
    version: '2021-07-28',
    range: 'bytes=262000-263000',
  }
  const response = await fetch(
    `${office.server.url}/conversations/messages/${told.body.messageId}/locations/${office.location.id}/recording`,
    { headers },
  )
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

test('nobody reads the files of a location that was deleted', async () => {
  const { contactId } = await office.newConversation()
  const link = (await attach({ contactId }, [{ name: 'a.jpg' }])).body.uploadedFiles['a.jpg'] as string
  const { db } = office.server.app.platform
  assert.equal((await fetch(link)).status, 200)
  await sql`update location set deleted_at = now() where id = ${office.location.id}`.execute(db)
  assert.equal((await fetch(link)).status, 404)
})
