import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Browser } from '../support/browser.ts'
import { createClient } from '../support/client.ts'
import { BARE_ENV, Service } from '../support/crash.ts'
import { allow, ask, authoriseUrl, exchange, refresh, signIn } from '../support/oauth.ts'
import { TEST_KEY } from '../support/server.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
let service: Service
let url = ''
before(async () => {
  story = await startStory({ work: false })
  service = new Service({ command: 'serve', databaseUrl: story.server.databaseUrl, env: { TINTYPE_LOG_LEVEL: 'info' } })
  service.start()
  url = await service.ready
})
after(async () => {
  await service?.end()
  await story?.[Symbol.asyncDispose]()
})

interface Line {
  security?: boolean
  event?: string
  outcome?: string
  who?: string
  from?: string
  traceId?: string
  status?: number
  tenant?: string
  detail?: string
}

/** The line that the log has for this, once it is there. */
async function logged(wanted: Line): Promise<Line> {
  for (let tries = 0; tries < 300; tries++) {
    const lines = service.output
      .split('\n')
      .slice(0, -1)
      .flatMap((text): Line[] => (text.startsWith('{') ? [JSON.parse(text)] : []))
    const found = lines.find(
      (line) => line.security && Object.entries(wanted).every(([name, value]) => line[name as keyof Line] === value),
    )
    if (found !== undefined) return found
    await pause(10)
  }
  return assert.fail(`no line with ${JSON.stringify(wanted)} in\n${service.output}`)
}

/** The same world, asked through the process whose log is read. */
const there = () => ({
  ...story,
  server: { ...story.server, url, client: (token?: string) => createClient(url, token) },
})

/** What the agency can read of it, once it is there. */
async function kept(event: string, isMeant: (event: Line) => boolean): Promise<void> {
  const { agencyToken, companyId } = story.demo
  const told = async () =>
    (await createClient(url, agencyToken).get(`/people/events?companyId=${companyId}&event=${event}`)).body.events
  for (let tries = 0; !(await told()).some(isMeant); tries++) {
    assert.ok(tries < 300, JSON.stringify(await told()))
    await pause(10)
  }
}

test('the log says who did what about access, from where, and how it ended', async () => {
  const { demo } = story
  const agency = createClient(url, demo.agencyToken)
  const refused = await createClient(url, 'pit-00000000-0000-4000-8000-000000000000').get(
    `/locations/${demo.locations[0]!.id}/tags`,
  )
  const line = await logged({ event: 'tags.list', outcome: 'refused', status: 401, from: '127.0.0.1' })
  assert.equal(line.traceId, refused.headers.get('x-trace-id'))
  await agency.get(`/locations/${demo.partner.locations[0]!.id}/tags`)
  const foreign = await logged({ event: 'tags.list', outcome: 'refused', status: 403 })

  const made = await agency.post(`/tokens/?companyId=${demo.companyId}`, { name: 'x', scopes: ['forms.readonly'] })
  const creation = await logged({ event: 'tokens.create', outcome: 'done' })
  assert.match(creation.who ?? '', /^[0-9a-f-]{36}$/)
  assert.notEqual(foreign.who, undefined, 'the token that was refused is known')
  const detail = `name x, tokenId ${made.body.token.id}`
  await logged({ event: 'tokens.create', tenant: demo.companyId, detail })
  await agency.delete(`/tokens/${made.body.token.id}?companyId=${demo.companyId}`)
  await logged({ event: 'tokens.revoke', outcome: 'done', who: creation.who as string })

  await ask(there(), '/oauth/token', { grant_type: 'client_credentials', user_type: 'Company' })
  await logged({ event: 'oauth.token', outcome: 'done', who: demo.app.clientId })
  await ask(there(), '/oauth/v1/token', { grant_type: 'client_credentials' })
  await logged({ event: 'oauth.appToken', outcome: 'done', who: demo.app.clientId, tenant: demo.companyId })
  await ask(there(), '/oauth/token', { grant_type: 'client_credentials', client_secret: 'wrong' })
  await logged({ event: 'oauth.token', outcome: 'refused', status: 401 })

  const browser = new Browser(url)
  const wrong = await browser.send(await browser.open(authoriseUrl(demo)), 'name="password"', {
    ...demo.admin,
    password: 'wrong',
  })
  await logged({ event: 'sign-in', outcome: 'refused', from: '127.0.0.1' })
  const consent = await browser.send(wrong, 'name="password"', demo.admin)
  const signedIn = await logged({ event: 'sign-in', outcome: 'done' })
  await browser.send(consent, 'name="target"', { target: 'agency', decision: 'allow' })
  await logged({ event: 'consent', outcome: 'done', who: signedIn.who as string })
  await browser.send(await browser.open(authoriseUrl(demo)), 'value="sign-out"', {})
  await logged({ event: 'sign-out', outcome: 'done', who: signedIn.who as string })

  const log = service.output
  for (const secret of [demo.agencyToken, made.body.secret, demo.admin.password, demo.app.clientSecret])
    assert.ok(!log.includes(String(secret)), 'no secret is in it')
})

test('what was used twice has a line, and the agency can read it, as it can what an app gave back', async () => {
  const { demo } = story
  const code = (await allow(there(), 'agency')).get('code') as string
  const { refresh_token: token } = (await exchange(there(), code)).body
  const replayed = await exchange(there(), code)
  assert.equal(replayed.status, 400)
  const line = await logged({ event: 'oauth.replay', outcome: 'refused', status: 400, who: demo.app.appId })
  assert.equal(line.traceId, replayed.headers.get('x-trace-id'))
  assert.deepEqual([line.tenant, line.from], [demo.companyId, '127.0.0.1'])
  await kept('oauth.replay', ({ traceId, detail }) => traceId === line.traceId && /was used before/.test(`${detail}`))
  assert.equal((await refresh(there(), token)).status, 400)

  const second = (await exchange(there(), (await allow(there(), 'agency')).get('code') as string)).body.access_token
  await ask(there(), '/oauth/revoke', { token: second })
  await kept('oauth.revoke', ({ who }) => who === demo.app.appId)
  const agency = createClient(url, demo.agencyToken)
  await agency.delete(`/apps/${demo.app.appId}/installation?companyId=${demo.companyId}`)
  await logged({ event: 'apps.uninstall', detail: `appId ${demo.app.appId}`, tenant: demo.companyId })
})

test('the pages log what they refuse, and who refuses an app', async () => {
  const { demo } = story
  const { browser, consent } = await signIn(there(), authoriseUrl(demo))
  const foreign = demo.partner.locations[0]!.id
  const refused = await browser.send(consent, 'name="target"', { target: foreign, decision: 'allow' })
  assert.equal(refused.status, 403)
  const { who } = await logged({ event: 'consent', outcome: 'refused', status: 403 })
  assert.ok(who !== undefined, 'who is signed in is known')
  await kept('consent', ({ status }) => status === 403)
  await browser.send(consent, 'name="target"', { target: 'agency', decision: 'allow', csrf: 'guess' })
  const app = `app ${demo.app.appId}: `
  await logged({
    event: 'consent',
    status: 400,
    who,
    detail: `${app}the form is not from this browser, or out of date`,
  })
  await browser.send(consent, 'name="target"', { decision: 'deny' })
  await logged({ event: 'consent', outcome: 'refused', who, detail: `${app}access was denied` })
  const spent = await fetch(`${url}/enter`, { method: 'POST', body: new URLSearchParams({ token: 'spent' }) })
  assert.equal(spent.status, 403)
  await logged({ event: 'sign-in', outcome: 'refused', status: 403 })
})

test('what commands decide has its line on standard error, and nothing secret in it', async () => {
  const { demo, server } = story
  const program = resolve(import.meta.dirname, '../../bin/tintype.js')
  const words = ['token', 'create', '--company-id', demo.companyId, '--name', 'By hand']
  const env = { ...BARE_ENV, DATABASE_URL: server.databaseUrl }
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...words], { env })
  const lines = stderr.split('\n').flatMap((text): Line[] => (text.startsWith('{') ? [JSON.parse(text)] : []))
  const [line, ...more] = lines.filter(({ security }) => security)
  assert.deepEqual([line?.event, line?.outcome, line?.tenant, more], ['tokens.create', 'done', demo.companyId, []])
  assert.match(
    `${line?.who} ${line?.from} ${line?.detail}`,
    /^command line \(.+\) .+ name By hand, tokenId [0-9a-f-]{36}$/,
  )
  assert.ok(!stderr.includes(stdout.trim()))
  await kept('tokens.create', ({ traceId }) => traceId === line?.traceId)
  const keys = { ...env, TINTYPE_SECRET_KEY: TEST_KEY }
  const rotated = await promisify(execFile)(process.execPath, [program, 'keys', 'rotate'], { env: keys })
  assert.match(rotated.stderr, /"security":true,"event":"keys.rotate","outcome":"done"/)
})

test('whoever asks too often is in the log, too', async () => {
  const guess = () => ask(there(), '/oauth/token', { grant_type: 'client_credentials', client_secret: 'wrong' })
  for (let tries = 0; (await guess()).status !== 429; tries++) assert.ok(tries < 50, 'guesses go on')
  await logged({ event: 'oauth.token', outcome: 'refused', status: 429, from: '127.0.0.1' })
})
