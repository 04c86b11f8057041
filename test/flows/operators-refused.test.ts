import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeTag, startTagged } from '../support/made-assets.ts'
import { newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

test('a policy, a choice or an answer that names nothing is refused, with its path', async () => {
  const { agency } = story
  const { source, snapshot } = await startTagged(story, 'Checked')
  const lineage = (await readAll(story, source.id))[0]!.id
  const [one, other] = [await newLocation(story, 'One'), await newLocation(story, 'Other')]
  const own = await makeTag(one, 'gold')
  const refused = async (more: object, messages: string[]) => {
    for (const verb of ['plan', 'push'])
      assert.deepEqual(
        (await agency.post(`/${snapshot.id}/${verb}`, { locationIds: [one.id], ...more }, 422)).message,
        messages,
      )
  }
  await refused({ policies: { 'tags/nothing': 'skip' } }, ['policies.tags/nothing: the snapshot has no such asset'])
  await refused(
    {
      only: [
        { kind: 'tags', lineage },
        { kind: 'forms', lineage },
      ],
    },
    ['only[1].lineage: the snapshot has no such asset'],
  )
  await refused({ matches: [{ kind: 'tags', lineage: 'nothing', id: own }] }, [
    'matches[0].lineage: the version has no such asset',
  ])
  await refused({ matches: [{ kind: 'tags', lineage, id: own, locationId: other.id }] }, [
    `matches[0].locationId: ${other.id} is no target`,
  ])
  await refused({ matches: [{ kind: 'tags', lineage, id: 'nothing' }] }, [
    'matches[0].id: nothing is no asset of this kind in any of the targets',
  ])
  await refused(
    {
      matches: [
        { kind: 'tags', lineage, id: own },
        { kind: 'tags', lineage, id: null },
      ],
    },
    ['matches[1]: matches[0] answers the same otherwise'],
  )
  const message = (
    await agency.post(`/${snapshot.id}/plan`, { locationIds: [one.id], only: [{ kind: 'colours', lineage }] }, 422)
  ).message[0]
  assert.match(message, /^only\[0\]\.kind names no kind of asset: custom_fields, /)
  await agency.plan(snapshot.id, [one.id], {
    only: [{ kind: 'tags', lineage }],
    matches: [{ kind: 'tags', lineage, id: own, locationId: one.id }],
  })
})

test('an answer may not take an asset that another incoming one is already, unless that is answered, too', async () => {
  const { agency } = story
  const source = await newLocation(story, 'Taken source')
  const [first, second] = [await makeTag(source, 'first'), await makeTag(source, 'second')]
  const snapshot = await agency.capture(source.id)
  const target = await newLocation(story, 'Taken target')
  await makeTag(target, 'first')
  await agency.push(snapshot.id, [target.id])
  const id = (await readAll(story, target.id)).find((asset) => asset.name === 'first')!.id
  const take = { kind: 'tags', lineage: second, id }
  const { message } = await agency.post(`/${snapshot.id}/plan`, { locationIds: [target.id], matches: [take] }, 422)
  assert.deepEqual(message, [`matches[0].id: ${id} is tags/${first} of the snapshot already: answer that one, too`])
  await agency.plan(snapshot.id, [target.id], { matches: [take, { kind: 'tags', lineage: first, id: null }] })
})

test('of many sub-accounts the wrong ones are named, and a capture of nothing is refused', async () => {
  const { agency, partner } = story
  const { snapshot } = await startTagged(story, 'Wrong')
  const target = await newLocation(story, 'Right')
  const foreign = story.demo.partner.locations[0]!.id
  const { message } = await agency.post(`/${snapshot.id}/plan`, { locationIds: [target.id, foreign, 'nothing'] }, 403)
  assert.equal(message, `The token does not have access to these locations: ${foreign}, nothing`)
  await agency.post(`/${snapshot.id}/plan`, { locationIds: [foreign] }, 403)
  await partner.get(`/pushes?locationId=${target.id}`, 403)
  await agency.post('/', { name: 'Nothing', locationId: target.id, kinds: [] }, 422)
})
