import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { type App, deleteApp, findAppByClientId, registerApp } from '../../src/auth/apps.ts'
import { allowAccess } from '../../src/auth/authorisation.ts'
import { createPerson, findByEmail, type Person, removePerson } from '../../src/auth/people.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import type { Reply } from '../support/client.ts'
import { allow, ask, authoriseUrl, exchange, refresh, signIn, tokensFor } from '../support/oauth.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory({ work: false, rateLimit: 0 })
})
after(() => story?.[Symbol.asyncDispose]())

const db = () => story.server.app.platform.db

const codeFor = async (target: string) => (await allow(story, target)).get('code') as string

const statusOf = async (token: string, { id }: Actor) =>
  (await story.server.client(token).get(`/locations/${id}/tags`)).status

async function uninstall(locationId?: string): Promise<void> {
  const { demo, agency } = story
  const place = locationId === undefined ? '' : `&locationId=${locationId}`
  const reply = await agency.client.delete(`/apps/${demo.app.appId}/installation?companyId=${demo.companyId}${place}`)
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
}

const speakForItself = (locationId: string) =>
  ask(story, '/oauth/token', { grant_type: 'client_credentials', user_type: 'Location', locationId })

function assertInvalidGrant(reply: Reply): void {
  assert.deepEqual([reply.status, reply.body.error], [400, 'invalid_grant'], JSON.stringify(reply.body))
}

function assertNotInstalled(reply: Reply): void {
  assert.deepEqual([reply.status, reply.body.error], [400, 'unauthorized_client'], JSON.stringify(reply.body))
}

/** Until another connection of this database waits for a lock. */
async function somebodyWaits(): Promise<void> {
  const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  for (let tries = 0; (await waiting.execute(db())).rows.length === 0; tries++) {
    assert.ok(tries < 500, 'nobody waits')
    await pause(10)
  }
}

test('a code that was not exchanged ends with the install it was made for', async () => {
  const local = await codeFor(story.template.id)
  await uninstall(story.template.id)
  assertInvalidGrant(await exchange(story, local))
  const whole = await codeFor('agency')
  const elsewhere = await codeFor(story.byHand.id)
  await uninstall()
  assertInvalidGrant(await exchange(story, whole))
  assertInvalidGrant(await exchange(story, elsewhere))
})

test('a code for a location that is gone gives nothing', async () => {
  const doomed = await newLocation(story, 'Doomed')
  const code = await codeFor(doomed.id)
  assert.equal((await story.agency.client.delete(`/locations/${doomed.id}?deleteTwilioAccount=false`)).status, 200)
  assertInvalidGrant(await exchange(story, code))
})

test('tokens end with the app in the agency, however they were made, also where a location let it in itself', async () => {
  const { demo, server, template, byHand } = story
  const agency = await tokensFor(story, 'agency')
  const allowed = await tokensFor(story, byHand.id)
  const made = await server
    .client(agency.access_token)
    .post('/oauth/locationToken', { companyId: demo.companyId, locationId: template.id })
  const [resting, own] = [(await speakForItself(template.id)).body, (await speakForItself(byHand.id)).body]
  for (const token of [made.body.access_token, resting.access_token]) assert.equal(await statusOf(token, template), 200)
  await uninstall()
  for (const token of [made.body.access_token, resting.access_token]) assert.equal(await statusOf(token, template), 401)
  assertInvalidGrant(await refresh(story, resting.refresh_token))
  for (const token of [allowed, own]) {
    assert.equal(await statusOf(token.access_token, byHand), 401)
    assertInvalidGrant(await refresh(story, token.refresh_token))
  }
  assertNotInstalled(await speakForItself(byHand.id))
  const left = await story.agency.client.get(`/apps/installations?companyId=${demo.companyId}`)
  assert.deepEqual(left.body.installs, [])
})

test('of what an app asks for by itself, the newest thousand in a place are kept, and what people allowed stays', async () => {
  const { demo, server } = story
  const busy = await newLocation(story, 'Busy')
  const { id: locationId } = busy
  const allowed = await tokensFor(story, locationId)
  const first = (await speakForItself(locationId)).body
  const kept = async () =>
    (
      await sql<{ count: number }>`select count(*)::int from oauth_grant where location_id = ${locationId}`.execute(
        db(),
      )
    ).rows[0]?.count ?? 0
  await sql`
    insert into oauth_grant (id, app_id, agency_id, location_id, user_id, scopes, created_at, own)
    select gen_random_uuid(), app_id, agency_id, location_id, user_id, scopes,
      created_at + make_interval(secs => n / 1e6), true
    from oauth_grant, generate_series(1, 998) n where location_id = ${locationId} and own`.execute(db())
  const recent = (await speakForItself(locationId)).body
  assert.deepEqual(
    [await statusOf(first.access_token, busy), await kept()],
    [200, 1001],
    'a thousand, and the one that was allowed',
  )
  const agency = (await tokensFor(story, 'agency')).access_token
  const made = await server.client(agency).post('/oauth/locationToken', { companyId: demo.companyId, locationId })
  assert.equal(made.status, 200, JSON.stringify(made.body))
  assert.ok((await kept()) <= 1001, `${await kept()} are kept`)
  assert.equal(await statusOf(first.access_token, busy), 401, 'the oldest has ended')
  assertInvalidGrant(await refresh(story, first.refresh_token))
  for (const { access_token: token } of [allowed, recent, made.body]) assert.equal(await statusOf(token, busy), 200)
})

test('an app that is deleted while a code is exchanged gets no token that outlives it', async () => {
  const { demo } = story
  const code = await codeFor(story.template.id)
  const app = (await findAppByClientId(db(), demo.app.clientId)) as App
  const late: { reply?: Promise<Reply> } = {}
  await assert.rejects(
    inTransaction(db(), async (tx) => {
      await deleteApp(tx, app, Date.now())
      late.reply = exchange(story, code)
      await somebodyWaits()
      throw new Error('undone')
    }),
    /undone/,
  )
  assert.equal((await late.reply)?.status, 200, 'the deletion was undone, so the app is there')
  await inTransaction(db(), async (tx) => {
    await deleteApp(tx, app, Date.now())
    late.reply = ask(story, '/oauth/token', { grant_type: 'client_credentials' })
    await somebodyWaits()
  })
  const refused = (await late.reply) as Reply
  assert.deepEqual([refused.status, refused.body.error], [401, 'invalid_client'])
  const { rows } = await sql`select 1 from oauth_grant where app_id = ${app.id} and revoked_at is null`.execute(db())
  assert.equal(rows.length, 0)
})

test('nobody can allow an app that was deleted while its page stood open', async () => {
  const { demo } = story
  const person = await findByEmail(db(), demo.admin.email)
  const { app } = await inTransaction(db(), (tx) =>
    registerApp(
      tx,
      { agencyId: demo.companyId, name: 'Gone', scopes: ['forms.readonly'], redirectUris: ['https://gone.example/cb'] },
      Date.now(),
    ),
  )
  await inTransaction(db(), (tx) => deleteApp(tx, app, Date.now()))
  const request = { app, redirectUri: 'https://gone.example/cb', scopes: app.scopes, state: undefined, challenge: null }
  const consent = { person: person!, request, locationId: null, futureLocations: false }
  await assert.rejects(
    inTransaction(db(), (tx) => allowAccess(tx, consent, Date.now())),
    /app .* was not found/,
  )
  const { rows } = await sql`select 1 from app_install where app_id = ${app.id}`.execute(db())
  assert.equal(rows.length, 0)
})

test('an admin who is removed is signed out, can allow nothing more, and leaves no code behind; what was allowed stays', async () => {
  const { demo, agency } = story
  const made = await agency.client.post(`/apps/?companyId=${demo.companyId}`, {
    name: 'Kept',
    scopes: ['locations/tags.readonly'],
    redirectUris: ['https://kept.example/cb'],
  })
  const { app, secret } = made.body
  const leaver = { email: 'leaver@example.com', password: 'a long password' }
  const admin = await inTransaction(db(), (tx) =>
    createPerson(tx, { agencyId: demo.companyId, name: 'Leaver', role: 'admin', ...leaver }, Date.now()),
  )
  const request = { app, redirectUri: 'https://kept.example/cb', scopes: app.scopes, state: undefined, challenge: null }
  const allowAs = (who: Person) =>
    inTransaction(db(), (tx) =>
      allowAccess(tx, { person: who, request, locationId: story.template.id, futureLocations: false }, Date.now()),
    )
  const redeem = (code: string) =>
    ask(story, '/oauth/token', {
      grant_type: 'authorization_code',
      client_id: app.clientId,
      client_secret: secret,
      code,
      redirect_uri: 'https://kept.example/cb',
    })
  const tokens = (await redeem(await allowAs(admin))).body
  const unused = await allowAs(admin)
  const url = authoriseUrl(demo, { client_id: app.clientId, redirect_uri: request.redirectUri })
  const { browser } = await signIn({ ...story, demo: { ...demo, admin: leaver } }, url)
  assert.match((await browser.open(url)).html, /Allow Kept\?/)
  await inTransaction(db(), (tx) => removePerson(tx, admin.id))
  assert.match((await browser.open(url)).html, /name="password"/)
  await assert.rejects(allowAs(admin), /person .* was not found/)
  assertInvalidGrant(await redeem(unused))
  assert.equal(await statusOf(tokens.access_token, story.template), 200)
})
