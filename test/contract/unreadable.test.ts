import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
before(async () => {
  server = await startTestServer({ work: false })
})
after(() => server?.[Symbol.asyncDispose]())

/** What comes back for bytes that need be no request. */
async function answerTo(bytes: string): Promise<{ head: string; body: Record<string, unknown> }> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
  })
  socket.on('error', () => {})
  socket.write(bytes)
  await once(socket, 'close')
  const [head = '', body = ''] = text.split('\r\n\r\n')
  return { head, body: JSON.parse(body) as Record<string, unknown> }
}

for (const [what, bytes, status] of [
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['a method that there is not', 'FETCH / HTTP/1.1\r\nhost: x\r\n\r\n', 400],
  ['a length that is none', 'POST /forms/ HTTP/1.1\r\nhost: x\r\ncontent-length: abc\r\n\r\n', 400],
  ['no host', 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
  ['another expectation', 'GET /health HTTP/1.1\r\nhost: x\r\nexpect: 42\r\n\r\n', 417],
  ['a long address', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
  ['long headers', `GET /health HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
] as const) {
  test(`a request with ${what} is answered in the words of the API, with a trace id`, async () => {
    const { head, body } = await answerTo(bytes)
    assert.match(head, new RegExp(`^HTTP/1.1 ${status} `))
    const traceId = /^x-trace-id: ([0-9a-f-]{36})\r?$/im.exec(head)?.[1]
    assert.ok(traceId, head)
    assert.match(head, /^x-content-type-options: nosniff\r?$/im)
    const { message, ...rest } = body
    assert.deepEqual([typeof message, rest], ['string', { statusCode: status, traceId }])
  })
}

test('a request of HTTP/1.0 needs no host', async () => {
  assert.match((await answerTo('GET /health HTTP/1.0\r\n\r\n')).head, /^HTTP\/1.1 200 /)
})
