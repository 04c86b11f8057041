import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory({ work: false })
})
after(() => story?.[Symbol.asyncDispose]())

const read = async ({ client, id }: Actor, path: string) => {
  const reply = await client.get(`/locations/${id}/assets${path}`)
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
  return reply.body
}

test('a change meant for what was read before somebody else changed it is refused, and nothing is written', async () => {
  const { client, id } = await newLocation(story, 'Two at once')
  const { form } = (await client.post('/forms/', { locationId: id, name: 'Contact us', description: 'Old' })).body
  const actor = { client, id }
  const { revision } = (await read(actor, `/forms/${form.id}`)).asset
  const send = (body: object, known: string) => client.put(`/forms/${form.id}`, body, { 'if-match': known })
  assert.equal((await send({ description: 'Of the first' }, `"${revision}"`)).status, 200)
  const late = await send({ name: 'Of the second' }, `"${revision}"`)
  assert.equal(late.status, 409, JSON.stringify(late.body))
  assert.match(late.body.message, /changed since it was read/)
  const { asset } = await read(actor, `/forms/${form.id}`)
  assert.equal(asset.name, 'Contact us')
  assert.equal(asset.document.description, 'Of the first')
  assert.notEqual(asset.revision, revision)
  assert.equal((await send({ name: 'Of the second' }, asset.revision)).status, 200)

  const made = await client.post(`/locations/${id}/customValues`, { name: 'Phone', value: '1' })
  const value = made.body.customValue.id
  const before = (await read(actor, `/custom_values/${value}`)).asset.revision
  const path = `/locations/${id}/customValues/${value}`
  assert.equal((await client.put(path, { name: 'Phone', value: '2' })).status, 200)
  const stale = await client.put(path, { name: 'Phone', value: '3' }, { 'if-match': before })
  assert.equal(stale.status, 409, 'what is the location’s own counts too')
})

test('so is one of a record: the moment of its last change is what was read', async () => {
  const { client, id: locationId } = await newLocation(story, 'Two at once, records')
  const { contact } = (await client.post('/contacts/', { locationId, firstName: 'Ada', city: 'Austin' })).body
  const business = (await client.post('/businesses/', { locationId, name: 'Engines' })).body.buiseness
  const cases = [
    {
      path: `/contacts/${contact.id}`,
      noun: 'contact',
      moment: 'dateUpdated',
      edits: [{ city: 'Rome' }, { city: 'Bonn' }],
    },
    {
      path: `/businesses/${business.id}`,
      noun: 'business',
      moment: 'updatedAt',
      edits: [{ city: 'Rome' }, { city: 'Bonn' }],
    },
  ] as const
  for (const { path, noun, moment, edits } of cases) {
    const now = async () => (await client.get(path)).body[noun]
    const known = { 'if-match': `"${(await now())[moment]}"` }
    const both = await Promise.all(edits.map((edit) => client.put(path, edit, known)))
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409], `${noun}: one of two at once`)
    const winner = edits[both.findIndex(({ status }) => status === 200)]
    assert.equal((await now()).city, winner?.city)
    assert.match(both.find(({ status }) => status === 409)?.body.message, /changed since it was read/)
    assert.equal((await client.put(path, { city: 'Oslo' }, { 'if-match': (await now())[moment] })).status, 200)
    assert.equal((await client.put(path, { city: 'Lima' })).status, 200, 'whoever names nothing is not held to it')
  }
})
