import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { formOf, makeForm, named } from '../support/made-assets.ts'
import { statementsOf } from '../support/statements.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

const FORMS = ['Ask', 'Tell', 'Same']

let story: Story
let source: Actor
let snapshotId: string
const lineages: Record<string, string> = {}

/** Three versions: the second changed two of three forms, the third one of them again. */
before(async () => {
  story = await startStory({ rateLimit: 0 })
  source = await newLocation(story, 'Mixed source')
  for (const name of FORMS) lineages[name] = (await makeForm(source, name, { description: 'first' })).id
  snapshotId = (await story.agency.capture(source.id, { name: 'Mixture' })).id
  for (const name of ['Ask', 'Tell']) await write(source, name, 'second')
  await story.agency.refresh(snapshotId)
  await write(source, 'Ask', 'third')
  await story.agency.refresh(snapshotId)
})
after(() => story?.[Symbol.asyncDispose]())

async function write(place: Actor, name: string, description: string): Promise<void> {
  const { id } = await named(story, place, 'forms', name)
  assert.equal((await place.client.put(`/forms/${id}`, { description })).status, 200)
}

const only = (...names: string[]) => ({ only: names.map((name) => ({ kind: 'forms', lineage: lineages[name] })) })

async function pushed(place: Actor, options: object) {
  const push = await story.agency.push(snapshotId, [place.id], options)
  assert.equal(push.status, 'completed')
  return push.id as string
}

/** What the fleet and the snapshot say of a location: the same. */
async function told({ id }: Actor) {
  const { agency } = story
  const { body } = await agency.client.get(`/fleet?companyId=${agency.companyId}&query=${id}`)
  const [{ version, others }] = body.locations[0].snapshots
  const { locations } = await agency.get(`/${snapshotId}/standing?limit=1000`)
  const row = locations.find(({ locationId }: { locationId: string }) => locationId === id)
  assert.deepEqual([row.version, row.others], [version, others])
  return [version, ...others.map((one: { version: number; assets: number }) => `${one.assets} of ${one.version}`)]
}

test('a sub-account says what stands there of other versions, until the whole or a roll-back comes', async () => {
  const place = await newLocation(story, 'Mixed')
  await pushed(place, { version: 2 })
  assert.deepEqual(await told(place), [2])
  await write(place, 'Ask', 'theirs')
  await write(place, 'Same', 'theirs')
  const back = await pushed(place, { version: 1, policy: 'override', ...only('Ask', 'Same') })
  assert.equal((await formOf(place, (await named(story, place, 'forms', 'Ask')).id)).description, 'first')
  // What both versions have is of neither alone.
  assert.deepEqual(await told(place), [2, '1 of 1'])
  await pushed(place, { version: 1, policy: 'override', ...only('Tell') })
  assert.deepEqual(await told(place), [2, '2 of 1'])
  // The newest that came counts.
  await pushed(place, { version: 3, policy: 'override', ...only('Tell', 'Ask') })
  assert.deepEqual(await told(place), [2, '1 of 3'])
  await story.agency.rollback((await story.agency.get(`/pushes?locationId=${place.id}`)).pushes[0].id)
  assert.deepEqual(await told(place), [2, '2 of 1'])
  // Edited since: it drifted, from the version that it came from.
  await write(place, 'Ask', 'theirs again')
  assert.deepEqual(await told(place), [2, '2 of 1'])
  await story.agency.rollback(back, { override: true })
  assert.deepEqual(await told(place), [2, '1 of 1'])
  await pushed(place, { version: 3, policy: 'override' })
  assert.deepEqual(await told(place), [3])
})

test('it is told, too, of what bears its name by hand; and no statement is made for each sub-account', async () => {
  const { agency, server } = story
  const places: Actor[] = []
  for (const n of [1, 2, 3, 4]) places.push(await newLocation(story, `Many ${n}`))
  const [first] = places as [Actor]
  await makeForm(first, 'Ask', { description: 'by hand' })
  await story.agency.push(
    snapshotId,
    places.map(({ id }) => id),
    { policy: 'override' },
  )
  await story.agency.push(
    snapshotId,
    places.map(({ id }) => id),
    { policy: 'override', version: 1, ...only('Ask') },
  )
  for (const place of places) assert.deepEqual(await told(place), [3, '1 of 1'])
  const asked = async (limit: number) => {
    const statements = await statementsOf(server, () =>
      agency.client.get(`/fleet?companyId=${agency.companyId}&query=Many&limit=${limit}`),
    )
    return statements.length
  }
  await asked(4)
  assert.equal(await asked(4), await asked(1))
})
