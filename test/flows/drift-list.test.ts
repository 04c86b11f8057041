import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { dropTag, formOf, makeForm, makeTag, named } from '../support/made-assets.ts'
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
  // As a row calls it.
  assert.deepEqual(namesOf(await read('sort=name&query=Tag%20lead')), ['austin', 'Bern 100%'])
  assert.deepEqual([(await read('query=TAG')).totalAssets, (await read('query=form')).totalAssets], [4, 0])
  assert.deepEqual(await read('query=nowhere'), { drift: [], total: 0, totalAssets: 0, after: null })
})

test('where as much has drifted names stand from A to Z, whichever way the numbers go, page by page', async () => {
  const source = await newLocation(story, 'Alike source')
  await makeTag(source, 'vip')
  const { id } = await story.agency.capture(source.id, { name: 'Alike' })
  const names = ['Essen', 'bari', 'Faro', 'Cadiz', 'Aarau', 'delft']
  const places = []
  for (const name of names) places.push(await newLocation(story, name))
  await story.agency.push(
    id,
    places.map((place) => place.id),
  )
  for (const place of places) await dropTag(place, (await named(story, place, 'tags', 'vip')).id)
  for (const order of ['asc', 'desc']) {
    const shown: string[] = []
    for (let after = ''; ; ) {
      const page = await story.agency.get(`/${id}/drift?sort=assets&order=${order}&limit=4${after}`)
      shown.push(...namesOf(page))
      if (page.after === null) break
      after = `&after=${page.after}`
    }
    assert.deepEqual(shown, ['Aarau', 'bari', 'Cadiz', 'delft', 'Essen', 'Faro'], order)
  }
})

test('each asset says by which version it is brought back: the one it came from, or a later one that holds the same', async () => {
  const { agency } = story
  const forms = ['Changed and pushed', 'Changed', 'As before']
  const [source, place] = [await newLocation(story, 'Mixed source'), await newLocation(story, 'Mixed')]
  const write = async (at: Actor, name: string, description: string) => {
    const { id } = await named(story, at, 'forms', name)
    assert.equal((await at.client.put(`/forms/${id}`, { description })).status, 200)
  }
  for (const name of forms) await makeForm(source, name, { description: 'First' })
  const { id } = await agency.capture(source.id, { name: 'Mixed' })
  await agency.push(id, [place.id])
  for (const name of forms.slice(0, 2)) await write(source, name, 'Second')
  await agency.refresh(id)
  const pushed = { kind: 'forms', lineage: (await named(story, source, 'forms', 'Changed and pushed')).id }
  await agency.push(id, [place.id], { version: 2, only: [pushed] })
  const standing = async () => {
    const { locations } = (await agency.client.get(`/fleet?companyId=${agency.companyId}&query=${place.id}`)).body
    const [{ drifted, snapshots }] = locations
    return { drifted, versions: snapshots.map(({ version }: { version: number }) => version) }
  }
  assert.deepEqual(await standing(), { drifted: 0, versions: [1] }, 'what was pushed by itself is no drift')
  for (const name of forms) await write(place, name, 'Theirs')
  assert.deepEqual(await standing(), { drifted: 3, versions: [1] })
  const [there] = (await agency.get(`/${id}/drift?locationId=${place.id}`)).drift
  const versions = Object.fromEntries(
    there.assets.map(({ name, version }: { name: string; version: number }) => [name, version]),
  )
  assert.deepEqual(versions, { 'Changed and pushed': 2, Changed: 1, 'As before': 2 })
  assert.equal(there.version, 2)
  for (const { kind, lineage, version } of there.assets)
    await agency.push(id, [place.id], { version, only: [{ kind, lineage }], policy: 'override' })
  assert.deepEqual((await agency.get(`/${id}/drift`)).drift, [])
  const texts = []
  for (const name of forms) texts.push((await formOf(place, (await named(story, place, 'forms', name)).id)).description)
  assert.deepEqual(texts, ['Second', 'First', 'First'])
})
