import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Ledger } from '../support/ledger.ts'
import { createPet, definePets, PET } from '../support/pets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

test('an object travels with its fields and folders, and records are made by it where it came', async () => {
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  await definePets(source)
  const snapshot = await story.agency.capture(source.id)
  const ledger = new Ledger(story, source, target)
  const pushed = await ledger.push(snapshot.id, target)
  assert.deepEqual(pushed.totals, { created: 7 })
  const { fields, folders } = (await target.client.get(`/custom-fields/object-key/${PET}?locationId=${target.id}`)).body
  assert.deepEqual([fields.length, folders.length], [5, 1])
  assert.equal(
    fields.find(({ fieldKey }: { fieldKey: string }) => fieldKey === `${PET}.species`).parentId,
    folders[0].id,
  )
  const record = await createPet(target, { name: 'Far', species: 'cat' })
  assert.equal(record.properties.species, 'cat')
  await source.client.put(`/objects/${PET}`, {
    locationId: source.id,
    labels: { singular: 'Animal' },
    searchableProperties: [`${PET}.name`],
  })
  await story.agency.refresh(snapshot.id)
  assert.equal((await ledger.push(snapshot.id, target)).totals.updated, 1)
  const { object } = (await target.client.get(`/objects/${PET}?locationId=${target.id}`)).body
  assert.equal(object.labels.singular, 'Animal')

  // Whoever takes it away is told what hangs on it; where it is deleted by hand, all of it goes.
  const drop = (actor: Actor) => actor.client.delete(`/objects/${PET}?locationId=${actor.id}`)
  assert.equal((await drop(source)).status, 200)
  await story.agency.refresh(snapshot.id)
  const { plan } = await story.agency.post(`/${snapshot.id}/plan`, { locationIds: [target.id], deletions: true })
  const warned = plan.targets[0].warnings.filter(({ kind }: { kind: string }) => kind === 'objects')
  assert.deepEqual(
    warned.map(({ records }: { records: object }) => records),
    [{ kind: 'object_records', count: 1 }],
    JSON.stringify(plan.targets[0].warnings),
  )
  const path = `/locations/${target.id}/records/object_records/${record.id}/history`
  assert.equal((await drop(target)).status, 200)
  assert.equal((await target.client.get(path)).body.history[0].op, 'delete')
  assert.equal((await target.client.get(`/custom-fields/object-key/${PET}?locationId=${target.id}`)).status, 404)
  assert.equal((await target.client.delete(`/objects/business?locationId=${target.id}`)).status, 400)
})

test('an object whose key holds the id of another travels in an archive, too', async () => {
  const { agency } = story
  const source = await newLocation(story, 'Ids')
  const { object } = await definePets(source)
  const key = `custom_objects.of_${object.id}`
  const made = await source.client.post('/objects/', {
    locationId: source.id,
    labels: { singular: 'Other', plural: 'Others' },
    key,
    primaryDisplayPropertyDetails: { key: `${key}.name`, name: 'Name', dataType: 'TEXT' },
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { id } = await agency.capture(source.id)
  const path = (rest: string) => agency.path(rest)
  const archive = await agency.client.raw('GET', path(`/${id}/export`), { headers: { version: '2021-07-28' } })
  assert.equal(archive.status, 200)
  const imported = await agency.client.raw('POST', path('/import-file'), {
    headers: { version: '2021-07-28', 'content-type': 'application/octet-stream' },
    body: archive.body,
  })
  assert.equal(imported.status, 201, JSON.stringify(imported.body))
})
