import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { makeForm, named } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, readRows, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const pair = async () => [await newLocation(story, 'Source'), await newLocation(story, 'Target')] as const
const tags = async (location: Actor) =>
  (await readAll(story, location.id)).filter((asset) => asset.kind === 'tags').map((asset) => asset.name)
async function makeTag(location: Actor, name: string): Promise<string> {
  const reply = await location.client.post(`/locations/${location.id}/tags`, { name })
  assert.ok(reply.status < 300, JSON.stringify(reply.body))
  return reply.body.tag.id
}
const dropTag = (location: Actor, id: string) => location.client.delete(`/locations/${location.id}/tags/${id}`)
const tagId = async (location: Actor, name: string) =>
  (await readAll(story, location.id)).find((asset) => asset.kind === 'tags' && asset.name === name)!.id

test('a deletion does not take what the same push brings under a new identity', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const first = await makeTag(source, 'vip')
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  await dropTag(source, first)
  await makeTag(source, 'vip')
  await agency.refresh(snapshot.id)
  const plan = await agency.plan(snapshot.id, [target.id], { deletions: true })
  assert.ok(!plan.totals.delete, JSON.stringify(plan.totals))
  const push = await agency.push(snapshot.id, [target.id], { deletions: true })
  assert.ok(!push.totals.deleted, JSON.stringify(push.totals))
  assert.deepEqual(await tags(target), ['vip'])
})

test('a deletion does not take what another snapshot manages', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const id = await makeTag(source, 'shared')
  await makeTag(source, 'other')
  const one = await agency.capture(source.id)
  await agency.push(one.id, [target.id])
  const other = await newLocation(story, 'Other source')
  await makeTag(other, 'shared')
  const two = await agency.capture(other.id)
  await agency.push(two.id, [target.id])
  await dropTag(source, id)
  await agency.refresh(one.id)
  const push = await agency.push(one.id, [target.id], { deletions: true })
  assert.ok(!push.totals.deleted)
  assert.deepEqual((await tags(target)).sort(), ['other', 'shared'])
})

test('override on first contact keeps the ids of stages that bear the same names', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const make = async (location: Actor, ...names: string[]) =>
    (
      await location.client.post('/opportunities/pipelines', {
        locationId: location.id,
        name: 'Sales',
        stages: names.map((name, position) => ({ name, position })),
      })
    ).body.pipeline
  await make(source, 'New', 'Won', 'Lost')
  const mine = await make(target, 'New', 'Old', 'Won')
  const snapshot = await agency.capture(source.id)
  const push = await agency.push(snapshot.id, [target.id], { policy: 'override' })
  assert.deepEqual(push.totals, { updated: 1 })
  const { pipeline } = (await target.client.get(`/opportunities/pipelines/${mine.id}`)).body
  const idOf = (stages: { id: string; name: string }[], name: string) => stages.find((stage) => stage.name === name)?.id
  assert.deepEqual(
    pipeline.stages.map((stage: { name: string }) => stage.name),
    ['New', 'Won', 'Lost'],
  )
  for (const name of ['New', 'Won']) assert.equal(idOf(pipeline.stages, name), idOf(mine.stages, name))
  assert.deepEqual((await agency.get(`/${snapshot.id}/drift`)).drift, [])
})

test('a tag deleted and made again by the client is matched, also when only differences are looked at; drift ends', async () => {
  const { agency } = story
  const [source, target] = await pair()
  await makeTag(source, 'vip')
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  await dropTag(target, await tagId(target, 'vip'))
  await makeTag(target, 'vip')
  for (const policy of ['merge', 'override']) {
    await agency.push(snapshot.id, [target.id], { policy })
    assert.deepEqual(await tags(target), ['vip'], policy)
  }
  assert.deepEqual((await agency.get(`/${snapshot.id}/drift`)).drift, [])
})

test('rolling back a push that overrode a deletion brings the deletion back', async () => {
  const { agency } = story
  const [source, target] = await pair()
  await makeTag(source, 'vip')
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  await dropTag(target, await tagId(target, 'vip'))
  const push = await agency.push(snapshot.id, [target.id], { policy: 'override' })
  assert.deepEqual(push.totals, { created: 1 })
  await agency.rollback(push.id)
  assert.deepEqual(await tags(target), [])
  assert.deepEqual((await agency.push(snapshot.id, [target.id])).totals, { kept: 1 })
  assert.deepEqual(await tags(target), [])
})

test('rolling back gives an asset back to the snapshot that had brought it', async () => {
  const { agency } = story
  const [source, target] = await pair()
  await source.client.post('/forms/', { locationId: source.id, name: 'Ask' })
  const other = await newLocation(story, 'Other')
  await other.client.post('/forms/', { locationId: other.id, name: 'Ask', description: 'Another' })
  const [one, two] = [await agency.capture(source.id), await agency.capture(other.id)]
  await agency.push(one.id, [target.id])
  const push = await agency.push(two.id, [target.id], { policy: 'override' })
  await agency.rollback(push.id)
  const form = (await readAll(story, target.id)).find((asset) => asset.kind === 'forms')!
  await target.client.put(`/forms/${form.id}`, { description: 'Mine' })
  assert.equal((await agency.get(`/${one.id}/drift`)).drift.length, 1)
  assert.equal((await agency.get(`/${two.id}/drift`)).drift.length, 0)
})

test('a rename onto a name that the client has taken is left for people to decide', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const id = await makeTag(source, 'vip')
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  await makeTag(target, 'gold')
  await source.client.put(`/locations/${source.id}/tags/${id}`, { name: 'gold' })
  await agency.refresh(snapshot.id)
  const plan = await agency.plan(snapshot.id, [target.id])
  assert.deepEqual(plan.totals, { ambiguous: 1 })
  const push = await agency.push(snapshot.id, [target.id])
  assert.deepEqual(push.totals, { ambiguous: 1 })
  const { assets } = await agency.outcomes(push.id, target.id)
  assert.match(assets[0].reason, /another tag with the key gold/)
  assert.deepEqual((await tags(target)).sort(), ['gold', 'vip'])
  await dropTag(target, await tagId(target, 'gold'))
  assert.deepEqual((await agency.push(snapshot.id, [target.id])).totals, { updated: 1 })
})

test('a worker whose clock runs behind loses nothing for the roll-back', async () => {
  const { agency, server } = story
  const [source, target] = await pair()
  await makeTag(source, 'vip')
  const snapshot = await agency.capture(source.id)
  const push = await agency.push(snapshot.id, [target.id])
  await sql`update push set created_at = created_at + interval '1 hour' where id = ${push.id}`.execute(
    server.app.platform.db,
  )
  const { assets } = await agency.outcomes(push.id, target.id)
  assert.deepEqual(
    assets.map((asset: { outcome: string }) => asset.outcome),
    ['created'],
  )
  assert.deepEqual((await agency.rollback(push.id)).totals, { deleted: 1 })
  assert.deepEqual(await readRows(story, target.id), [])
})

test('a push that is rolled back cannot be retried', async () => {
  const { agency, server } = story
  const [source, target] = await pair()
  await makeTag(source, 'vip')
  await source.client.post('/forms/', { locationId: source.id, name: 'Ask' })
  const snapshot = await agency.capture(source.id)
  await sql
    .raw(`create function refuse() returns trigger language plpgsql as $$ begin if new.kind = 'forms'
        and new.location_id = '${target.id}' then raise exception 'no'; end if; return new; end $$;
      create trigger refuse before insert on asset for each row execute function refuse()`)
    .execute(server.owner())
  const push = await agency.push(snapshot.id, [target.id])
  await sql.raw('drop trigger refuse on asset; drop function refuse()').execute(server.owner())
  assert.equal(push.status, 'partial')
  await agency.post(`/pushes/${push.id}/rollback`, {}, 202)
  await agency.post(`/pushes/${push.id}/retry`, {}, 409)
})

test('a captured workflow brings the pipeline whose stage it names', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const { pipeline } = (
    await source.client.post('/opportunities/pipelines', {
      locationId: source.id,
      name: 'Sales',
      stages: [{ name: 'New', position: 0 }],
    })
  ).body
  const trigger = { type: 'pipeline_stage_changed', stageId: pipeline.stages[0].id }
  const { workflow } = (await source.client.post('/workflows/', { locationId: source.id, name: 'Staged', trigger }))
    .body
  const snapshot = await agency.capture(source.id, { assets: [{ kind: 'workflows', id: workflow.id }] })
  assert.deepEqual(snapshot.assets, { pipelines: 1, workflows: 1 })
  await agency.push(snapshot.id, [target.id])
  const assets = await readAll(story, target.id)
  const stages = assets.find((asset) => asset.kind === 'pipelines')!.document.stages as { id: string }[]
  assert.equal(
    (assets.find((asset) => asset.kind === 'workflows')!.document.trigger as { stageId: string }).stageId,
    stages[0]!.id,
  )
  await target.client.delete(`/opportunities/pipelines/${assets.find((asset) => asset.kind === 'pipelines')!.id}`)
  const { brokenReferences } = (await target.client.get(`/locations/${target.id}/broken-references`)).body
  assert.deepEqual(
    brokenReferences.map((broken: { missingKind: string }) => broken.missingKind),
    ['part'],
  )
})

test('what "matches" says goes before names, and one asset is not two incoming ones', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const [a, b] = [await makeTag(source, 'alpha'), await makeTag(source, 'beta')]
  await makeTag(target, 'alpha')
  const own = await makeTag(target, 'own')
  const snapshot = await agency.capture(source.id)
  const matches = [a, b].map((lineage) => ({ kind: 'tags', lineage, id: own }))
  const { message } = await agency.post(`/${snapshot.id}/plan`, { locationIds: [target.id], matches }, 422)
  assert.deepEqual(message, [`matches[1].id: matches[0] names the same asset of ${target.id}`])
  await agency.push(snapshot.id, [target.id], { policy: 'override', matches: [{ kind: 'tags', lineage: b, id: own }] })
  assert.equal(await tagId(target, 'beta'), own)
  assert.deepEqual((await tags(target)).sort(), ['alpha', 'beta'])
})

test('ids in escaped addresses travel, and a reference that leads nowhere survives being read and saved', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const { form } = (await source.client.post('/forms/', { locationId: source.id, name: 'Ask' })).body
  const link = `https://x.example/go?to=https%3A%2F%2Fy.example%2Fform%2F${form.id}&l=${source.id}`
  const made = await source.client.post('/links/', { locationId: source.id, name: 'Go', redirectTo: link })
  assert.ok(made.status < 300)
  const note = `see ${form.id}-thanks, missing:date:yes, ⟦odd⟧`
  await source.client.post('/forms/', { locationId: source.id, name: 'Noted', description: note })
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const text = JSON.stringify(await readAll(story, target.id))
  assert.ok(!text.includes(form.id) && !text.includes(source.id))
  const before = (await readAll(story, target.id)).find((asset) => asset.name === 'Noted')!
  const ask = (await readAll(story, target.id)).find((asset) => asset.name === 'Ask')!
  assert.equal(before.document.description, note.replace(form.id, ask.id))
  await target.client.delete(`/forms/${ask.id}`)
  const shown = (await target.client.get(`/forms/${before.id}`)).body.form
  assert.match(shown.description, /missing:forms:[A-Za-z0-9]{20}-thanks/)
  const rows = await readRows(story, target.id)
  await target.client.put(`/forms/${before.id}`, { description: shown.description })
  assert.deepEqual(await readRows(story, target.id), rows, 'saving what was read changes nothing')
})

test('numbers and archives that cannot be stored are refused, not answered with 500', async () => {
  const { agency, template } = story
  const headers = { version: '2021-07-28', 'content-type': 'application/json' }
  const body = `{"locationId":"${template.id}","name":"Big","steps":[{"type":"webhook","url":"https://x.example","body":{"n":1e999}}]}`
  assert.equal((await template.client.raw('POST', '/workflows/', { headers, body })).status, 422)
  const send = (text: string) =>
    agency.client.raw('POST', agency.path('/import-file'), {
      headers: { version: '2021-07-28', 'content-type': 'application/x-ndjson' },
      body: text,
    })
  const header = (name: string) =>
    JSON.stringify({ tintype: 'snapshot', format: 1, name, version: 1, root: 'x', assets: {} })
  assert.equal((await send(header('a\u0000b'))).status, 422)
  const deep = `${header('a')}\n{"kind":"forms","lineage":"abc","hash":"x","document":{"name":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}}`
  assert.equal((await send(deep)).status, 422)
  assert.equal(
    (await send(`${header('a')}\n{"kind":"forms","lineage":"abc","hash":"x","document":{"name":1e999}}`)).status,
    422,
  )
  const { id } = await agency.capture(template.id)
  assert.equal(
    (await agency.client.get(agency.path(`/snapshot-status/${id}?from=-009000-01-01T00:00:00Z&to=2030-01-01`))).status,
    422,
  )
})

test('"all" is no way around tenancy where one location is named', async () => {
  assert.equal((await story.template.client.get('/locations/all/tags')).status, 403)
})

test('an edited asset that names a matched one is seen alike, whether its target stands at the version or not', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Template'), await newLocation(story, 'Target')]
  const tagId = await makeTag(source, 'VIP')
  await makeForm(source, 'Intake', { onSubmit: { tagIds: [tagId] } })
  await makeTag(target, 'VIP')
  const { id: snapshotId } = await agency.capture(source.id)
  await agency.push(snapshotId, [target.id])
  const form = await named(story, target, 'forms', 'Intake')
  await target.client.put(`/forms/${form.id}`, { description: 'Ours' })
  assert.deepEqual((await agency.plan(snapshotId, [target.id], { policy: 'skip' })).totals, { unchanged: 1, keep: 1 })
})
