import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { EVENT_TYPES } from '../../src/connect/index.ts'
import { CHALLENGE, REDIRECT, signIn, VERIFIER } from '../support/oauth.ts'
import { type Story, startStory } from '../support/stories.ts'
import { LOOPBACK, type Receiver, startReceiver } from '../support/webhooks.ts'
import { startZapier, type Zapier } from '../support/zapier.ts'

let story: Story
let zapier: Zapier
let receiver: Receiver
before(async () => {
  story = await startStory(LOOPBACK)
  const { clientId, clientSecret } = story.demo.app
  const client = { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret }
  zapier = startZapier({ url: story.server.url, authData: {}, client })
  receiver = await startReceiver()
})
after(async () => {
  await receiver?.[Symbol.asyncDispose]()
  await story?.[Symbol.asyncDispose]()
})

const OAUTH = 'authentication.oauth2Config'

/** Connects as a person does in Zapier: its address, our pages, and what it makes of the code. */
async function connect(target: string): Promise<void> {
  const inputData = { redirect_uri: REDIRECT, state: 'here', code_challenge: CHALLENGE, code_verifier: VERIFIER }
  const url = await zapier.run(`${OAUTH}.authorizeUrl`, { authData: {}, inputData })
  const { browser, consent } = await signIn(story, url.replace(story.server.url, ''))
  await browser.send(consent, 'name="target"', { target, decision: 'allow', future: 'yes' })
  const { searchParams } = browser.leftTo as URL
  assert.equal(searchParams.get('state'), 'here')
  const code = searchParams.get('code')
  await assert.rejects(
    zapier.run(`${OAUTH}.getAccessToken`, {
      authData: {},
      inputData: { ...inputData, code, code_verifier: 'w'.repeat(43) },
    }),
    /verifier/,
  )
  const again = await browser.open(url.replace(story.server.url, ''))
  await browser.send(again, 'name="target"', { target, decision: 'allow', future: 'yes' })
  const fresh = (browser.leftTo as URL).searchParams.get('code')
  zapier.authData = await zapier.run(`${OAUTH}.getAccessToken`, {
    authData: {},
    inputData: { ...inputData, code: fresh },
  })
}

test('a connection to one location: allowed on our page with PKCE, named after the location, refreshed', async () => {
  const { id } = story.template
  await connect(id)
  assert.deepEqual([zapier.authData.locationId, zapier.authData.companyId], [id, story.demo.companyId])
  assert.equal((await zapier.run('authentication.test')).id, id)
  const { refresh_token, access_token } = zapier.authData
  const refreshed = await zapier.run(`${OAUTH}.refreshAccessToken`)
  assert.notEqual(refreshed.refresh_token, refresh_token)
  assert.notEqual(refreshed.access_token, access_token)
  zapier.authData = { ...zapier.authData, ...refreshed }
  assert.equal((await zapier.run('authentication.test')).id, id)
})

test('an instant trigger: subscribed, told of what really happens, told of what was told lately, ended', async () => {
  const trigger = 'triggers.instant_contact_create.operation'
  const subscribeData = await zapier.run(`${trigger}.performSubscribe`, { targetUrl: receiver.url })
  const { webhook } = subscribeData
  assert.deepEqual([webhook.locationId, webhook.events], [story.template.id, [{ type: 'ContactCreate' }]])
  assert.deepEqual(await zapier.run(`${trigger}.performList`), [])
  const made = await zapier.perform('creates', 'create_contact', { firstName: 'Hooked', email: 'hooked@example.com' })
  await receiver.until(({ taken }) => taken.length === 1, 'the event')
  const [event] = await zapier.run(`${trigger}.perform`, { cleanedRequest: receiver.taken[0]?.body })
  assert.deepEqual([event.type, event.id, event.firstName], ['ContactCreate', made.id, 'Hooked'])
  const { sample } = zapier.app.triggers.instant_contact_create.operation
  assert.deepEqual(
    ['id', 'firstName', 'email'].filter((name) => !(name in sample)),
    [],
  )
  let listed = await zapier.run(`${trigger}.performList`)
  assert.deepEqual(listed, [event])
  assert.deepEqual(await zapier.run('triggers.instant_contact_delete.operation.performList'), [])

  assert.deepEqual(await zapier.run(`${trigger}.performUnsubscribe`, { subscribeData }), { id: webhook.id })
  await zapier.perform('creates', 'create_contact', { firstName: 'Late', email: 'late@example.com' })
  assert.equal((await story.template.client.get(`/webhooks/${webhook.id}`)).status, 404)
  assert.deepEqual(await zapier.run(`${trigger}.performUnsubscribe`, { subscribeData }), { id: webhook.id })
  listed = await zapier.run(`${trigger}.performList`)
  assert.deepEqual(listed, [])
  assert.equal(receiver.all.length, 1)
})

test('a hook that answers 410, as that of a Zap that is switched off, is ended', async () => {
  const trigger = 'triggers.instant_note_create.operation'
  const { webhook } = await zapier.run(`${trigger}.performSubscribe`, { targetUrl: receiver.url })
  receiver.answer = 410
  const { id: contactId } = await zapier.perform('creates', 'create_contact', { firstName: 'Gone' })
  await zapier.perform('creates', 'create_contact_note', { contactId, body: 'Gone' })
  await receiver.until(({ all }) => all.some(({ body }) => body.type === 'NoteCreate'), 'the note')
  const state = async () => (await story.template.client.get(`/webhooks/${webhook.id}`)).body.webhook.offBecause
  for (let tries = 0; (await state()) === null && tries < 400; tries++) await new Promise((go) => setTimeout(go, 10))
  assert.equal(await state(), 'gone')
  receiver.answer = 200
})

test('each event that a webhook of a location is told of is an instant trigger', () => {
  const names = Object.keys(zapier.app.triggers).filter((key) => key.startsWith('instant_'))
  assert.equal(names.length, EVENT_TYPES.filter((type) => !/^(UN)?INSTALL$/.test(type)).length)
})

test('a connection to the whole agency: what belongs to a location is asked by a token of that location', async () => {
  await connect('agency')
  const { companyId, locationId } = zapier.authData
  assert.deepEqual([companyId, locationId], [story.demo.companyId, undefined])
  assert.equal((await zapier.run('authentication.test')).id, companyId)
  const { id } = story.byHand
  const made = await zapier.perform('creates', 'create_contact', { locationId: id, firstName: 'Agency' })
  assert.equal(made.locationId, id)
  assert.equal((await zapier.perform('triggers', 'list_snapshots')).length, 0)
  const places = await zapier.perform('triggers', 'choose_locations')
  assert.ok(places.some((place: { id: string }) => place.id === id))
  const { webhook } = await zapier.run('triggers.instant_task_create.operation.performSubscribe', {
    targetUrl: receiver.url,
    inputData: { locationId: id },
  })
  assert.equal(webhook.locationId, id)
})
