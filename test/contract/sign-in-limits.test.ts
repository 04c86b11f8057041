import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { countSignIn, forgetSignIns, forgiveSignIn } from '../../src/auth/sign-ins.ts'
import { readConfig } from '../../src/config.ts'
import { Browser } from '../support/browser.ts'
import { authoriseUrl } from '../support/oauth.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Story, startStory } from '../support/stories.ts'

const clock = { nowMs: () => nowMs }
let nowMs = Date.parse('2030-01-01T00:00:00Z')
let story: Story
let second: TestServer
before(async () => {
  story = await startStory({ work: false, clock, trustedProxies: '127.0.0.1' })
  second = await startTestServer({ work: false, clock, databaseUrl: story.server.databaseUrl })
})
after(async () => {
  await second?.[Symbol.asyncDispose]()
  await story?.[Symbol.asyncDispose]()
})

const db = () => story.server.app.platform.db

/** A try at a server's page, through a proxy that says where it came from. */
async function attempt(server: TestServer, fields: { email: string; password: string }, from?: string) {
  const browser = new Browser(server.url)
  const page = await browser.open(authoriseUrl(story.demo))
  browser.headers = from === undefined ? {} : { 'x-forwarded-for': from }
  return browser.send(page, 'name="password"', fields)
}

test('tries to sign in are counted for all servers together, and a restart forgets none', async () => {
  const { email, password } = story.demo.admin
  const statuses: number[] = []
  for (let count = 0; count < 10; count++)
    statuses.push((await attempt([story.server, second][count % 2]!, { email, password: 'wrong' })).status)
  assert.deepEqual(new Set(statuses), new Set([401]))
  await using restarted = await startTestServer({ work: false, clock, databaseUrl: story.server.databaseUrl })
  for (const server of [story.server, second, restarted]) {
    const shown = await attempt(server, { email, password })
    assert.equal(shown.status, 429)
    assert.match(
      shown.html,
      /role="alert">Too many requests\. Try again in 900 s\.<.*name="password"/s,
      'the form is still there',
    )
  }
  nowMs += 15 * 60_000
  assert.match((await attempt(second, { email, password })).html, /Allow Demo app/)
})

test('whoever spells an e-mail in other ways has no more tries', async () => {
  const spellings = ['gue\u0301ss@example.com', 'GUÉSS@example.com', 'gu\u200b\u00e9ss@EXAMPLE.com']
  const statuses: number[] = []
  for (let count = 0; count < 11; count++)
    statuses.push((await attempt(story.server, { email: spellings[count % 3]!, password: 'wrong' })).status)
  assert.deepEqual(statuses, [...Array(10).fill(401), 429])
  nowMs += 15 * 60_000
})

test('strangers who guess do not lock an admin out of a browser that is known; such a browser has tries of its own', async () => {
  const { email, password } = story.demo.admin
  const known = new Browser(story.server.url)
  const sign = async (browser: Browser, fields: object) => {
    browser.cookies.delete('tintype_session')
    return browser.send(await browser.open(authoriseUrl(story.demo)), 'name="password"', { email, password, ...fields })
  }
  assert.match((await sign(known, {})).html, /Allow Demo app/)
  assert.ok(known.cookies.has('tintype_known'))
  for (let count = 0; count < 10; count++) await countSignIn(db(), { email, address: `198.18.0.${count}` }, nowMs)
  assert.equal((await attempt(second, { email, password })).status, 429)
  assert.match((await sign(known, {})).html, /Allow Demo app/)
  const other = await sign(known, { email: 'somebody@example.com' })
  assert.equal(other.status, 401, 'for another e-mail it is a browser like any other')
  for (let count = 0; count < 10; count++) assert.equal((await sign(known, { password: 'wrong' })).status, 401)
  assert.equal((await sign(known, {})).status, 429)
  nowMs += 15 * 60_000
})

test('an address has a limit of its own; what a trusted proxy says of it is believed, what others say is not', async () => {
  const { email, password } = story.demo.admin
  for (let count = 0; count < 50; count++)
    await countSignIn(db(), { email: `somebody-${count}@example.com`, address: '203.0.113.7' }, nowMs)
  assert.equal((await attempt(story.server, { email, password }, '203.0.113.7')).status, 429)
  assert.equal((await attempt(story.server, { email, password }, '203.0.113.8')).status, 200)
  assert.equal(
    (await attempt(story.server, { email, password }, '203.0.113.9, 203.0.113.7')).status,
    429,
    'what the caller itself wrote in front counts for nothing',
  )
  assert.equal((await attempt(second, { email, password }, '203.0.113.7')).status, 200, 'this server trusts nobody')
  const { rows } = await sql<{ text: string }>`select sign_in_try::text as text from sign_in_try`.execute(db())
  assert.ok(
    rows.length > 50 && rows.every(({ text }) => !text.includes('example') && !text.includes('203.')),
    'digests alone',
  )
})

test('who has to wait as an address does not use up the tries of an e-mail; the right password gives a try back', async () => {
  const address = '198.51.100.1'
  const take = (email: string) => countSignIn(db(), { email, address }, nowMs)
  for (let count = 0; count < 50; count++) {
    await take('right@example.com')
    await forgiveSignIn(db(), { email: 'right@example.com', address })
  }
  for (let count = 0; count < 50; count++) await take(`guess-${count}@example.com`)
  for (let count = 0; count < 20; count++) await assert.rejects(take('victim@example.com'), /Too many requests/)
  await countSignIn(db(), { email: 'victim@example.com', address: '198.51.100.2' }, nowMs)
})

test('tries at the same time are all counted, and windows that have ended are forgotten', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 30 }, (_, index) =>
      countSignIn(db(), { email: 'crowd@example.com', address: `192.0.2.${index}` }, nowMs),
    ),
  )
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 10)
  await forgetSignIns(db(), nowMs + 15 * 60_000)
  const { rows } = await sql`select 1 from sign_in_try`.execute(db())
  assert.equal(rows.length, 0)
})

test('proxies are addresses or networks', () => {
  for (const good of ['127.0.0.1', '10.0.0.0/8, 192.168.1.1', '::1', 'fd00::/8'])
    assert.equal(readConfig({ TINTYPE_TRUSTED_PROXIES: good }).trustedProxies, good)
  for (const bad of ['proxy.example', '10.0.0.0/33', '1.2.3.4/8/8', '127.0.0.1,', 'true'])
    assert.throws(() => readConfig({ TINTYPE_TRUSTED_PROXIES: bad }), /TINTYPE_TRUSTED_PROXIES/, bad)
})

test('however many passwords are checked at once, a process needs memory for two, and none of them is forgotten', async () => {
  const passwords = resolve(import.meta.dirname, '../../src/auth/passwords.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { hashPassword, isPassword } from ${JSON.stringify(passwords)}
     const hashed = await hashPassword('the one that is right')
     const before = process.resourceUsage().maxRSS
     const wanted = ['the one that is right', ...Array(8).fill('another')]
     const found = await Promise.all(wanted.map((password) => isPassword(hashed, password)))
     const more = (process.resourceUsage().maxRSS - before) / 1024
     console.log(JSON.stringify({ found, more }))`,
  ])
  const { found, more } = JSON.parse(stdout)
  assert.deepEqual(found, [true, ...Array(8).fill(false)])
  // Each takes 46 MB, and one had been there before.
  assert.ok(more < 80, `${more} MB more`)
})
