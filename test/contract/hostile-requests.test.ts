import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

// The smallest form of each request that `npm run test:fuzz` found to do harm.

let server: TestServer
let agency: TestAgency
let location: TestLocation
before(async () => {
  server = await startTestServer({ work: false, rateLimit: 0 })
  agency = await createAgency(server.app)
  location = agency.locations[0] as TestLocation
})
after(() => server?.[Symbol.asyncDispose]())

/** Of a form in pieces: the boundary is `x`. */
const field = (name: string, value: string) =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const file =
  '--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nPNG\r\n'
const FORM = 'multipart/form-data; boundary=x'
const deepList = '['.repeat(20_000) + ']'.repeat(20_000)

const uploads = () => [
  '/conversations/messages/upload',
  `/locations/${location.id}/customFields/upload`,
  `/forms/upload-custom-files?contactId=x&locationId=${location.id}`,
  '/conversations/messages/inbound',
]

for (const [what, type, body] of [
  ['no boundary', 'multipart/form-data', `${field('id', 'x')}--x--\r\n`],
  ['another boundary', 'multipart/form-data; boundary=y', `${field('id', 'x')}--x--\r\n`],
  ['no end', FORM, field('id', 'x')],
  ['a file that breaks off', FORM, file.slice(0, -5)],
  ['nothing', FORM, ''],
  ['a part without headers', FORM, '--x\r\n\r\n--x--'],
  ['lists in lists, thousands deep, for its file', FORM, `${field('fileAttachment', deepList)}--x--\r\n`],
] as const) {
  test(`a form with ${what} is told to be broken`, async () => {
    for (const path of uploads()) {
      const reply = await server
        .client(location.token)
        .raw('POST', path, { headers: { version: '2021-07-28', 'content-type': type }, body })
      assert.ok([400, 422].includes(reply.status), `${path}: ${reply.status} ${JSON.stringify(reply.body)}`)
    }
  })
}

test('a calendar takes no more notifications than it can show', async () => {
  const client = server.client(location.token)
  const calendarId = (await client.post('/calendars/', { locationId: location.id, name: 'Talk' })).body.calendar.id
  const some = (count: number) =>
    Array(count).fill({ receiverType: 'contact', channel: 'email', notificationType: 'booked' })
  const add = async (count: number) => (await client.post(`/calendars/${calendarId}/notifications`, some(count))).status
  assert.deepEqual([await add(100), await add(99), await add(2), await add(1), await add(1)], [200, 200, 422, 200, 422])
  const shown = await client.get(`/calendars/?locationId=${location.id}`)
  assert.deepEqual(
    [shown.status, shown.body.calendars?.[0].eventNotifications.length],
    [200, 200],
    JSON.stringify(shown.body).slice(0, 300),
  )
})

for (const moment of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-01:00', '2016-12-31T23:59:60Z']) {
  test(`${moment} is no moment that could be stored and told again`, async () => {
    const client = server.client(location.token)
    const { contact } = (await client.post('/contacts/', { locationId: location.id, firstName: 'Ada' })).body
    const { conversation } = (await client.post('/conversations/', { locationId: location.id, contactId: contact.id }))
      .body
    const call = { to: '+12025550101', from: '+12025550100', status: 'completed' }
    const message = { type: 'Call', conversationId: conversation.id, conversationProviderId: 'provider', call }
    const sent = await client.post('/conversations/messages/outbound', { ...message, date: moment })
    const told = await client.get(`/conversations/messages/export?locationId=${location.id}`)
    assert.deepEqual([sent.status, told.status], [422, 200], JSON.stringify(sent.body))
    const post = await client.post('/blogs/posts', {
      ...{ locationId: location.id, title: 'A', description: 'A', imageUrl: 'https://a.example/a.png' },
      ...{ imageAltText: 'A', categories: ['a'], author: 'a', urlSlug: 'a', rawHTML: 'A', status: 'DRAFT' },
      ...{ blogId: 'a', publishedAt: moment },
    })
    assert.equal(post.status, 422)
    assert.match(JSON.stringify(post.body.message), /publishedAt/)
  })
}

test("what cannot be read of an address of webhooks is refused in the words of this wire, HubSpot's beside it in its own", async () => {
  const client = server.client(location.token)
  const headers = { version: '2021-07-28' }
  const ours = await client.raw('GET', '/webhooks/%EF%BF%BD%ED%A0%80/deliveries', { headers })
  assert.deepEqual([ours.status, ours.body.statusCode], [400, 400], JSON.stringify(ours.body))
  const theirs = await client.raw('GET', '/webhooks/v4/%ED%A0%80', { headers })
  assert.deepEqual([theirs.status, theirs.body.status], [400, 'error'], JSON.stringify(theirs.body))
  const since = '9999-12-31T23:59:59-01:00'
  const { webhook } = (await client.post('/webhooks/', { name: 'A', url: 'https://hooks.example.com/' })).body
  assert.equal((await client.post(`/webhooks/${webhook.id}/replay-since`, { since })).status, 422)
})

test('a value nested thousands of levels deep is refused wherever it stands', async () => {
  const client = server.client(location.token)
  const headers = { version: '2021-07-28', 'content-type': 'application/json' }
  for (const deep of [`${'['.repeat(5_000)}${']'.repeat(5_000)}`, `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`])
    for (const [path, name] of [
      ['/contacts/', 'firstName'],
      ['/contacts/', 'customFields'],
      ['/contacts/search', 'filters'],
      ['/forms/', 'fields'],
      [`/locations/${location.id}/tags`, 'name'],
    ]) {
      const body = `{${path?.endsWith('tags') ? '' : `"locationId":"${location.id}",`}"${name}":${deep}}`
      const reply = await client.raw('POST', path as string, { headers, body })
      assert.equal(reply.status, 422, `${path} ${name}: ${reply.status} ${JSON.stringify(reply.body).slice(0, 300)}`)
    }
})
