import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { check, type Office, startOffice } from '../support/office.ts'
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
/** Chunks that are stored, in all. */
const chunks = async () =>
  (await query(office.server.app.platform.db, sql<{ count: number }>`select count(*) as count from file_chunk`))[0]
    ?.count

test('attachments are uploaded, sent along and served to whoever has the link', async () => {
  const { contactId, conversationId } = await office.newConversation()
  const bytes = randomBytes(700_001)
  const { status, body } = await attach(
    { contactId, conversationId, attachmentUrls: '["https://example.com/a.pdf"]' },
    [{ name: 'Hochzeit – Plan.pdf', bytes, type: 'text/html' }, { name: 'photo.jpg' }, { name: 'photo.jpg' }],
  )
  assert.equal(status, 200, JSON.stringify(body))
  check('UploadFilesResponseDto', body)
  assert.deepEqual(Object.keys(body.uploadedFiles), [
    'https://example.com/a.pdf',
    'Hochzeit – Plan.pdf',
    'photo.jpg',
    'photo (2).jpg',
  ])
  const links = Object.values(body.uploadedFiles) as string[]
  assert.equal(new Set(links).size, 4)
  const sent = await office.client.post('/conversations/messages', {
    type: 'SMS',
    contactId,
    message: 'The plan',
    attachments: [links[1]],
  })
  const message = (await office.client.get(`/conversations/messages/${sent.body.messageId}`)).body
  assert.deepEqual(message.attachments, [links[1]])
  const set = await office.client.put(`/conversations/messages/${sent.body.messageId}/attachments`, {
    attachments: [links[2]],
  })
  assert.deepEqual(set.body.message.attachments, [links[2]])

  const file = await fetch(links[1]!)
  assert.equal(digest(await bytesOf(file)), digest(bytes))
  const headers = [
    'content-type',
    'content-length',
    'content-disposition',
    'x-content-type-options',
    'accept-ranges',
    'etag',
  ]
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

test('files of custom fields become the values of a contact', async () => {
  const contactId = await office.newContact()
  const make = async (more: object) =>
    (
      await office.client.post(`/locations/${office.location.id}/customFields`, {
        name: `Files ${Math.random()}`,
        dataType: 'FILE_UPLOAD',
        ...more,
      })
    ).body.customField.id
  const [one, many, text] = [
    await make({ acceptedFormat: ['.pdf'] }),
    await make({ isMultiFileAllowed: true, maxFileLimit: 2 }),
    await make({ dataType: 'TEXT' }),
  ]
  const put = (files: readonly File[], id = contactId) =>
    upload(office, `/forms/upload-custom-files?contactId=${id}&locationId=${office.location.id}`, {}, files)
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
  for (const [index, [status, { status: actual, body }]] of refused.entries())
    assert.equal(actual, status, `${index}: ${JSON.stringify(body)}`)
  assert.deepEqual(
    (await office.client.get(`/contacts/${contactId}`)).body.contact.customFields,
    second.body.contact.customFields,
  )
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
  for (const [index, [status, { status: actual, body }]] of refused.entries())
    assert.equal(actual, status, `${index}: ${JSON.stringify(body)}`)
  assert.equal(await chunks(), stored, 'nothing of what was refused is kept')
})

test('files go with what they belong to', async () => {
  const stored = await chunks()
  const one = await office.newConversation()
  const other = await office.newConversation()
  const linkOf = async (fields: Record<string, string>) =>
    (await attach(fields, [{ name: 'a.jpg' }])).body.uploadedFiles['a.jpg'] as string
  const [ofConversation, ofContact, others] = [
    await linkOf(one),
    await linkOf({ contactId: one.contactId }),
    await linkOf(other),
  ]
  const pipeline = (
    await office.client.post('/opportunities/pipelines', {
      ...office.here,
      name: 'Sales',
      stages: [{ name: 'New', position: 0 }],
    })
  ).body.pipeline
  const deal = { ...office.here, pipelineId: pipeline.id, name: 'Wedding', status: 'open', contactId: one.contactId }
  const opportunity = (await office.client.post('/opportunities/', deal)).body.opportunity.id
  const ofDeal = (await toCustomField({ id: opportunity }, [{ name: 'a.jpg' }])).body.uploadedFiles['a.jpg'] as string
  const statuses = async () =>
    Promise.all([ofConversation, ofContact, ofDeal, others].map(async (link) => (await fetch(link)).status))
  assert.deepEqual(await statuses(), [200, 200, 200, 200])
  await office.client.delete(`/conversations/${one.conversationId}`)
  assert.deepEqual(await statuses(), [404, 200, 200, 200])
  await office.client.delete(`/opportunities/${opportunity}`)
  assert.deepEqual(await statuses(), [404, 200, 404, 200])
  await office.client.delete(`/contacts/${one.contactId}`)
  assert.deepEqual(await statuses(), [404, 404, 404, 200])
  assert.equal(await chunks(), (stored ?? 0) + 1, 'their bytes are gone')
})
