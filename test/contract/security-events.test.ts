import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { maintain } from '../../src/jobs/maintain.ts'
import { newPerson, type SignedIn, signInTo } from '../support/person.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let aheadMs = 0
let server: TestServer
let agency: TestAgency
let owner: SignedIn
let company: string
before(async () => {
  server = await startTestServer({ work: false, rateLimit: 0, clock: { nowMs: () => Date.now() + aheadMs } })
  agency = await createAgency(server.app, { name: 'Studio', locations: 1 })
  company = `companyId=${agency.companyId}`
  owner = await newPerson(server, { agencyId: agency.companyId, role: 'owner' })
})
after(() => server?.[Symbol.asyncDispose]())

interface Told {
  id: string
  at: string
  event: string
  title: string | null
  outcome: string
  who: string | null
  whoName: string | null
  address: string
  traceId: string
  status: number | null
  detail: string | null
  about: { what: string; id: string | null; name: string | null }[]
  repeats: number
}

async function events(filter = ''): Promise<Told[]> {
  const { status, body } = await owner.get(`/people/events?${company}${filter}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.events
}

/** What is kept beside a request is there soon after it. */
async function kept(filter: string, isMeant: (event: Told) => boolean): Promise<Told> {
  for (let tries = 0; tries < 500; tries++) {
    const found = (await events(filter)).find(isMeant)
    if (found !== undefined) return found
    await pause(10)
  }
  return assert.fail(`nothing like that in ${JSON.stringify(await events(filter))}`)
}

async function newNamed(name: string): Promise<{ personId: string }> {
  const email = `${name.replaceAll(' ', '.')}@people.example`
  const { status, body } = await owner.post(`/people/?${company}`, { email, name, role: 'viewer' })
  assert.equal(status, 201, JSON.stringify(body))
  return { personId: body.person.id }
}

test('who changes people and tokens is kept with the change: who, what, when, from where, and never a secret', async () => {
  const made = await owner.post(`/tokens/?${company}`, { name: 'Reporting', scopes: ['snapshots.readonly'] })
  const [event, ...more] = await events('&event=tokens.')
  assert.equal(more.length, 0)
  assert.ok(Math.abs(Date.now() - Date.parse(event?.at ?? '')) < 600_000)
  const { event: what, outcome, who, whoName, address, traceId, detail } = event as Told
  assert.deepEqual(
    { what, outcome, who, whoName, address, traceId, detail },
    {
      what: 'tokens.create',
      outcome: 'done',
      who: owner.id,
      whoName: `owner of ${agency.companyId}`,
      address: '127.0.0.1',
      traceId: made.headers.get('x-trace-id'),
      detail: `name Reporting, tokenId ${made.body.token.id}`,
    },
  )
  const invited = await owner.post(`/people/?${company}`, { email: 'kept@people.example', role: 'viewer' })
  const token = new URLSearchParams(new URL(invited.body.link).hash.slice(1)).get('token') as string
  const password = 'correct horse battery'
  assert.equal((await server.client().post('/people/accept', { token, password })).status, 200)
  const [accepted, invitation] = await events('&event=people.')
  assert.deepEqual([accepted?.event, accepted?.who], ['people.accept', invited.body.person.id])
  assert.equal(invitation?.detail, `email kept@people.example, role viewer, personId ${invited.body.person.id}`)
  const refused = await owner.post(`/people/?${company}`, { email: 'kept@people.example', role: 'viewer' })
  assert.equal(refused.status, 400)
  assert.equal((await events('&event=people.')).length, 2, 'what did not happen is not said to have happened')
  const all = JSON.stringify(await events())
  for (const secret of [made.body.secret, token, password]) assert.ok(!all.includes(secret))
})

test('whoever is refused stands there, once a minute; whom nobody knows is in the log alone', async () => {
  const viewer = await newPerson(server, { agencyId: agency.companyId, role: 'viewer' })
  await kept('&event=sign-in&outcome=done', ({ who }) => who === viewer.id)
  for (let asked = 0; asked < 3; asked++) assert.equal((await viewer.get(`/people/?${company}`)).status, 403)
  const refusal = await kept('&event=people.list', () => true)
  assert.deepEqual([refusal.outcome, refusal.status, refusal.who], ['refused', 403, viewer.id])
  assert.equal((await signInTo(server, { email: 'nobody@people.example', password: 'wrong' })).reply.status, 401)
  for (let tries = 0; tries < 2; tries++)
    assert.equal((await signInTo(server, { email: viewer.email.toUpperCase(), password: 'wrong' })).reply.status, 401)
  await kept('&event=sign-in&outcome=refused', ({ who }) => who === viewer.id)
  await viewer.delete('/session')
  await kept('&event=sign-out', ({ who }) => who === viewer.id)
  assert.equal((await events('&event=people.list')).length, 1)
  assert.equal((await events('&outcome=refused&event=sign-in')).length, 1)
})

test('each event is told in words, with what it was done to as it was called then, and found by these words', async () => {
  const { personId } = await newNamed('Ada of the desk')
  const location = agency.locations[0]?.id as string
  const hook = {
    locationId: location,
    name: 'To the ledger',
    url: 'https://ledger.example/hook',
    events: [{ type: 'ContactCreate' }],
  }
  const made = await owner.post('/webhooks/', hook)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const webhookId = made.body.webhook.id
  assert.equal((await owner.put(`/people/${personId}?${company}`, { role: 'operator' })).status, 200)
  assert.equal((await owner.delete(`/people/${personId}?${company}`)).status, 200)
  assert.equal((await owner.delete(`/webhooks/${webhookId}?locationId=${location}`)).status, 200)
  const person = { what: 'person', id: personId, name: 'Ada of the desk' }
  const webhook = { what: 'webhook', id: webhookId, name: 'To the ledger' }
  const place = { what: 'location', id: location, name: agency.locations[0]?.name }
  const told = (await events('&limit=4')).map(({ title, about }) => ({ title, about }))
  assert.deepEqual(told, [
    { title: 'Delete Webhook', about: [webhook, place] },
    { title: 'Remove Person', about: [person] },
    { title: 'Update Person', about: [person, { what: 'role', id: null, name: 'operator' }] },
    { title: 'Create Webhook', about: [webhook, place] },
  ])
  assert.deepEqual(
    (await events('&title=REMOVE%20person')).map(({ event }) => event),
    ['people.remove'],
  )
  assert.deepEqual(
    new Set((await events('&title=sign%20in')).map(({ event, title }) => `${event} ${title}`)),
    new Set(['sign-in Sign In']),
  )
  assert.deepEqual(await events('&title=no%20such%20deed'), [])
})

test('what is shown of an event finds it: what it was done to, why it was refused, and the e-mail of who it was', async () => {
  const { personId } = await newNamed('Grace of the gate')
  assert.equal((await owner.put(`/people/${personId}?${company}`, { role: 'operator' })).status, 200)
  const [update] = await events('&title=ROLE%20operator')
  assert.deepEqual([update?.event, update?.about[0]?.id], ['people.update', personId])
  assert.equal((await events('&title=person%20grace%20of%20the%20gate%20%C2%B7%20role'))[0]?.id, update?.id)
  const viewer = await newPerson(server, { agencyId: agency.companyId, role: 'viewer' })
  assert.equal((await viewer.get(`/tokens/?${company}`)).status, 403)
  const refusal = await kept('&title=does%20not%20allow', ({ who }) => who === viewer.id)
  const byEmail = await events(`&who=${encodeURIComponent(viewer.email.toUpperCase())}`)
  assert.ok(byEmail.some(({ id }) => id === refusal.id))
  assert.ok(byEmail.every(({ who }) => who === viewer.id))
  assert.deepEqual(await events(`&eventId=${refusal.id}&limit=1`), [refusal])
  assert.deepEqual(await events('&eventId=0199a4a0-0000-7000-8000-000000000000'), [])
})

test('refusals are counted by who, what and the sub-account they aimed at, and how often stands in one line each', async () => {
  const elsewhere = await createAgency(server.app, { name: 'Aimed at', locations: 1 })
  const viewer = await newPerson(server, { agencyId: agency.companyId, role: 'viewer' })
  const [own, foreign] = [agency.locations[0]?.id as string, elsewhere.locations[0]?.id as string]
  const tryAt = async (id: string) => (await viewer.post(`/locations/${id}/tags`, { name: 'mine' })).status
  for (let tries = 0; tries < 4; tries++) assert.equal(await tryAt(own), 403)
  assert.equal(await tryAt(foreign), 403)
  const mine = `&event=tags.create&who=${viewer.id}`
  await kept(mine, ({ repeats }) => repeats === 3)
  await kept(mine, ({ about }) => about[0]?.id === foreign)
  const lines = await events(mine)
  assert.deepEqual(
    new Map(lines.map(({ repeats, about }) => [about[0]?.id, [repeats, about[0]?.what, about[0]?.name]])),
    new Map<string | undefined, unknown[]>([
      [own, [3, 'location', agency.locations[0]?.name]],
      // What others call theirs is theirs.
      [foreign, [0, 'location', null]],
    ]),
  )
  assert.equal(lines.length, 2)
})

test('events are read page by page, by who and what, by owners and admins of the agency alone', async () => {
  const whole = await events()
  const ids: string[] = []
  for (let after = ''; ; ) {
    const { body } = await owner.get(`/people/events?${company}&limit=2${after}`)
    ids.push(...body.events.map(({ id }: Told) => id))
    if (body.after === null) break
    after = `&after=${body.after}`
    await owner.post(`/tokens/?${company}`, { name: 'meanwhile', scopes: ['snapshots.readonly'] })
  }
  assert.deepEqual(
    ids,
    whole.map(({ id }) => id),
  )
  assert.ok((await events('&who=OWNER%20of')).every(({ who }) => who === owner.id))
  assert.deepEqual(await events(`&who=${owner.id}`), await events('&who=owner%20of'))
  assert.deepEqual(await events('&who=%25'), [])
  const other = await createAgency(server.app, { name: 'Elsewhere', locations: 1 })
  const stranger = await newPerson(server, { agencyId: other.companyId, role: 'owner' })
  const theirs = await stranger.get(`/people/events?companyId=${other.companyId}`)
  assert.ok(theirs.body.events.every(({ who }: Told) => who === stranger.id))
  assert.equal((await stranger.get(`/people/events?${company}`)).status, 403)
})

test('after a year an event is forgotten, and not before, whatever the clock of a server says', async () => {
  const day = 86_400_000
  for (const days of [367, 300]) {
    aheadMs = -days * day
    const someone = await newPerson(server, { agencyId: agency.companyId, role: 'owner' })
    const made = await someone.post(`/tokens/?${company}`, { name: `${days} days ago`, scopes: ['snapshots.readonly'] })
    assert.equal(made.status, 201, JSON.stringify(made.body))
  }
  aheadMs = 0
  const isTold = async (name: string) =>
    (await events('&event=tokens.create&who=owner')).some(({ detail }) => detail?.startsWith(`name ${name}`))
  assert.ok(await isTold('367 days ago'))
  aheadMs = 1000 * day
  await maintain(server.app.platform)
  aheadMs = 0
  owner = await newPerson(server, { agencyId: agency.companyId, role: 'owner' })
  assert.ok(await isTold('300 days ago'))
  assert.ok(!(await isTold('367 days ago')))
})
