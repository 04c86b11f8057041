import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { query, queryOne } from '../../src/db/pool.ts'
import { toBlob } from '../../src/snapshots/combine.ts'
import { toCanonical } from '../../src/snapshots/names.ts'
import { putBlobs } from '../../src/store/assets/index.ts'
import { flowOf, formOf, makeFlow, makeForm, makeTag } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const read = async ({ client, id }: Actor, path: string, status = 200) => {
  const reply = await client.get(`/locations/${id}/assets${path}`)
  assert.equal(reply.status, status, JSON.stringify(reply.body))
  return reply.body
}

test('assets of all kinds are listed page by page, counted by kind, with what brought them', async () => {
  const { template, agency } = story
  const stored = await readAll(story, template.id)
  const listed: { kind: string; id: string; name: string }[] = []
  for (let skip = 0; ; skip += 20) {
    const { assets, total, counts } = await read(template, `?limit=20&skip=${skip}`)
    assert.equal(total, stored.length)
    assert.equal(
      Object.values(counts as Record<string, number>).reduce((sum, count) => sum + count, 0),
      total,
    )
    listed.push(...assets)
    if (assets.length < 20) break
  }
  const short = (assets: { kind: string; id: string; name: string }[]) =>
    assets.map(({ kind, id, name }) => `${kind}/${id}/${name}`).sort()
  assert.deepEqual(short(listed), short(stored))
  const { assets: forms, total } = await read(template, '?kind=forms')
  assert.equal(forms.length, total)
  assert.ok(forms.every((one: { kind: string }) => one.kind === 'forms') && total > 0)
  await read(template, '?kind=nothing', 404)

  const source = await newLocation(story, 'Brought source')
  await makeTag(source, 'brought')
  await makeForm(source, 'Brought form')
  const { id: snapshotId } = await agency.capture(source.id, { name: 'Brought' })
  const target = await newLocation(story, 'Brought target')
  await makeTag(target, 'own')
  const push = await agency.push(snapshotId, [target.id])
  const [form] = (await read(target, '?query=BROUGHT&kind=forms')).assets
  assert.deepEqual(
    [form.pushId, form.snapshotId, form.snapshotName, form.isDrifted],
    [push.id, snapshotId, 'Brought', false],
  )
  await target.client.put(`/forms/${form.id}`, { name: 'Edited form' })
  const { assets } = await read(target, '')
  assert.deepEqual(
    assets.map((one: Record<string, unknown>) => [one.name, one.snapshotName, one.isDrifted]),
    [
      ['Edited form', 'Brought', true],
      ['brought', 'Brought', false],
      ['own', null, false],
    ],
  )
})

test('what names an asset, or a part of it, is told with the records that hang on it', async () => {
  const location = await newLocation(story, 'Usage')
  const [tag, other] = [await makeTag(location, 'named'), await makeTag(location, 'alone')]
  const pipeline = (
    await location.client.post('/opportunities/pipelines', {
      locationId: location.id,
      name: 'Sales',
      stages: [{ name: 'New' }, { name: 'Won' }],
    })
  ).body.pipeline
  const flow = await makeFlow(location, 'Tagger', { steps: [{ type: 'add_tag', tagIds: [tag] }] })
  await makeFlow(location, 'Mover', {
    steps: [{ type: 'create_opportunity', pipelineId: pipeline.id, stageId: pipeline.stages[1].id }],
  })
  for (const name of ['a', 'b'])
    await location.client.post('/contacts/', { locationId: location.id, firstName: name, tags: ['named'] })
  const usage = await read(location, `/tags/${tag}/usage`)
  assert.deepEqual(usage.assets, [{ kind: 'workflows', id: flow.id, name: 'Tagger' }])
  assert.deepEqual(usage.records, [{ kind: 'contacts', count: 2 }])
  assert.deepEqual((await read(location, `/tags/${other}/usage`)).assets, [])
  assert.deepEqual(
    (await read(location, `/pipelines/${pipeline.id}/usage`)).assets.map((one: { name: string }) => one.name),
    ['Mover'],
  )
  await read(location, '/tags/unknown0000000000000/usage', 404)
})

test('an asset is read as each of its changes left it, compared with any of them, and put back by its own PUT', async () => {
  const location = await newLocation(story, 'History')
  const tag = await makeTag(location, 'old')
  const flow = await makeFlow(location, 'First', { steps: [{ type: 'add_tag', tagIds: [tag] }] })
  const states = [await flowOf(location, flow.id)]
  for (const body of [{ name: 'Second' }, { steps: [] }, { name: 'Third' }]) {
    assert.equal((await location.client.put(`/workflows/${flow.id}`, body)).status, 200)
    states.push(await flowOf(location, flow.id))
  }
  const path = `/workflows/${flow.id}`
  const { history } = (await location.client.get(`/locations/${location.id}/assets${path}/history`)).body
  const ids: string[] = history.map((one: { id: string }) => one.id).reverse()
  assert.equal(ids.length, 4)
  for (const [index, id] of ids.entries()) {
    const { asset } = await read(location, `${path}?change=${id}`)
    const { id: _, locationId: __, ...wanted } = states[index]
    assert.deepEqual([asset.document, asset.name], [wanted, wanted.name])
    assert.equal(asset.isCurrent, index === 3)
  }
  assert.equal((await read(location, path)).asset.name, 'Third')
  const { fields } = await read(location, `${path}/diff?from=${ids[0]}&to=${ids[1]}`)
  assert.deepEqual(fields, [{ path: 'name', before: 'First', after: 'Second' }])
  const now = (await read(location, `${path}/diff?from=${ids[0]}`)).fields
  assert.deepEqual(now.map((one: { path: string }) => one.path).length >= 2, true)
  assert.ok(JSON.stringify(now).includes('[tags: old]'), JSON.stringify(now))

  const { asset } = await read(location, `${path}?change=${ids[0]}`)
  assert.equal((await location.client.put(`/workflows/${flow.id}`, asset.document)).status, 200)
  assert.deepEqual((await read(location, path)).asset.document, asset.document)
  const other = await newLocation(story, 'Elsewhere')
  const form = await makeForm(other, 'Theirs')
  const { history: theirs } = (await other.client.get(`/locations/${other.id}/assets/forms/${form.id}/history`)).body
  await read(location, `${path}?change=${theirs[0].id}`, 404)
  await read(location, `/forms/${form.id}`, 404)
  await read(location, `/forms/${form.id}/diff`, 404)
})

test('two sub-accounts are compared by what pushes have made the same, and else by name', async () => {
  const { agency } = story
  const [first, second] = [await newLocation(story, 'One'), await newLocation(story, 'Two')]
  const ask = async (a: Actor, b: Actor, more = '') => {
    const { status, body } = await agency.client.get(
      `/fleet/compare?companyId=${agency.companyId}&locationIds=${a.id}&locationIds=${b.id}${more}`,
    )
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const compare = async (a: Actor, b: Actor) => (await ask(a, b)).diff
  const same = { added: [], removed: [], changed: [] }
  assert.deepEqual(await compare(first, second), same)
  const tag = await makeTag(first, 'VIP')
  const form = await makeForm(first, 'Contact us')
  await makeFlow(first, 'Welcome', { steps: [{ type: 'add_tag', tagIds: [tag] }] })
  const removed = (await compare(first, second)).removed.map((one: { name: string }) => one.name)
  assert.deepEqual(removed.sort(), ['Contact us', 'VIP', 'Welcome'])
  const { id } = await agency.capture(first.id, { name: 'Compared' })
  await agency.push(id, [second.id])
  assert.deepEqual(await compare(first, second), same)
  assert.deepEqual(await compare(second, first), same)
  const [theirs] = (await second.client.get(`/forms/?locationId=${second.id}`)).body.forms
  await second.client.put(`/forms/${theirs.id}`, { name: 'Write to us' })
  const { changed, ...rest } = await compare(first, second)
  assert.deepEqual(rest, { added: [], removed: [] })
  assert.deepEqual(
    changed.map((one: Record<string, unknown>) => [one.kind, one.lineage, one.name, one.fields]),
    [['forms', form.id, 'Write to us', [{ path: 'name', before: 'Contact us', after: 'Write to us' }]]],
  )
  const one = await ask(first, second, `&asset=forms/${form.id}`)
  assert.deepEqual(one.diff, { added: [], removed: [], changed })
  assert.deepEqual([one.documents.before.name, one.documents.after.name], ['Contact us', 'Write to us'])
  const equal = await ask(first, second, `&asset=tags/${tag}`)
  assert.deepEqual(equal, { diff: same, documents: { before: { name: 'VIP' }, after: { name: 'VIP' } } })
  const none = await ask(first, second, '&asset=tags/unknown')
  assert.deepEqual(none, { diff: same, documents: { before: null, after: null } })

  // Made by hand in both: the same names, other ids, parts of their own.
  const [third, fourth] = [await newLocation(story, 'Three'), await newLocation(story, 'Four')]
  for (const location of [third, fourth]) {
    const own = await makeTag(location, 'by hand')
    await location.client.post('/opportunities/pipelines', {
      locationId: location.id,
      name: 'Sales',
      stages: [{ name: 'New' }, { name: 'Won' }],
    })
    await makeFlow(location, 'Tagger', { steps: [{ type: 'add_tag', tagIds: [own] }] })
  }
  const byHand = await compare(third, fourth)
  assert.deepEqual(byHand.changed, [])
  const [sales] = (await readAll(story, third.id)).filter(({ kind }) => kind === 'pipelines')
  const { documents } = await ask(third, fourth, `&asset=pipelines/${sales?.id}`)
  assert.deepEqual(documents.before, documents.after)
  assert.deepEqual(
    [...byHand.added, ...byHand.removed].map((one: { kind: string }) => one.kind),
    [],
  )
  assert.equal((await formOf(second, theirs.id)).name, 'Write to us')
  const { partner } = story
  const foreign = await partner.client.get(
    `/fleet/compare?companyId=${partner.companyId}&locationIds=${first.id}&locationIds=${second.id}`,
  )
  assert.equal(foreign.status, 403)
})

test('what a capture would take is told before, page by page, and with what it is needed for', async () => {
  const { agency, partner } = story
  const location = await newLocation(story, 'Preview')
  const tag = await makeTag(location, 'needed')
  const alone = await makeTag(location, 'alone')
  await makeTag(location, 'left')
  const flow = await makeFlow(location, 'Inner', { steps: [{ type: 'add_tag', tagIds: [tag] }] })
  const form = await makeForm(location, 'Chosen', { onSubmit: { workflowId: flow.id } })
  const preview = async (body: object, page = '', status = 200) =>
    await agency.post(`/preview?${page}`, { locationId: location.id, ...body }, status)
  const assets = [
    { kind: 'forms', id: form.id },
    { kind: 'tags', id: alone },
  ]
  const all = await preview({ assets })
  assert.deepEqual([all.total, all.dependencies, all.counts], [4, 2, { forms: 1, tags: 2, workflows: 1 }])
  const along = await preview({ assets }, '&dependency=true&limit=1')
  assert.deepEqual(
    along.assets.map((one: Record<string, unknown>) => [one.name, one.dependency, one.neededBy]),
    [['needed', true, { kind: 'workflows', id: flow.id, name: 'Inner' }]],
  )
  const rest = await preview({ assets }, `&dependency=true&limit=1&after=${along.after}`)
  assert.deepEqual(
    rest.assets.map((one: Record<string, unknown>) => [one.name, one.neededBy]),
    [['Inner', { kind: 'forms', id: form.id, name: 'Chosen' }]],
  )
  assert.equal(rest.after, null)
  const { assets: chosen } = await preview({ assets }, '&dependency=false')
  assert.deepEqual(chosen.map((one: { name: string }) => one.name).sort(), ['Chosen', 'alone'])
  const { id } = await agency.capture(location.id, { assets })
  const captured = (await agency.get(`/${id}/assets`)).assets
  const short = (list: { kind: string; lineage: string; dependency: boolean }[]) =>
    list.map(({ kind, lineage, dependency }) => [kind, lineage, dependency])
  assert.deepEqual(short(captured), short(all.assets))
  await preview({ kinds: ['nothing'] }, '', 422)
  await preview({ assets: [{ kind: 'tags', id: 'unknown' }] }, '', 422)
  await partner.post('/preview', { locationId: location.id, kinds: ['tags'] }, 403)
})

test('a preview and comparisons store nothing, whatever a capture would', async () => {
  const { agency, server } = story
  const { db } = server.app.platform
  const [source, target] = [await newLocation(story, 'Reading source'), await newLocation(story, 'Reading target')]
  const incoming = await makeTag(source, 'VIP')
  const own = await makeTag(target, 'VIP')
  await makeFlow(source, 'Welcome', { steps: [{ type: 'add_tag', tagIds: [incoming] }] })
  const flow = await makeFlow(target, 'Theirs', { steps: [{ type: 'add_tag', tagIds: [own] }] })
  const { id } = await agency.capture(source.id, { name: 'Read' })
  await agency.push(id, [target.id])
  // A document of theirs names the tag as what was pushed calls it: from before the two were found to be the same.
  const row = await queryOne(
    db,
    sql<{ text: string }>`select b.doc::text as text from asset a join blob b on b.hash = a.hash
      where a.location_id = ${target.id} and a.id = ${flow.id}`,
  )
  const { text, hash } = toCanonical(String(row?.text).replaceAll(own, incoming).replace('Theirs', 'Theirs of old'))
  await putBlobs(db, [toBlob(text, hash)])
  await sql`update asset set hash = decode(${hash}, 'hex') where location_id = ${target.id} and id = ${flow.id}`.execute(
    db,
  )
  const stored = async () => (await query(db, sql`select encode(hash, 'hex') as hash from blob order by 1`)).length
  const before = await stored()

  const assets = [{ kind: 'workflows', id: flow.id }]
  const preview = await agency.post('/preview', { locationId: target.id, assets }, 200)
  assert.deepEqual([preview.total, preview.dependencies, preview.counts], [2, 1, { tags: 1, workflows: 1 }])
  const version = await agency.get(`/${id}/diff?from=1&locationId=${target.id}&asset=workflows/${flow.id}`)
  assert.deepEqual(version.diff.changed, [])
  const places = `companyId=${agency.companyId}&locationIds=${source.id}&locationIds=${target.id}`
  const { documents } = (await agency.client.get(`/fleet/compare?${places}&asset=workflows/${flow.id}`)).body
  assert.match(JSON.stringify(documents.after), /\[tags: VIP\]/)
  assert.equal(await stored(), before)
  const captured = await agency.capture(target.id, { name: 'Captured', assets })
  assert.equal(await stored(), before + 1, 'a capture keeps what it names otherwise')
  assert.equal((await agency.get(`/${captured.id}/assets`)).assets.length, 2)
})
