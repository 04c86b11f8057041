import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Deals } from '../support/deals.ts'
import { driftIn, startPair } from '../support/ledger.ts'
import { brokenIn, flowOf, formOf, make, makeFlow, makeForm, named } from '../support/made-assets.ts'
import { type Actor, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

interface Page {
  id?: string
  name: string
  title?: string
}
const funnelOf = async (location: Actor) => {
  const { id, document } = await named(story, location, 'funnels', 'Shop')
  return { id, pages: (document.pages ?? []) as Page[] }
}
const addPage = async (location: Actor, page: Page): Promise<string> => {
  const { id, pages } = await funnelOf(location)
  assert.equal((await location.client.put(`/funnels/${id}`, { pages: [...pages, page] })).status, 200)
  return (await funnelOf(location)).pages.at(-1)?.id as string
}
const linkOf = async (location: Actor) => (await named(story, location, 'trigger_links', 'Ours')).document.redirectTo

for (const policy of ['merge', 'override']) {
  test(`a page that both sides added under one name keeps the client's id, and what leads to it (${policy})`, async () => {
    const { agency, source, target, ledger } = await start()
    await make(source, '/funnels/', { name: 'Shop', pages: [{ name: 'Home', title: 'Welcome' }] })
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    const mine = await addPage(target, { name: 'Thanks', title: 'Thank you' })
    const before = await funnelOf(target)
    await make(target, '/links/', { name: 'Ours', redirectTo: `https://shop.example/pages/${mine}` })
    await addPage(source, { name: 'THANKS', title: 'Many thanks' })
    await agency.refresh(snapshot.id)

    const push = await ledger.push(snapshot.id, target, { policy })
    assert.deepEqual(push.totals, policy === 'override' ? { updated: 1 } : { conflict: 1 })
    const { pages } = await funnelOf(target)
    const title = policy === 'override' ? 'Many thanks' : 'Thank you'
    assert.deepEqual(
      pages.map((page) => [page.id, page.title]),
      [
        [before.pages[0]?.id, 'Welcome'],
        [mine, title],
      ],
    )
    assert.equal(await linkOf(target), `https://shop.example/pages/${mine}`)
    if (policy === 'override') {
      assert.deepEqual(await driftIn(story, snapshot.id, target), [])
      assert.deepEqual((await ledger.push(snapshot.id, target, { policy })).totals, { unchanged: 1 })
    }

    await ledger.rollback(push.id, target)
    assert.deepEqual(await funnelOf(target), before)
    const again = await ledger.push(snapshot.id, target, { policy })
    assert.deepEqual(again.totals, push.totals)
    assert.deepEqual((await funnelOf(target)).pages.at(-1)?.id, mine)
  })
}

test('what a push is about means the stages of a pipeline that is matched by its name, though no pipeline is pushed', async () => {
  const { agency, source, target, ledger } = await start()
  const stages = (...names: string[]) => names.map((name) => ({ name }))
  const theirs = await make(source, '/opportunities/pipelines', { name: 'Sales', stages: stages('New', 'Won') })
  const mine = await make(target, '/opportunities/pipelines', { name: 'Sales', stages: stages('Won', 'Lost') })
  const [, won] = theirs.stages as { id: string }[]
  const flow = await make(source, '/workflows/', {
    name: 'After',
    steps: [{ name: 'Go', type: 'send_sms', body: 'Hi', stageId: won?.id }],
  })
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target, { only: [{ kind: 'workflows', lineage: flow.id }] })
  const { document } = await named(story, target, 'workflows', 'After')
  assert.equal((document.steps as { stageId: string }[])[0]?.stageId, (mine.stages as { id: string }[])[0]?.id)
})

for (const policy of ['merge', 'override']) {
  test(`a page is none of a funnel that the client deleted, once another one of its name is met (${policy})`, async () => {
    const { agency, source, target, ledger } = await start()
    const { id } = await make(source, '/funnels/', { name: 'Shop', pages: [{ name: 'Thanks', title: 'One' }] })
    const theirs = (await funnelOf(source)).pages[0]?.id as string
    await make(source, '/links/', { name: 'Ours', redirectTo: `https://shop.example/pages/${theirs}` })
    await make(target, '/funnels/', { name: 'Shop', pages: [{ name: 'Thanks', title: 'Mine' }] })
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target, { policy })
    const { id: old, pages: dead } = await funnelOf(target)
    assert.ok(((await linkOf(target)) as string).endsWith(dead[0]?.id as string))
    assert.equal((await target.client.delete(`/funnels/${old}`)).status, 200)
    await make(target, '/funnels/', { name: 'Shop', pages: [{ name: 'Home' }] })

    await ledger.push(snapshot.id, target, { policy })
    const met = await funnelOf(target)
    const page = met.pages.find(({ name }) => name === 'Thanks')?.id as string
    assert.notEqual(page, dead[0]?.id)
    assert.ok(((await linkOf(target)) as string).endsWith(page), 'and what names it follows')
    assert.equal(
      (await source.client.put(`/funnels/${id}`, { pages: [{ id: theirs, name: 'Thanks', title: 'Two' }] })).status,
      200,
    )
    await agency.refresh(snapshot.id)
    const push = await ledger.push(snapshot.id, target)
    assert.equal(push.totals.conflict, undefined, JSON.stringify(push.report))
    assert.deepEqual(
      (await funnelOf(target)).pages.find(({ name }) => name === 'Thanks'),
      { id: page, name: 'Thanks', title: 'Two' },
    )
  })
}

test('what the client has changed and a push skips reads the stages that are met, and is not told to be broken', async () => {
  const { agency, source, target, ledger } = await start()
  const makeSales = async (...names: string[]) =>
    (await make(source, '/opportunities/pipelines', {
      name: 'Sales',
      stages: names.map((name) => ({ name })),
    })) as unknown as { id: string; stages: { id: string }[] }
  const [first, second] = [await makeSales('New', 'Won'), await makeSales('Asked', 'New')]
  await makeFlow(source, 'Hello', {
    trigger: { type: 'opportunity_created', pipelineId: first.id, stageId: first.stages[0]?.id },
  })
  const onSubmit = { action: 'message', message: 'Thanks', stageId: first.stages[0]?.id }
  await makeForm(source, 'Ask', { onSubmit })
  const both = await agency.capture(source.id)
  await ledger.push(both.id, target)
  assert.equal((await source.client.delete(`/opportunities/pipelines/${second.id}`)).status, 200)
  const one = await agency.capture(source.id)
  await ledger.push(one.id, target)

  const flow = (await named(story, target, 'workflows', 'Hello')).id
  const { trigger } = await flowOf(target, flow)
  assert.equal((await target.client.delete(`/opportunities/pipelines/${trigger.pipelineId}`)).status, 200)
  assert.equal((await target.client.put(`/workflows/${flow}`, { name: 'Ours' })).status, 200)
  const form = (await named(story, target, 'forms', 'Ask')).id
  assert.equal((await target.client.put(`/forms/${form}`, { name: 'Our form' })).status, 200)
  assert.deepEqual(await brokenIn(target), ['Our form', 'Ours', 'Ours'])
  const push = await ledger.push(one.id, target, { policy: 'skip' })
  assert.deepEqual(push.totals, { skipped: 3 })
  const other = await named(story, target, 'pipelines', 'Sales')
  const met = (other.document.stages as { id: string; name: string }[]).find(({ name }) => name === 'New')?.id
  const { pipelineId, stageId } = (await flowOf(target, flow)).trigger
  assert.deepEqual([pipelineId, stageId], [other.id, met])
  assert.equal((await formOf(target, form)).onSubmit.stageId, met)
  const usage = await target.client.get(`/locations/${target.id}/assets/pipelines/${other.id}/usage`)
  assert.deepEqual(
    usage.body.assets.map(({ id }: { id: string }) => id),
    [form, flow],
  )
  assert.deepEqual(await brokenIn(target), [])
  const { locations } = (await agency.client.get(`/fleet?companyId=${agency.companyId}&broken=true&limit=200`)).body
  const row = locations.find(({ locationId }: { locationId: string }) => locationId === target.id)
  assert.equal(row.broken, 0)

  await ledger.rollback(push.id, target)
  assert.deepEqual((await flowOf(target, flow)).trigger, { ...trigger, pipelineId: `missing:pipelines:${first.id}` })
  assert.deepEqual(await brokenIn(target), ['Our form', 'Ours', 'Ours'])
})

test('parts of what is skipped are matched all the same: what is pushed beside it leads to the ones of the target', async () => {
  const { agency, source, target, ledger } = await start()
  const pipeline = await make(source, '/opportunities/pipelines', { name: 'Sales', stages: [{ name: 'Lead' }] })
  const form = await makeForm(source, 'Ask', { fields: [{ type: 'text', label: 'Name' }] })
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)

  const mine = async (kind: string, name: string) => {
    const { id, document } = await named(story, target, kind, name)
    return { ...document, id }
  }
  const put = async (location: Actor, path: string, body: object) => {
    const reply = await location.client.put(path, body)
    assert.equal(reply.status, 200, JSON.stringify(reply.body))
    return reply.body
  }
  const fieldsOf = (document: object) => (document as { fields: { id: string }[] }).fields
  const phone = { type: 'text', label: 'Phone' }
  const [sales, ask] = [await mine('pipelines', 'Sales'), await mine('forms', 'Ask')]
  await put(target, `/opportunities/pipelines/${sales.id}`, { stages: [{ name: 'lead' }] })
  await put(target, `/forms/${ask.id}`, { fields: [...fieldsOf(ask), { ...phone, placeholder: 'Ours' }] })
  const before = [await mine('pipelines', 'Sales'), await mine('forms', 'Ask')]

  const stages = pipeline.stages as { id: string }[]
  await put(source, `/opportunities/pipelines/${pipeline.id}`, { stages: [...stages, { name: 'Won' }] })
  const asked = await put(source, `/forms/${form.id}`, { fields: [...fieldsOf(form), phone] })
  const steps = [{ name: 'Go', type: 'send_sms', body: 'Hi', stageId: stages[0]?.id }]
  const trigger = {
    type: 'manual',
    conditions: [{ subject: 'contact', operator: 'is', formFieldId: asked.form.fields[1].id }],
  }
  await make(source, '/workflows/', { name: 'After', trigger, steps })
  const drifted = await driftIn(story, snapshot.id, target)
  const later = await agency.capture(source.id)
  const push = await ledger.push(later.id, target, { policies: { pipelines: 'skip', forms: 'skip' } })
  assert.deepEqual(push.totals, { skipped: 2, created: 1 })
  assert.deepEqual([await mine('pipelines', 'Sales'), await mine('forms', 'Ask')], before)
  const flow = (await mine('workflows', 'After')) as unknown as {
    trigger: { conditions: { formFieldId: string }[] }
    steps: { stageId: string }[]
  }
  const parts = (document: object | undefined, list: string) =>
    (document as { [list: string]: { id: string }[] })[list]?.map(({ id }) => id)
  assert.equal(flow.steps[0]?.stageId, parts(before[0], 'stages')?.[0])
  assert.equal(flow.trigger.conditions[0]?.formFieldId, parts(before[1], 'fields')?.[1])
  assert.deepEqual(await brokenIn(target), [])
  assert.deepEqual(await driftIn(story, snapshot.id, target), drifted)
  await ledger.rollback(push.id, target)
  assert.deepEqual(await driftIn(story, snapshot.id, target), drifted)
  assert.deepEqual((await ledger.push(later.id, target, { policies: { forms: 'skip' } })).totals, {
    skipped: 1,
    merged: 1,
    created: 1,
  })
})

test('a stage that the client made anew stays where it was once an answer says that its pipeline is another one', async () => {
  const { agency, source, target, ledger } = await start()
  const deals = new Deals(story)
  const { id: lineage } = await deals.pipeline(source, 'Sales', 'New')
  const asks = async (location: Actor) => ({ onSubmit: { stageId: await deals.stage(location, 'New') } })
  await makeForm(source, 'Brought', await asks(source))
  const { id } = await agency.capture(source.id)
  await ledger.push(id, target)
  const { id: right } = await deals.pipeline(target, 'Deals', 'New')
  await makeForm(target, 'Mine', await asks(target))
  await deals.remake(target, 'New')
  await ledger.push(id, target)
  const stages = async () => [await deals.stage(target, 'New'), await deals.stage(target, 'New', 'Deals')]
  const asked = async () => {
    const forms = [await named(story, target, 'forms', 'Mine'), await named(story, target, 'forms', 'Brought')]
    return forms.map(({ document }) => (document.onSubmit as { stageId: string }).stageId)
  }
  const before = await readAll(story, target.id)
  const [here, there] = await stages()
  assert.deepEqual(await asked(), [here, here])

  const matches = [{ kind: 'pipelines', lineage, id: right, locationId: target.id }]
  const push = await ledger.push(id, target, { matches })
  for (let times = 0; times < 2; times++) {
    assert.deepEqual(
      [await stages(), await asked()],
      [
        [here, there],
        [here, there],
      ],
    )
    assert.deepEqual((await ledger.push(id, target)).totals, { kept: 1, unchanged: 1 })
  }
  const own = await agency.capture(target.id)
  assert.deepEqual((await ledger.push(own.id, target, { policy: 'override' })).totals, { unchanged: 4 })
  await ledger.rollback(push.id, target)
  assert.deepEqual(await readAll(story, target.id), before)
})
