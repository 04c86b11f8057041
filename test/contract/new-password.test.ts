import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { authoriseUrl, signIn } from '../support/oauth.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory({ work: false })
})
after(() => story?.[Symbol.asyncDispose]())

test('an admin gets a new password for the present one; the one before, and every session, end with it', async () => {
  const { demo } = story
  const url = authoriseUrl(demo)
  const { browser, consent } = await signIn(story, url)
  const elsewhere = await signIn(story, url)
  const asked = await browser.send(consent, 'New password', {})
  assert.match(asked.html, /name="password"[^>]*autocomplete="current-password"/)

  for (const password of ['wrong', '', `${demo.admin.password}x`]) {
    const refused = await browser.send(asked, 'name="password"', { password })
    assert.deepEqual([refused.status, /This is not your present password/.test(refused.html)], [401, true], password)
  }
  const given = await browser.send(asked, 'name="password"', { password: demo.admin.password })
  assert.equal(given.status, 200)
  const password = /<code id="password">([\w-]{20})<\/code>/.exec(given.html)?.[1] as string
  assert.notEqual(password, undefined, given.html)
  assert.notEqual(password, demo.admin.password)

  for (const one of [browser, elsewhere.browser])
    assert.match((await one.open(url)).html, /<h1>Sign in<\/h1>/, 'signed out everywhere')
  const page = await browser.open(url)
  assert.equal((await browser.send(page, 'name="password"', demo.admin)).status, 401, 'the one before')
  const back = await browser.send(await browser.open(url), 'name="password"', { email: demo.admin.email, password })
  assert.match(back.html, /What may it do\?/)
  demo.admin.password = password
})

test('nobody who is not signed in gets one', async () => {
  const { demo, server } = story
  const { browser, consent } = await signIn(story, authoriseUrl(demo))
  const asked = await browser.send(consent, 'New password', {})
  await browser.send(await browser.open(authoriseUrl(demo)), 'value="sign-out"', {})
  const late = await browser.send(asked, 'name="password"', { password: demo.admin.password })
  assert.doesNotMatch(late.html, /id="password"/)
  const body = new URLSearchParams({ step: 'new-password', password: demo.admin.password }).toString()
  const bare = await server
    .client()
    .raw('POST', authoriseUrl(demo), { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body })
  assert.equal(bare.status, 400)
})

test('too many tries at the present password have to wait, and are told how long', async () => {
  const { demo } = story
  const { browser, consent } = await signIn(story, authoriseUrl(demo))
  const asked = await browser.send(consent, 'New password', {})
  for (let count = 0; count < 10; count++)
    assert.equal((await browser.send(asked, 'name="password"', { password: 'wrong' })).status, 401)
  const refused = await browser.send(asked, 'name="password"', { password: demo.admin.password })
  assert.equal(refused.status, 429)
  assert.match(
    refused.html,
    /role="alert">Too many requests\. Try again in \d+ s\.<.*name="password"/s,
    'the form is still there',
  )
  const seconds = Number(refused.headers.get('retry-after'))
  assert.ok(seconds > 800 && seconds <= 900, `${refused.headers.get('retry-after')}`)
})
