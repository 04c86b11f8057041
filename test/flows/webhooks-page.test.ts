import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'
import { LOOPBACK } from '../support/webhooks.ts'

let server: TestServer
let location: TestLocation
const folder = mkdtempSync(join(tmpdir(), 'tintype-webhooks-'))
before(async () => {
  server = await startTestServer(LOOPBACK)
  location = (await createAgency(server.app)).locations[0] as TestLocation
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await server?.[Symbol.asyncDispose]()
})

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((closed) => probe.close(closed))
  return port
}

/** What waits for something to arrive, in place of the moment that a person takes. */
const UNTIL_TOLD = 'for n in $(seq 100); do grep -q ContactCreate told && break; sleep 0.1; done'

test('the page about webhooks runs as it stands: receiver, webhook, test event, log, replay, a new secret', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8')
  const [, receiver = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
  writeFileSync(join(folder, 'receiver.mjs'), receiver)
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] as string)
  assert.equal(blocks.length, 4)
  const [make = '', start = '', ...rest] = blocks
  const begun = start.replace('node receiver.mjs &', 'node receiver.mjs > told & trap "kill $!" EXIT')
  const script = [make, begun, UNTIL_TOLD, ...rest].join('\necho\n')
  const env = {
    ...process.env,
    BASE: server.url,
    TOKEN: location.token,
    LOCATION: location.id,
    RECEIVER_PORT: String(await freePort()),
  }
  const child = spawn('bash', ['-eu', '-o', 'pipefail', '-c', script], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const [code] = await once(child, 'close')
  assert.equal(code, 0, output)
  const told = readFileSync(join(folder, 'told'), 'utf8')
  assert.match(told, /^WebhookTest/m, 'the signature was right')
  assert.match(told, /^ContactCreate \w{20}$/m)
  assert.match(output, /"state":"delivered"/)
  assert.match(output, /"replayed":\d/)
  assert.match(output, /"deleted":true/)
})
