import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { hold } from '../support/hold.ts'
import { make, makeForm, makeTag, named } from '../support/made-assets.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory({ workerConcurrency: 4, poolSize: 10 })
})
after(() => story?.[Symbol.asyncDispose]())

test('no opportunity comes into a stage while a push takes it away', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Template'), await newLocation(story, 'Target')]
  const pipeline = await make(source, '/opportunities/pipelines/', {
    name: 'Sales',
    stages: [{ name: 'New' }, { name: 'Won' }],
  })
  const form = await makeForm(source, 'Intake')
  const { id: snapshotId } = await agency.capture(source.id)
  await agency.push(snapshotId, [target.id])
  const contact = await make(target, '/contacts/', { firstName: 'Ann' })
  await source.client.put(`/opportunities/pipelines/${pipeline.id}`, {
    stages: (pipeline.stages as object[]).slice(0, 1),
  })
  await source.client.put(`/forms/${form.id}`, { description: 'New' })
  await agency.refresh(snapshotId)
  const { id, document } = await named(story, target, 'pipelines', 'Sales')
  const [, won] = document.stages as { id: string }[]

  // Pipelines are done, and the push waits with the forms.
  const forms = await hold(story, "select 1 from asset where location_id = $1 and kind = 'forms' for update", [
    target.id,
  ])
  const { push } = await agency.post(`/${snapshotId}/push`, { locationIds: [target.id] }, 202)
  await forms.waiting()
  const coming = target.client.post('/opportunities/', {
    locationId: target.id,
    name: 'Deal',
    status: 'open',
    contactId: contact.id,
    pipelineId: id,
    pipelineStageId: won?.id,
  })
  await Promise.race([coming, pause(300)])
  await forms.letGo()
  assert.equal((await coming).status, 422)
  assert.deepEqual((await agency.ended(push.id)).totals, { updated: 2 })
})

test('no opportunity comes into a pipeline while somebody deletes it', async () => {
  const location = await newLocation(story, 'By hand')
  const pipeline = await make(location, '/opportunities/pipelines/', { name: 'Sales', stages: [{ name: 'New' }] })
  const contact = await make(location, '/contacts/', { firstName: 'Ann' })
  // The deletion has everything but its last row.
  const row = await hold(story, 'select 1 from asset where location_id = $1 and id = $2 for update', [
    location.id,
    pipeline.id,
  ])
  const deleted = location.client.delete(`/opportunities/pipelines/${pipeline.id}`)
  await row.waiting()
  const coming = location.client.post('/opportunities/', {
    locationId: location.id,
    name: 'Deal',
    status: 'open',
    contactId: contact.id,
    pipelineId: pipeline.id,
  })
  await Promise.race([coming, pause(300)])
  await row.letGo()
  assert.deepEqual([(await deleted).status, (await coming).status], [200, 422])
})

test('no tag is deleted between the look and the write of a contact that comes to bear it', async () => {
  const location = await newLocation(story, 'By hand')
  const tag = await makeTag(location, 'vip')
  const contact = await make(location, '/contacts/', { firstName: 'Ann' })
  // The tag was found, and the contact is yet to be written.
  const row = await hold(story, 'select 1 from record where location_id = $1 and id = $2 for update', [
    location.id,
    contact.id,
  ])
  const tagged = location.client.post(`/contacts/${contact.id}/tags`, { tags: ['vip'] })
  await row.waiting()
  const deleted = location.client.delete(`/locations/${location.id}/tags/${tag}`)
  assert.equal(await Promise.race([deleted.then(() => 'gone'), pause(300, 'waits')]), 'waits')
  await row.letGo()
  assert.deepEqual([(await tagged).status, (await deleted).status], [201, 200])
})

test('an edit that waited for a push is told after it', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Template'), await newLocation(story, 'Target')]
  const form = await makeForm(source, 'Intake')
  const { id: snapshotId } = await agency.capture(source.id)
  await agency.push(snapshotId, [target.id])
  await source.client.put(`/forms/${form.id}`, { description: 'Pushed' })
  await agency.refresh(snapshotId)
  const { id } = await named(story, target, 'forms', 'Intake')

  // The push waits for the location, and the edit waits behind it: it begins before the push has looked at the clock.
  const location = await hold(story, 'select 1 from location where id = $1 for update', [target.id])
  const { push } = await agency.post(`/${snapshotId}/push`, { locationIds: [target.id] }, 202)
  await location.waiting()
  const edit = target.client.put(`/forms/${id}`, { description: 'By hand' })
  await pause(300)
  await location.letGo()
  assert.equal((await edit).body.form.description, 'By hand')
  await agency.ended(push.id)
  const { history } = (await target.client.get(`/locations/${target.id}/assets/forms/${id}/history`)).body
  assert.deepEqual(
    history.slice(0, 2).map((entry: { fields: { after: string }[] }) => entry.fields[0]?.after),
    ['By hand', 'Pushed'],
  )
})
