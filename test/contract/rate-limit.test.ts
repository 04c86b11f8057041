import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import type { Reply } from '../support/client.ts'
import { tokensFor } from '../support/oauth.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

const RATE = 5
const DAILY = 12

/** Held still, so that a window is as long as the test says. */
let nowMs = Date.parse('2030-01-01T00:00:00Z')
let story: Story
before(async () => {
  story = await startStory({ work: false, rateLimit: RATE, rateLimitDaily: DAILY, clock: { nowMs: () => nowMs } })
})
after(() => story?.[Symbol.asyncDispose]())

const newToken = async (locationId?: string): Promise<string> => {
  const { demo, server } = story
  const made = await server.client(demo.agencyToken).post(`/tokens/?companyId=${demo.companyId}`, {
    name: 'limited',
    scopes: ['*'],
    ...(locationId === undefined ? {} : { locationId }),
  })
  return made.body.secret
}

const tags = (token: string, locationId: string) => story.server.client(token).get(`/locations/${locationId}/tags`)

const limitsOf = ({ headers }: Reply) =>
  ['limit-daily', 'daily-remaining', 'interval-milliseconds', 'max', 'remaining'].map((name) => {
    const value = headers.get(`x-ratelimit-${name}`)
    return value === null ? null : Number(value)
  })

test('every answer says in five headers what is left; the call after the last is 429 until the window ends', async () => {
  const template = await newLocation(story, 'Limited')
  const token = await newToken(template.id)
  for (let call = 1; call <= RATE; call++) {
    const reply = await tags(token, template.id)
    assert.deepEqual([reply.status, limitsOf(reply)], [200, [DAILY, DAILY - call, 10_000, RATE, RATE - call]])
    assert.equal(reply.headers.get('retry-after'), null)
  }
  nowMs += 4000
  const refused = await tags(token, template.id)
  assert.deepEqual(
    [refused.status, refused.body.statusCode, limitsOf(refused)],
    [429, 429, [DAILY, DAILY - RATE - 1, 10_000, RATE, 0]],
  )
  assert.equal(refused.body.message, 'Too many requests. Try again in 6 s.')
  assert.deepEqual([refused.headers.get('retry-after'), refused.body.traceId], ['6', refused.headers.get('x-trace-id')])
  nowMs += 6000
  const next = await tags(token, template.id)
  assert.deepEqual([next.status, limitsOf(next)], [200, [DAILY, DAILY - RATE - 2, 10_000, RATE, RATE - 1]])
})

test('a day has a limit of its own', async () => {
  const template = await newLocation(story, 'Limited')
  const token = await newToken(template.id)
  nowMs = Date.parse('2030-01-01T12:00:00Z')
  for (let call = 1; call <= DAILY; call++) {
    assert.equal((await tags(token, template.id)).status, 200)
    nowMs += 10_000
  }
  const refused = await tags(token, template.id)
  assert.deepEqual([refused.status, limitsOf(refused)], [429, [DAILY, 0, 10_000, RATE, RATE - 1]])
  assert.equal(refused.headers.get('retry-after'), String(43_200 - DAILY * 10))
  nowMs += 43_200_000 - DAILY * 10_000
  assert.equal((await tags(token, template.id)).status, 200)
})

test('answers that refuse the input are counted and carry the headers too', async () => {
  const template = await newLocation(story, 'Limited')
  const { server } = story
  const token = await newToken(template.id)
  const reply = await server.client(token).post(`/locations/${template.id}/tags`, { colour: 'red' })
  assert.deepEqual([reply.status, limitsOf(reply)], [422, [DAILY, DAILY - 1, 10_000, RATE, RATE - 1]])
})

test('limits are per app and place: tokens of one app share them, other places and other apps do not', async () => {
  const { template, byHand } = story
  nowMs += 86_400_000
  const [first, second, elsewhere] = [
    await tokensFor(story, template.id),
    await tokensFor(story, template.id),
    await tokensFor(story, byHand.id),
  ]
  const privateToken = await newToken(template.id)
  const remaining = async (token: string, locationId: string) => limitsOf(await tags(token, locationId)).at(-1)
  assert.equal(await remaining(first.access_token, template.id), RATE - 1)
  assert.equal(await remaining(second.access_token, template.id), RATE - 2)
  assert.equal(await remaining(elsewhere.access_token, byHand.id), RATE - 1)
  assert.equal(await remaining(privateToken, template.id), RATE - 1)
  const other = await story.server.client(first.access_token).get(`/forms/?locationId=${template.id}`)
  assert.equal(limitsOf(other).at(-1), RATE - 3, 'whatever is asked for')
})

test("the demo's private tokens are not limited", async () => {
  const { demo, template } = story
  for (let call = 0; call < RATE * 3; call++) {
    const reply = await tags(demo.locations[0]!.token, template.id)
    assert.deepEqual([reply.status, limitsOf(reply)], [200, [null, null, null, null, null]])
  }
})

test('the official client reads the headers as its own', async () => {
  const template = await newLocation(story, 'Limited')
  const { server } = story
  const sdk = new HighLevel({ privateIntegrationToken: await newToken(template.id), logLevel: 'none' })
  sdk.getHttpClient().defaults.baseURL = server.url
  const ask = () => sdk.locations.getLocationTags({ locationId: template.id })
  for (let call = 0; call < RATE; call++) await ask()
  await assert.rejects(ask(), (error: { statusCode?: number; rateLimit?: object }) => {
    assert.equal(error.statusCode, 429)
    const { dailyRemaining, dailyLimit, intervalMs } = error.rateLimit as Record<string, number>
    assert.deepEqual(
      [dailyLimit, dailyRemaining, intervalMs],
      [DAILY, DAILY - RATE - 1, 10_000],
      JSON.stringify(error.rateLimit),
    )
    return true
  })
})
