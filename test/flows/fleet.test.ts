import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { until } from '../support/connections.ts'
import { brokenIn, dropTag, makeFlow, makeForm, makeTag } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
let source: Actor
let snapshotId: string
const at: Record<string, Actor> = {}
let tagId: string

/** One location of each state, and what the fleet says of them. */
before(async () => {
  story = await startStory()
  const { agency } = story
  source = await newLocation(story, 'Fleet source')
  tagId = await makeTag(source, 'vip')
  await makeForm(source, 'Contact us')
  const snapshot = await agency.capture(source.id, { name: 'Franchise' })
  snapshotId = snapshot.id
  for (const name of ['Behind', 'Drifted', 'Deleted', 'Current', 'Untouched', 'Undone'])
    at[name] = await newLocation(story, name)
  const of = (name: string) => (at[name] as Actor).id
  await agency.push(snapshotId, [of('Behind')])
  await agency.push(snapshotId, [of('Undone')])
  await makeFlow(source, 'Welcome', {
    steps: [{ type: 'add_tag', tagIds: [tagId] }],
  })
  await agency.post(`/${snapshotId}/refresh`, {}, 201)
  const push = await agency.push(snapshotId, [of('Drifted'), of('Deleted'), of('Current')])
  assert.equal(push.status, 'completed')
  const pushes = (await agency.get(`/pushes?locationId=${of('Undone')}`)).pushes
  await agency.rollback(pushes[0].id)
})
after(() => story?.[Symbol.asyncDispose]())

const read = async (query = '') => {
  const { agency } = story
  const { status, body } = await agency.client.get(`/fleet?companyId=${agency.companyId}&${query}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body
}

const one = async (name: string, query = '') => {
  const { locations } = await read(`query=${encodeURIComponent(name)}&${query}`)
  assert.equal(locations.length, 1, name)
  return locations[0]
}

test('each sub-account is in the state that its pushes and its client have brought it to', async () => {
  const { agency } = story
  await dropTag(at.Deleted as Actor, (await tagsOf('Deleted'))[0] as string)
  const [form] = (await at.Drifted!.client.get(`/forms/?locationId=${at.Drifted!.id}`)).body.forms
  assert.equal((await at.Drifted!.client.put(`/forms/${form.id}`, { name: 'Write to us' })).status, 200)
  const expected = { Behind: 'behind', Drifted: 'drifted', Deleted: 'drifted', Current: 'current', Untouched: 'none' }
  for (const [name, state] of Object.entries(expected)) assert.equal((await one(name)).state, state, name)
  const undone = await one('Undone')
  assert.deepEqual([undone.state, undone.snapshots, undone.lastPush.isRollback], ['none', [], true])
  const behind = await one('Behind')
  assert.deepEqual(
    behind.snapshots.map((held: Record<string, unknown>) => [held.name, held.version, held.latest, held.status]),
    [['Franchise', 1, 2, 'completed']],
  )
  const { totals, total } = await read(`snapshotId=${snapshotId}`)
  assert.deepEqual(totals, { behind: 1, drifted: 2, current: 1 })
  assert.equal(total, 4)
  const { drift } = await agency.get(`/${snapshotId}/drift`)
  for (const { locationId, locationName, assets } of drift)
    assert.equal((await one(locationName)).drifted, assets.length, locationId)
  assert.equal(drift.length, 2)
})

/** Broken references are counted beside: until it is done, two readings may differ. */
const areCounted = () =>
  until(
    async () => (await query(story.server.owner(), sql`select 1 from broken_count where is_due`)).length === 0,
    'all counts',
  )

test('a state, a name, an order and a page are asked for; totals count all', async () => {
  await areCounted()
  const drifted = await read('state=drifted')
  assert.deepEqual(
    drifted.locations.map((row: { locationName: string }) => row.locationName),
    ['Deleted', 'Drifted'],
  )
  assert.equal(drifted.total, 2)
  const all = await read()
  assert.equal(all.locations.length, all.total)
  const names = all.locations.map((row: { locationName: string }) => row.locationName)
  const paged = []
  for (let skip = 0; skip < names.length; skip += 3) paged.push(...(await read(`limit=3&skip=${skip}`)).locations)
  assert.deepEqual(paged, all.locations)
  assert.deepEqual(
    (await read('order=desc')).locations.map((row: { locationName: string }) => row.locationName),
    names.toReversed(),
  )
  const beyond = await read('skip=1000')
  assert.deepEqual([beyond.locations, beyond.total], [[], names.length])
  for (const sort of ['state', 'drifted', 'behind', 'lastPush', 'lastChange']) {
    const rows = (await read(`sort=${sort}&order=desc`)).locations
    assert.equal(rows.length, names.length, sort)
  }
  const [newest] = (await read('sort=lastChange&order=desc')).locations
  assert.equal(newest.locationName, 'Drifted')
})

test('a push goes to all that a filter of the fleet leaves, but some', async () => {
  const { agency, partner } = story
  const id = (name: string) => (at[name] as Actor).id
  const planned = async (more: object, status = 200) => {
    const { plan } = await agency.post(`/${snapshotId}/plan`, { locationIds: 'all', ...more }, status)
    return plan?.targets.map((target: { locationId: string }) => target.locationId).sort()
  }
  const sorted = (...names: string[]) => names.map(id).sort()
  assert.deepEqual(await planned({ filter: { state: 'drifted' } }), sorted('Drifted', 'Deleted'))
  assert.deepEqual(await planned({ filter: { state: 'drifted' }, except: [id('Deleted')] }), sorted('Drifted'))
  assert.deepEqual(
    await planned({ filter: { snapshotId }, except: [id('Current')] }),
    sorted('Behind', 'Drifted', 'Deleted'),
  )
  assert.deepEqual(await planned({ filter: { query: 'touch' } }), sorted('Untouched'))
  assert.deepEqual(await planned({ filter: { query: 'Fleet source' } }), [], 'it never goes to where it came from')
  const everywhere = await planned({})
  assert.deepEqual(await planned({ filter: {}, except: [] }), everywhere)
  assert.deepEqual(
    await planned({ except: [id('Behind')] }),
    everywhere.filter((one: string) => one !== id('Behind')),
  )
  await planned({ locationIds: [id('Behind')], except: [id('Behind')] }, 422)
  await planned({ locationIds: [id('Behind')], filter: { state: 'behind' } }, 422)
  const { id: theirs } = await partner.capture(story.demo.partner.locations[0]!.id, { name: 'Theirs' })
  assert.deepEqual(await planned({ filter: { snapshotId: theirs } }), [])

  // What the plan has shown is what is pushed: another one who stands so by now makes it another plan.
  const late = await newLocation(story, 'Newcomer')
  const asked = { locationIds: 'all', filter: { state: 'behind' } }
  const { plan } = await agency.post(`/${snapshotId}/plan`, asked)
  await agency.push(snapshotId, [late.id], { version: 1 })
  await agency.post(`/${snapshotId}/push`, { ...asked, planHash: plan.hash }, 409)
  const push = await agency.push(snapshotId, 'all', { ...asked, except: [late.id] })
  assert.deepEqual(push.targets, { completed: 1 })
  assert.deepEqual([(await one('Behind')).state, (await one('Newcomer')).state], ['current', 'behind'])
})

test('broken references are counted now where that is asked for, as the sub-account itself lists them', async () => {
  const { template } = story
  const { body } = await template.client.get(`/locations/${template.id}/tags`)
  for (const { id } of body.tags.slice(0, 2)) await dropTag(template, id)
  const { body: piped } = await template.client.get(`/opportunities/pipelines?locationId=${template.id}`)
  const [pipeline] = piped.pipelines
  const { stages } = pipeline
  assert.equal(
    (await template.client.put(`/opportunities/pipelines/${pipeline.id}`, { stages: stages.slice(0, 1) })).status,
    200,
  )
  const { locations } = await read('broken=true&limit=200')
  let broken = 0
  for (const { locationId, broken: count } of locations) {
    const token = (await story.agency.client.get(`/locations/${locationId}/broken-references`)).body.brokenReferences
    assert.equal(count, token.length, locationId)
    broken += count
  }
  assert.ok(broken > 2, String(broken))
  assert.ok((await brokenIn(template)).length > 2)
  const { agency } = story
  assert.equal((await agency.client.get(`/fleet?companyId=${agency.companyId}&broken=true&limit=201`)).status, 422)
})

test('what changed lately is told by who did it in one go, page by page, and only of kinds that may be read', async () => {
  const { agency } = story
  const recent = async (query: string, client = agency.client) => {
    const { status, body } = await client.get(`/fleet/changes?companyId=${agency.companyId}&${query}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const { changes } = await recent(`locationId=${at.Current!.id}`)
  const [push] = changes
  assert.equal(push.actorName, 'Franchise (version 2)')
  assert.deepEqual(push.kinds, { tags: 1, forms: 1, workflows: 1 })
  for (const { locationId, locationName } of push.sample)
    assert.deepEqual([locationId, locationName], [at.Current!.id, 'Current'])
  const ids: string[] = []
  let after: string | null = null
  do {
    const page: { changes: { changes: number; sample: { id: string }[] }[]; after: string | null } = await recent(
      `limit=1${after === null ? '' : `&after=${after}`}`,
    )
    ids.push(...page.changes.flatMap(({ sample }) => sample.map(({ id }) => id)))
    after = page.after
  } while (after !== null && ids.length < 40)
  assert.deepEqual(ids, [...new Set(ids)].sort().reverse())
  const { changes: forms } = await recent('kind=forms&limit=200')
  for (const { kinds } of forms) assert.deepEqual(Object.keys(kinds), ['forms'])
  const { body } = await agency.client.post(`/tokens/?companyId=${agency.companyId}`, {
    name: 'No forms',
    scopes: ['snapshots.readonly', 'locations/tags.readonly'],
  })
  const few = await recent('limit=200', story.server.client(body.secret))
  assert.deepEqual([...new Set(few.changes.flatMap((one: { kinds: object }) => Object.keys(one.kinds)))], ['tags'])
  assert.deepEqual((await recent('kind=forms', story.server.client(body.secret))).changes, [])
})

test("what changed is told by its name, what is a contact's by that, and by neither to whoever may not read contacts", async () => {
  const { agency, server } = story
  const { client, id: locationId } = at.Current as Actor
  const { contact } = (await client.post('/contacts/', { locationId, firstName: 'Ada', lastName: 'Lovelace' })).body
  const talk = await client.post('/conversations/', { locationId, contactId: contact.id })
  assert.ok(talk.status < 300, JSON.stringify(talk.body))
  assert.equal((await client.put(`/contacts/${contact.id}`, { firstName: 'Augusta' })).status, 200)
  const names = async (by = agency.client) => {
    const query = `companyId=${agency.companyId}&locationId=${locationId}&limit=3`
    const { body } = await by.get(`/fleet/changes?${query}`)
    const told = body.changes.flatMap(({ sample }: { sample: { kind: string; name: string | null }[] }) => sample)
    return Object.fromEntries(told.map(({ kind, name }: { kind: string; name: string | null }) => [kind, name]))
  }
  assert.deepEqual(await names(), { contacts: 'Augusta Lovelace', conversations: 'Augusta Lovelace' })
  const { body } = await agency.client.post(`/tokens/?companyId=${agency.companyId}`, {
    name: 'No contacts',
    scopes: ['snapshots.readonly', 'conversations.readonly'],
  })
  assert.equal((await names(server.client(body.secret))).conversations, null)
})

async function tagsOf(name: string): Promise<string[]> {
  const { client, id } = at[name] as Actor
  return (await client.get(`/locations/${id}/tags`)).body.tags.map((tag: { id: string }) => tag.id)
}

test('of one snapshot it is told how much of that has drifted, whatever another has brought there', async () => {
  const { agency } = story
  const [forms, tags, there] = [
    await newLocation(story, 'Forms of two'),
    await newLocation(story, 'Tags of two'),
    await newLocation(story, 'Takes two'),
  ]
  await makeForm(forms, 'Ask us')
  await makeTag(tags, 'both')
  const captured = [
    await agency.capture(forms.id, { name: 'Forms' }),
    await agency.capture(tags.id, { name: 'Tags' }),
    await agency.capture(forms.id, { name: 'Forms again' }),
  ]
  for (const { id } of captured) await agency.push(id, [there.id])
  const [form] = (await there.client.get(`/forms/?locationId=${there.id}`)).body.forms
  assert.equal((await there.client.put(`/forms/${form.id}`, { name: 'Ask them' })).status, 200)
  const told: [string, number, string][] = []
  for (const { id, name } of captured) {
    const { drifted, state } = await one('Takes two', `snapshotId=${id}`)
    told.push([name, drifted, state])
    assert.equal(drifted, (await agency.get(`/${id}/drift?locationId=${there.id}`)).totalAssets, name)
  }
  assert.deepEqual(told, [
    ['Forms', 1, 'drifted'],
    ['Tags', 0, 'current'],
    ['Forms again', 1, 'drifted'],
  ])
  assert.equal((await one('Takes two')).drifted, 1)
})
