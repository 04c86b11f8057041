import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ensureConsole } from '../../src/surfaces/command-line/console-build.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency } from '../support/tenants.ts'

let server: TestServer
before(async () => {
  server = await startTestServer({ console: true, work: false })
  await createAgency(server.app, { name: 'Studio' })
})
after(() => server?.[Symbol.asyncDispose]())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers, redirect: 'manual' })

const scriptOf = (html: string) => /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? ''

test('every address of the console is one page, which none may frame and which runs our scripts only', async () => {
  for (const path of ['/', '/app', '/app/snapshots/abc?version=2', '/app/nothing/here']) {
    const response = await get(path)
    assert.equal(response.status, 200, path)
    const policy = response.headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'self'/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.doesNotMatch(policy, /script-src|https?:/)
    assert.match(await response.text(), /<div id="root">/)
  }
})

test('the page says whether anybody can be signed in, so that nobody is asked in vain', async () => {
  assert.match(await (await get('/app')).text(), /<html data-cookie="none" /)
  for (const cookie of ['tintype_session=x', 'a=b; __Host-tintype_session=x'])
    assert.doesNotMatch(await (await get('/app', { cookie })).text(), /data-cookie/)
})

test('assets come packed for those who take that, are kept for good, and lead to nothing else', async () => {
  const script = scriptOf(await (await get('/app')).text())
  for (const [accepted, coding] of [
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['identity', null],
    ['br;q=0', null],
  ] as const) {
    const response = await get(script, { 'accept-encoding': accepted })
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-encoding'), coding, accepted)
    assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    assert.equal(response.headers.get('vary'), 'accept-encoding')
    assert.match(response.headers.get('content-type') ?? '', /javascript/)
    assert.match(await response.text(), /createElement|jsx/)
  }
  for (const name of ['nothing.js', '..%2findex.html', '..%2fbuilt-from', `${script.split('/').at(-1)}.br`])
    assert.equal((await get(`/assets/${name}`)).status, 404, name)
})

test('an unknown share is still told on its own page, and a POST to the root is none of the console', async () => {
  const share = await get('/?share=unknown')
  assert.equal(share.status, 404)
  assert.match(await share.text(), /This share cannot be opened/)
  const post = await fetch(`${server.url}/app`, { method: 'POST' })
  assert.equal(post.status, 404)
})

test('a server without a console says what to do', async () => {
  await using bare = await startTestServer({ console: false, work: false })
  assert.match(await (await fetch(bare.url)).text(), /TINTYPE_CONSOLE/)
  assert.equal((await fetch(`${bare.url}/app`)).status, 404)
})

test('what is built is not built again', async () => {
  const said: string[] = []
  await ensureConsole((line) => said.push(line))
  assert.deepEqual(said, [])
  assert.ok(existsSync(join(import.meta.dirname, '../../console/dist/built-from')))
})
