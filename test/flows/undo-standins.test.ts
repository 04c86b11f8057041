import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Ledger, told } from '../support/ledger.ts'
import { dropTag, make, makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

/* A tag comes into being with the first contact that is given its name: also while the tag that a push took away, or renamed, is to come back. */

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

/** A tag that a form names, pushed, and borne by Ann. */
async function start() {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const ledger = new Ledger(story, source, target)
  const tag = await makeTag(source, 'lead')
  await makeForm(source, 'Fo', { onSubmit: { tagIds: [tag] } })
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const old = await tagOf(target)
  const ann = await contact(target, 'Ann', ['lead'])
  return { agency, source, target, ledger, tag, snapshot, old, ann }
}
const tagOf = async (location: Actor, name = 'lead') => (await named(story, location, 'tags', name)).id
const contact = async (location: Actor, firstName: string, tags: string[]) =>
  (await make(location, '/contacts/', { firstName, tags })).id
const tagsOf = ({ client }: Actor, ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await client.get(`/contacts/${id}`)).body.contact.tags as string[]))
const tagsIn = async ({ client, id }: Actor) =>
  (await client.get(`/locations/${id}/tags`)).body.tags
    .map((tag: { id: string; name: string }) => `${tag.name} ${tag.id}`)
    .sort() as string[]
const formTags = async (location: Actor) =>
  ((await named(story, location, 'forms', 'Fo')).document as { onSubmit: { tagIds: string[] } }).onSubmit.tagIds
const previewOf = async (pushId: string) =>
  (await story.agency.post(`/pushes/${pushId}/rollback`, { preview: true })).plan.targets[0]

test('a tag that a push deleted comes back in the place of the one that a contact has brought since, and that one again when this is undone', async () => {
  const { agency, source, target, ledger, tag, snapshot, old, ann } = await start()
  await dropTag(source, tag)
  await agency.refresh(snapshot.id)
  const pushed = await ledger.push(snapshot.id, target, { deletions: true })
  const bob = await contact(target, 'Bob', ['lead'])
  const made = await tagOf(target)
  assert.notEqual(made, old)
  assert.deepEqual((await previewOf(pushed.id)).warnings, [])
  const undone = await ledger.rollback(pushed.id, target)
  assert.deepEqual(told(undone.report, 'tags').sort(), ['lead: created', 'lead: deleted'])
  assert.match(
    undone.report.find(({ outcome }) => outcome === 'deleted')?.reason ?? '',
    /the one that comes back takes its place/,
  )
  assert.deepEqual(
    [await tagsIn(target), await formTags(target), await tagsOf(target, [ann, bob])],
    [[`lead ${old}`], [old], [['lead'], ['lead']]],
  )
  const redone = await ledger.rollback(undone.id, target)
  assert.deepEqual([await tagsIn(target), await tagsOf(target, [ann, bob])], [[`lead ${made}`], [['lead'], ['lead']]])
  await ledger.rollback(redone.id, target)
  assert.deepEqual(
    [await tagsIn(target), await formTags(target), await tagsOf(target, [ann, bob])],
    [[`lead ${old}`], [old], [['lead'], ['lead']]],
  )
})

test('a tag that a push renamed gets its name back from the one that a contact has brought since', async () => {
  const { agency, source, target, ledger, tag, snapshot, old, ann } = await start()
  assert.equal((await source.client.put(`/locations/${source.id}/tags/${tag}`, { name: 'prospect' })).status, 200)
  await agency.refresh(snapshot.id)
  const pushed = await ledger.push(snapshot.id, target)
  const bob = await contact(target, 'Bob', ['lead', 'prospect'])
  const cy = await contact(target, 'Cy', ['lead'])
  const made = await tagOf(target)
  const undone = await ledger.rollback(pushed.id, target)
  assert.deepEqual(
    [await tagsIn(target), await tagsOf(target, [ann, bob, cy])],
    [[`lead ${old}`], [['lead'], ['lead'], ['lead']]],
  )
  await ledger.rollback(undone.id, target)
  assert.deepEqual(await tagsIn(target), [`lead ${made}`, `prospect ${old}`].sort())
  assert.deepEqual(await tagsOf(target, [ann, bob, cy]), [['prospect'], ['lead', 'prospect'], ['lead']])
})

for (const name of ['a document', 'an older name']) {
  test(`a tag that is more than the name that a contact was given stays: ${name}`, async () => {
    const { agency, source, target, ledger, tag, snapshot, old, ann } = await start()
    const older = name === 'a document' ? null : await makeTag(target, 'older')
    await dropTag(source, tag)
    await agency.refresh(snapshot.id)
    const pushed = await ledger.push(snapshot.id, target, { deletions: true })
    if (older === null) await makeForm(target, 'Own', { onSubmit: { tagIds: [await makeTag(target, 'lead')] } })
    else assert.equal((await target.client.put(`/locations/${target.id}/tags/${older}`, { name: 'lead' })).status, 200)
    const undone = await ledger.rollback(pushed.id, target)
    const reason = undone.report.find(({ kind }) => kind === 'tags')?.reason ?? ''
    assert.match(
      reason,
      /has another tag with the key lead: delete it \(its contacts keep the name\), and roll back again/,
    )
    await dropTag(target, await tagOf(target))
    await ledger.rollback(pushed.id, target)
    assert.deepEqual(
      [await tagsIn(target), await formTags(target), await tagsOf(target, [ann])],
      [[`lead ${old}`], [old], [['lead']]],
    )
  })
}
