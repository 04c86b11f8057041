import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { Browser } from '../support/browser.ts'
import { createClient } from '../support/client.ts'
import { Service } from '../support/crash.ts'
import { allow, ask, authoriseUrl, REDIRECT, tokensFor } from '../support/oauth.ts'
import { startStory } from '../support/stories.ts'

test('a log of requests that broke holds neither passwords nor secrets, codes or tokens', async () => {
  await using story = await startStory({ work: false, alone: true })
  const { demo, server } = story
  const db = server.owner()
  const [code, tokens] = [
    (await allow(story, 'agency')).get('code') as string,
    await tokensFor(story, story.template.id),
  ]
  const service = new Service({
    command: 'serve',
    databaseUrl: server.databaseUrl,
    env: { TINTYPE_LOG_LEVEL: 'trace' },
  })
  try {
    service.start()
    const url = await service.ready
    const there = { ...story, server: { ...server, client: (token?: string) => createClient(url, token) } }
    const browser = new Browser(url)
    const page = await browser.open(authoriseUrl(demo, { state: 'a-secret-state' }))
    await sql`alter table sign_in_try rename to sign_in_try_away`.execute(db)
    await sql`alter table oauth_refresh rename to oauth_refresh_away`.execute(db)
    assert.equal((await browser.send(page, 'name="password"', demo.admin)).status, 500)
    const asked: Record<string, string>[] = [
      { grant_type: 'authorization_code', code, redirect_uri: REDIRECT },
      { grant_type: 'refresh_token', refresh_token: tokens.refresh_token },
    ]
    for (const fields of asked) assert.equal((await ask(there, '/oauth/token', fields)).status, 500)
    for (let tries = 0; service.errors.length < 3; tries++) {
      assert.ok(tries < 500, service.errors.join('\n'))
      await pause(10)
    }
    const log = service.errors.join('\n')
    for (const secret of [
      demo.admin.password,
      demo.app.clientSecret,
      code,
      tokens.refresh_token,
      tokens.access_token,
      'a-secret-state',
    ])
      assert.ok(!log.includes(secret), log)
  } finally {
    await service.end()
  }
})
