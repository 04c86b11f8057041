import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { make, makeFlow } from '../support/made-assets.ts'
import { newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

test('the change log tells who changed an asset, when, why and what, also after it is gone', async () => {
  const { agency, template, empty } = story
  const snapshot = await agency.capture(template.id)
  const push = await agency.push(snapshot.id, [empty.id])
  const form = (await readAll(story, empty.id)).find((asset) => asset.kind === 'forms')!
  const vip = (await readAll(story, empty.id)).find((asset) => asset.kind === 'tags' && asset.name === 'vip')!
  await empty.client.put(`/forms/${form.id}`, {
    description: 'First',
    onSubmit: { action: 'message', message: 'Thanks', tagIds: [vip.id] },
  })
  await empty.client.put(`/forms/${form.id}`, { description: 'Second' })
  await empty.client.delete(`/forms/${form.id}`)
  const read = async (path: string) =>
    (await empty.client.get(`/locations/${empty.id}/assets/forms/${form.id}/history${path}`)).body.history
  const history = await read('')
  assert.deepEqual(
    history.map((entry: { op: string }) => entry.op),
    ['delete', 'update', 'update', 'create'],
  )
  assert.deepEqual(history[1].fields, [{ path: 'description', before: 'First', after: 'Second' }])
  assert.ok(history[2].fields.some((field: { after: unknown }) => JSON.stringify(field.after)?.includes('[tags: vip]')))
  assert.equal(history[3].actor, `push:${push.id}`)
  assert.equal(history[3].cause, push.id)
  assert.match(history[0].actor, /^token:/)
  assert.equal((await read(`?limit=1&before=${history[0].id}`))[0].id, history[1].id)

  const { assets } = await agency.get(`/${snapshot.id}/assets?kind=forms`)
  const lineage = assets.find((asset: { name: string }) => asset.name === form.name).lineage
  const asAgency = await agency.get(`/${snapshot.id}/assets/forms/${lineage}/history?locationId=${empty.id}`)
  assert.deepEqual(asAgency.history, history)
})

test('stages are called by their names in a history, those too that are gone by now', async () => {
  const location = await newLocation(story, 'Stages of then')
  const pipeline = await make(location, '/opportunities/pipelines/', {
    name: 'Sales',
    stages: [{ name: 'Asked' }, { name: 'Won' }],
  })
  const [asked, won] = pipeline.stages as { id: string; name: string }[]
  const on = (stageId: string | undefined) => ({ trigger: { type: 'pipeline_stage_changed', stageId } })
  const flow = await makeFlow(location, 'Follow up', on(asked?.id))
  assert.equal((await location.client.put(`/workflows/${flow.id}`, on(won?.id))).status, 200)
  const read = async (index: number) => {
    const path = `/locations/${location.id}/assets/workflows/${flow.id}/history`
    return JSON.stringify((await location.client.get(path)).body.history[index].fields)
  }
  assert.match(await read(0), /\[stage: Asked\].*\[stage: Won\]/)
  const manual = { trigger: { type: 'manual' } }
  assert.equal((await location.client.put(`/workflows/${flow.id}`, manual)).status, 200)
  assert.equal((await location.client.put(`/opportunities/pipelines/${pipeline.id}`, { stages: [won] })).status, 200)
  assert.match(await read(1), /\[stage: Asked\].*\[stage: Won\]/)
})
