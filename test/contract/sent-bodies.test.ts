import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { registry } from '../../src/operations/index.ts'
import { placementOf } from '../../src/operations/registry.ts'
import type { Client } from '../support/client.ts'
import { type Office, startOffice } from '../support/office.ts'

let office: Office
let client: Client
before(async () => {
  office = await startOffice()
  client = office.client
})
after(() => office?.[Symbol.asyncDispose]())

const WIRE = { version: '2021-07-28' }
const URL_FORM = { ...WIRE, 'content-type': 'application/x-www-form-urlencoded' }

test('a contact enters and leaves a campaign and a workflow without a body, whatever type it is said to have', async () => {
  const contactId = await office.newContact()
  const campaign = await client.post('/campaigns/', { ...office.here, name: 'Spring' })
  const workflow = await client.post('/workflows/', { ...office.here, name: 'Welcome' })
  const lines = [
    [`/contacts/${contactId}/campaigns/${campaign.body.campaign.id}`, 201],
    [`/contacts/${contactId}/workflow/${workflow.body.workflow.id}`, 200],
  ] as const
  for (const [path, status] of lines) {
    const entered = await client.raw('POST', path, { headers: URL_FORM })
    assert.equal(entered.status, status, JSON.stringify(entered.body))
    const left = await client.raw('DELETE', path, { headers: URL_FORM })
    assert.equal(left.status, 200, JSON.stringify(left.body))
  }
})

test('no line minds the type of a body that is not there', async () => {
  const bodied = registry.all.filter(({ http }) => !http.startsWith('GET'))
  for (const operation of bodied) {
    const { method, path } = placementOf(operation)
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data', 'nonsense']) {
      const headers = { ...WIRE, 'content-type': type }
      const { status, body } = await client.raw(method, path.replace(/:\w+/g, 'unknown'), { headers })
      assert.ok(status < 500 && status !== 415, `${operation.name}, ${type}: ${status} ${JSON.stringify(body)}`)
    }
  }
})

test('a body of a type that is not taken is refused with the name of the type', async () => {
  for (const type of ['application/x-www-form-urlencoded', 'text/xml', 'image/png', 'nonsense']) {
    const headers = { ...WIRE, 'content-type': type }
    const { status, body } = await client.raw('POST', '/contacts/', { headers, body: 'a=b' })
    assert.equal(status, 415)
    assert.equal(body.message, `Unsupported media type ${type}. Send application/json.`)
  }
  const { status, body } = await client.raw('POST', '/contacts/', {
    headers: { ...WIRE, 'content-type': '' },
    body: 'a',
  })
  assert.deepEqual([status, body.message], [415, 'Unsupported media type none. Send application/json.'])
})

const FORMS = registry.all.filter(({ upload, rawBody }) => upload !== null || rawBody !== null)

/** A form that ends in the middle of its file. */
const CUT =
  '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\nhalf of'

for (const operation of FORMS) {
  test(`${operation.name}: a form without a boundary, or cut off, is the caller's fault`, async () => {
    const { method, path } = placementOf(operation)
    const agency = office.server.client(operation.token === 'agency' ? office.agencyToken : office.location.token)
    const address = path.replace(/:locationId/, office.location.id).replace(/:\w+/g, 'unknown')
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=', 'multipart/form-data; boundary=b']) {
      const headers = { ...WIRE, 'content-type': type }
      const { status, body } = await agency.raw(method, address, { headers, body: CUT })
      assert.equal(status, 400, `${type}: ${JSON.stringify(body)}`)
      assert.match(String(body.message), /^The form is broken: /)
    }
  })
}

test('a list in a form may be spelled with brackets, whether its elements are one or many', async () => {
  const contactId = await office.newContact()
  for (const spelled of ['attachmentUrls', 'attachmentUrls[]', 'attachmentUrls[0]'])
    for (const urls of [['https://a.example/1.png'], ['https://a.example/1.png', 'https://a.example/2.png']]) {
      const form = new FormData()
      form.set('locationId', office.location.id)
      form.set('contactId', contactId)
      urls.forEach((url, index) => {
        form.append(spelled.replace('0', String(index)), url)
      })
      const headers = { authorization: `Bearer ${office.location.token}`, ...WIRE }
      const reply = await fetch(`${office.server.url}/conversations/messages/upload`, {
        method: 'POST',
        headers,
        body: form,
      })
      const body = (await reply.json()) as { uploadedFiles: object }
      assert.equal(reply.status, 200, JSON.stringify(body))
      assert.deepEqual(Object.values(body.uploadedFiles), urls, spelled)
    }
})

/** Sends all of a large body and only then reads, as simple clients do. */
function sendAll(path: string, sizeBytes: number, connection: string): Promise<string> {
  const { hostname, port } = new URL(office.server.url)
  return new Promise((done, fail) => {
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.on('error', fail)
    socket.on('close', () => done(answer))
    const body = `{"locationId":"${office.location.id}","name":"Large","note":"${'x'.repeat(sizeBytes)}"}`
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nversion: 2021-07-28\r\nauthorization: Bearer ${office.location.token}\r\ncontent-type: application/json\r\nconnection: ${connection}\r\ncontent-length: ${body.length}\r\n\r\n`
    socket.write(head + body, () => {
      socket.on('data', (data) => {
        answer += data
        if (answer.includes('}')) socket.destroy()
      })
      socket.resume()
    })
  })
}

test('whoever sends more than is taken hears of it, however much more', async () => {
  for (const connection of ['close', 'keep-alive'])
    for (const megabytes of [3, 6, 12, 24]) {
      const answer = await sendAll('/funnels/', megabytes * 1_000_000, connection)
      assert.match(answer, /^HTTP\/1.1 413 /, `${megabytes} MB, ${connection}: ${answer.slice(0, 100)}`)
    }
})
