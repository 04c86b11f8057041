import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Browser } from '../support/browser.ts'
import { createClient } from '../support/client.ts'
import { Service } from '../support/crash.ts'
import { ask, authoriseUrl } from '../support/oauth.ts'
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

test('the log says who did what about access, from where, and how it ended', async () => {
  const { demo } = story
  const agency = createClient(url, demo.agencyToken)
  const there = { ...story, server: { ...story.server, url, client: (token?: string) => createClient(url, token) } }

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
  await agency.delete(`/tokens/${made.body.token.id}?companyId=${demo.companyId}`)
  await logged({ event: 'tokens.revoke', outcome: 'done', who: creation.who as string })

  await ask(there, '/oauth/token', { grant_type: 'client_credentials', user_type: 'Company' })
  await logged({ event: 'oauth.token', outcome: 'done', who: demo.app.clientId })
  await ask(there, '/oauth/token', { grant_type: 'client_credentials', client_secret: 'wrong' })
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
