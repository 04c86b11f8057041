import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { dropTag, makeForm, makeTag } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

interface Drifted {
  locationId: string
  locationName: string
  assets: { name: string }[]
}

let story: Story
let snapshotId: string
const at: Record<string, Actor> = {}

/** Three sub-accounts, in none of them as much has drifted as in the others but for two; their ids are in no order. */
before(async () => {
  story = await startStory()
  const { agency } = story
  const source = await newLocation(story, 'Drift source')
  for (const tag of ['vip', 'lead']) await makeTag(source, tag)
  await makeForm(source, 'Write to us')
  snapshotId = (await agency.capture(source.id, { name: 'Drifting' })).id
  for (const name of ['Zürich', 'austin', 'Bern 100%', 'Calm']) at[name] = await newLocation(story, name)
  await agency.push(
    snapshotId,
    Object.values(at).map(({ id }) => id),
  )
  for (const [name, tags] of Object.entries({ Zürich: ['vip'], austin: ['vip', 'lead'], 'Bern 100%': ['lead'] })) {
    const { id, client } = at[name] as Actor
    const held = (await client.get(`/locations/${id}/tags`)).body.tags as { id: string; name: string }[]
    for (const tag of held.filter((one) => tags.includes(one.name))) await dropTag(at[name] as Actor, tag.id)
  }
})
after(() => story?.[Symbol.asyncDispose]())

const read = (query = '') => story.agency.get(`/${snapshotId}/drift?${query}`)
const namesOf = ({ drift }: { drift: Drifted[] }) => drift.map(({ locationName }) => locationName)

test('what drifted stands by the names of sub-accounts, or by how much it is, and is counted on all pages', async () => {
  const all = await read('sort=name')
  assert.deepEqual(namesOf(all), ['austin', 'Bern 100%', 'Zürich'])
  assert.deepEqual(
    all.drift[0].assets.map(({ name }: { name: string }) => name),
    ['lead', 'vip'],
  )
  assert.deepEqual([all.total, all.totalAssets, all.after], [3, 4, null])
  assert.deepEqual(namesOf(await read('sort=name&order=desc')), ['Zürich', 'Bern 100%', 'austin'])
  assert.equal(namesOf(await read('sort=assets'))[2], 'austin')
  assert.equal(namesOf(await read('sort=assets&order=desc'))[0], 'austin')
  assert.deepEqual((await read('limit=1')).total, 3)
})

test('each order is read page by page, nothing twice and nothing left out', async () => {
  for (const order of [
    '',
    'order=desc',
    'sort=name',
    'sort=name&order=desc',
    'sort=assets',
    'sort=assets&order=desc',
  ]) {
    const whole = namesOf(await read(order))
    const paged: string[] = []
    for (let page = await read(`${order}&limit=1`); ; page = await read(`${order}&limit=1&after=${page.after}`)) {
      paged.push(...namesOf(page))
      if (page.after === null) break
    }
    assert.deepEqual(paged, whole, order)
  }
  await story.agency.get(`/${snapshotId}/drift?sort=assets&after=nowhere`, 422)
})

test('what drifted is found by the name of a sub-account, with all of it there, or of an asset, alone', async () => {
  const { drift, total, totalAssets } = await read(`sort=name&query=${encodeURIComponent('LEAD')}`)
  assert.deepEqual(namesOf({ drift }), ['austin', 'Bern 100%'])
  assert.deepEqual([total, totalAssets], [2, 2])
  const [austin] = (await read('query=Aus')).drift as Drifted[]
  assert.deepEqual(
    austin?.assets.map(({ name }) => name),
    ['lead', 'vip'],
  )
  assert.deepEqual(namesOf(await read(`query=${encodeURIComponent('0%')}`)), ['Bern 100%'])
  assert.deepEqual(await read('query=nowhere'), { drift: [], total: 0, totalAssets: 0, after: null })
})
