import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { after, before, test } from 'node:test'
import { AddressForbidden, createGuardedFetch } from '../../src/connect/guarded-fetch.ts'

let server: Server
let port: number
let connections = 0
const paths: string[] = []

before(async () => {
  server = createServer((request, response) => {
    paths.push(request.url ?? '')
    if (request.url === '/redirect') response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end()
    else if (request.url === '/long') response.end('x'.repeat(1_000_000))
    else if (request.url !== '/silent') response.end('hello')
  })
  server.on('connection', () => {
    connections++
  })
  await new Promise<void>((listening) => server.listen(0, '::', listening))
  port = (server.address() as AddressInfo).port
})
after(() => {
  server.closeAllConnections()
  server.close()
})

/** What names mean in this test: a name of several meanings says one after the other. */
function names(meanings: Record<string, string[][]>): LookupFunction {
  return (host, options, done) => {
    const all = meanings[host]?.length === 1 ? meanings[host][0] : meanings[host]?.shift()
    const found = (all ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    if (found[0] === undefined) done(new Error(`there is no ${host}`), [])
    else if (options.all) done(null, found)
    else done(null, found[0].address, found[0].family)
  }
}

const outgoing = { headers: {}, body: '{}', patienceMs: 5_000, mostBytes: 4_096 }

/** One address in all the ways that it can be written, and addresses that lead to the same machine or its neighbours. */
const FORBIDDEN = (
  '127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0x7f.0.0.1 0177.0.0.1 0177.1 017700000001 127.0.0.1. 127.0.0.2 ' +
  '127.255.255.254 0 0.0.0.0 0.0.0.1 00000000.0 10.0.0.1 10.1 0xa.0.0.1 167772161 172.16.0.1 172.31.255.254 ' +
  '192.168.1.1 192.168.257 0xc0a80101 3232235777 169.254.169.254 0xa9fea9fe 2852039166 100.64.0.1 192.0.0.1 198.18.0.1 ' +
  '224.0.0.1 255.255.255.255 １２７.０.０.１ 127。0。0。1 ①②⑦.⓪.⓪.① %31%32%37.0.0.1 localhost LOCALHOST localhost. ' +
  '[::1] [::] [0:0:0:0:0:0:0:1] [0000:0000::0001] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:0:127.0.0.1] [::127.0.0.1] ' +
  '[::ffff:169.254.169.254] [64:ff9b::127.0.0.1] [2002:7f00:1::] [2001:0:1::1] [fe80::1] [fec0::1] [fc00::1] [fd12::1] [ff02::1] ' +
  '[2001:db8::1] local.example six.example mapped.example mixed.example'
).split(' ')

const fetch = (allowedNetworks: string | undefined, meanings: Record<string, string[][]> = {}) =>
  createGuardedFetch({
    allowedNetworks,
    lookup: names({
      localhost: [['127.0.0.1', '::1']],
      LOCALHOST: [['127.0.0.1']],
      'localhost.': [['::1']],
      'local.example': [['127.0.0.1']],
      'six.example': [['::1']],
      'mapped.example': [['::ffff:127.0.0.1']],
      // One that is right does not make the other right.
      'mixed.example': [['93.184.216.34', '127.0.0.1']],
      ...meanings,
    }),
  })

test(`none of ${FORBIDDEN.length} spellings of forbidden addresses is contacted`, async () => {
  assert.ok(FORBIDDEN.length >= 40)
  const guarded = fetch(undefined)
  for (const host of FORBIDDEN)
    await assert.rejects(guarded.post({ ...outgoing, url: `http://${host}:${port}/` }), AddressForbidden, host)
  for (const url of ['ftp://127.0.0.1/', 'file:///etc/passwd', 'http://user:word@93.184.216.34/', 'nothing', 'http://'])
    await assert.rejects(guarded.post({ ...outgoing, url }), AddressForbidden, url)
  assert.equal(connections, 0)
  guarded.close()
})

test('the same addresses are reached where a setting names their network', async () => {
  const guarded = fetch('127.0.0.0/8, ::1')
  for (const host of ['127.0.0.1', '0x7f.1', '[::1]', 'localhost', 'mapped.example']) {
    const { status, text } = await guarded.post({ ...outgoing, url: `http://${host}:${port}/` })
    assert.deepEqual([status, text], [200, 'hello'], host)
  }
  await assert.rejects(guarded.post({ ...outgoing, url: `http://127.0.0.1.example:${port}/` }), /there is no/)
  await assert.rejects(guarded.post({ ...outgoing, url: `http://10.0.0.1:${port}/` }), AddressForbidden)
  guarded.close()
})

test('a name that means something else the second time is not asked a second time, nor trusted then', async () => {
  const guarded = fetch('127.0.0.2/32', { 'rebound.example': [['127.0.0.2'], ['127.0.0.1']] })
  const url = `http://rebound.example:${port}/`
  const before = connections
  assert.equal((await guarded.post({ ...outgoing, url })).status, 200)
  assert.equal(connections, before + 1)
  // The connection that was looked at is used again; a new one is looked at anew.
  guarded.close()
  await assert.rejects(guarded.post({ ...outgoing, url }), AddressForbidden)
  assert.equal(connections, before + 1)
})

test('a redirect is an answer: where it leads is not contacted', async () => {
  const guarded = fetch('127.0.0.2/32')
  const { status } = await guarded.post({ ...outgoing, url: `http://127.0.0.2:${port}/redirect` })
  assert.equal(status, 302)
  assert.ok(!paths.includes('/secret'))
  guarded.close()
})

test('patience and what is read of an answer have an end', async () => {
  const guarded = fetch('127.0.0.0/8')
  const url = `http://127.0.0.1:${port}`
  await assert.rejects(guarded.post({ ...outgoing, url: `${url}/silent`, patienceMs: 50 }), /no answer within 0\.05 s/)
  assert.equal((await guarded.post({ ...outgoing, url: `${url}/long` })).text.length, 4_096)
  guarded.close()
})
