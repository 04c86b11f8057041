import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const find = async (location: Actor, kind: string, name: string) => {
  const found = (await readAll(story, location.id)).filter((asset) => asset.kind === kind && asset.name === name)
  assert.equal(found.length, 1, `${kind} ${name}: ${found.length}`)
  return found[0]!
}

async function outcomeOf(pushId: string, location: Actor, kind: string, name: string) {
  const { assets } = await story.agency.outcomes(pushId, location.id)
  return assets.find((asset: { kind: string; name: string }) => asset.kind === kind && asset.name === name)
}

const mail = (subject: string, html: string, name = 'Welcome') => ({
  name,
  type: 'email',
  template: { subject, html, attachments: [] },
  urlAttachments: [],
})

/** A source with one e-mail template, pushed to a target; both sides can be edited. */
async function startMail() {
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const made = await source.client.post(`/locations/${source.id}/templates`, mail('Hello', '<p>One</p>'))
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const snapshot = await story.agency.capture(source.id)
  await story.agency.push(snapshot.id, [target.id])
  const edit = async (location: Actor, subject: string, html: string) => {
    const { id } = await find(location, 'templates', 'Welcome')
    const reply = await location.client.put(`/locations/${location.id}/templates/${id}`, mail(subject, html))
    assert.equal(reply.status, 200, JSON.stringify(reply.body))
  }
  const read = async (location: Actor) =>
    (await find(location, 'templates', 'Welcome')).document.template as { subject: string; html: string }
  return { source, target, snapshot, edit, read }
}

test('a custom field with the same key is matched, not duplicated, and forms that came along refer to it', async () => {
  const { agency, template, byHand } = story
  const before = await find(byHand, 'custom_fields', 'Package')
  const snapshot = await agency.capture(template.id)
  const push = await agency.push(snapshot.id, [byHand.id])
  assert.equal(push.status, 'completed')
  const field = await find(byHand, 'custom_fields', 'Package')
  assert.equal(field.id, before.id)
  assert.equal(field.document.placeholder, 'Please choose', 'what only the target says stays')
  const forms = (await readAll(story, byHand.id)).filter((asset) => asset.kind === 'forms')
  assert.ok(
    forms.some((form) => JSON.stringify(form.document).includes(field.id)),
    'a form refers to the matched field',
  )
  const outcome = await outcomeOf(push.id, byHand, 'custom_fields', 'Package')
  assert.equal(outcome.outcome, 'conflict', 'its options differ on both sides')
  assert.equal(outcome.id, before.id)
  const { brokenReferences } = (await byHand.client.get(`/locations/${byHand.id}/broken-references`)).body
  assert.deepEqual(brokenReferences, [])
  const again = await agency.push(snapshot.id, [byHand.id])
  assert.ok(!again.totals.created && !again.totals.updated && !again.totals.merged, JSON.stringify(again.totals))
})

test("a client's edited e-mail subject survives a push that changes another field", async () => {
  const { source, target, snapshot, edit, read } = await startMail()
  await edit(target, 'Our own subject', '<p>One</p>')
  await edit(source, 'Hello', '<p>Two</p>')
  await story.agency.refresh(snapshot.id)
  const push = await story.agency.push(snapshot.id, [target.id])
  assert.deepEqual(push.totals, { merged: 1 })
  const { subject, html } = await read(target)
  assert.deepEqual({ subject, html }, { subject: 'Our own subject', html: '<p>Two</p>' })
})

for (const [policy, subject, outcome] of [
  ['merge', 'Theirs', 'conflict'],
  ['override', 'Ours', 'updated'],
  ['skip', 'Theirs', 'skipped'],
] as const) {
  test(`the same field changed on both sides under ${policy}: ${outcome}`, async () => {
    const { source, target, snapshot, edit, read } = await startMail()
    await edit(target, 'Theirs', '<p>One</p>')
    await edit(source, 'Ours', '<p>One</p>')
    await story.agency.refresh(snapshot.id)
    const plan = await story.agency.plan(snapshot.id, [target.id], { policy })
    const planned = plan.targets[0].assets[0]
    assert.equal(planned.action, { conflict: 'conflict', updated: 'update', skipped: 'skip' }[outcome])
    if (policy === 'merge')
      assert.deepEqual(planned.fields, [{ path: 'template.subject', base: 'Hello', target: 'Theirs', source: 'Ours' }])
    const push = await story.agency.push(snapshot.id, [target.id], { policy })
    assert.deepEqual(push.totals, { [outcome]: 1 })
    assert.equal((await read(target)).subject, subject)
    const told = await outcomeOf(push.id, target, 'templates', 'Welcome')
    assert.equal(told.outcome, outcome)
    if (policy === 'merge')
      assert.deepEqual(told.detail.conflicts, [
        { path: 'template.subject', base: 'Hello', target: 'Theirs', source: 'Ours' },
      ])
  })
}

test('a policy for one kind, or for one asset, overrules that of the push', async () => {
  const { source, target, snapshot, edit, read } = await startMail()
  await edit(target, 'Theirs', '<p>One</p>')
  await edit(source, 'Ours', '<p>One</p>')
  await story.agency.refresh(snapshot.id)
  const { assets } = await story.agency.get(`/${snapshot.id}/assets`)
  await story.agency.push(snapshot.id, [target.id], {
    policies: { templates: 'override', [`templates/${assets[0].lineage}`]: 'skip' },
  })
  assert.equal((await read(target)).subject, 'Theirs')
  await story.agency.push(snapshot.id, [target.id], { policy: 'skip', policies: { templates: 'override' } })
  assert.equal((await read(target)).subject, 'Ours')
})

test('a rename in the source is a rename in the target', async () => {
  const { source, target, snapshot } = await startMail()
  const [here, there] = [await find(source, 'templates', 'Welcome'), await find(target, 'templates', 'Welcome')]
  await source.client.put(`/locations/${source.id}/templates/${here.id}`, mail('Hello', '<p>One</p>', 'Greeting'))
  await story.agency.refresh(snapshot.id)
  const push = await story.agency.push(snapshot.id, [target.id])
  assert.deepEqual(push.totals, { updated: 1 })
  assert.equal((await find(target, 'templates', 'Greeting')).id, there.id)
})

test('a deletion in the source stays in the target unless deletions travel', async () => {
  const { source, target, snapshot, edit } = await startMail()
  const { id } = await find(source, 'templates', 'Welcome')
  await source.client.delete(`/locations/${source.id}/templates/${id}`)
  await story.agency.refresh(snapshot.id)
  await story.agency.push(snapshot.id, [target.id])
  await find(target, 'templates', 'Welcome')
  await edit(target, 'Mine now', '<p>One</p>')
  const kept = await story.agency.push(snapshot.id, [target.id], { deletions: true })
  assert.deepEqual(kept.totals, { conflict: 1 }, 'what the client edited is not deleted')
  await find(target, 'templates', 'Welcome')
  const plan = await story.agency.plan(snapshot.id, [target.id], { deletions: true, policy: 'override' })
  assert.deepEqual(plan.totals, { delete: 1 })
  const push = await story.agency.push(snapshot.id, [target.id], { deletions: true, policy: 'override' })
  assert.deepEqual(push.totals, { deleted: 1 })
  assert.deepEqual(await readAll(story, target.id), [])
  await story.agency.rollback(push.id)
  assert.equal(
    ((await find(target, 'templates', 'Welcome')).document.template as { subject: string }).subject,
    'Mine now',
  )
})

test('what a client deleted is not brought back by a push, unless it overrides', async () => {
  const { source, target, snapshot, edit } = await startMail()
  const { id } = await find(target, 'templates', 'Welcome')
  await target.client.delete(`/locations/${target.id}/templates/${id}`)
  const kept = await story.agency.push(snapshot.id, [target.id])
  assert.deepEqual(kept.totals, { kept: 1 })
  await edit(source, 'Changed', '<p>One</p>')
  await story.agency.refresh(snapshot.id)
  const conflict = await story.agency.push(snapshot.id, [target.id])
  assert.deepEqual(conflict.totals, { conflict: 1 })
  const { drift } = await story.agency.get(`/${snapshot.id}/drift`)
  assert.deepEqual(
    drift[0].assets.map((asset: { change: string }) => asset.change),
    ['deleted'],
  )
  const push = await story.agency.push(snapshot.id, [target.id], { policy: 'override' })
  assert.deepEqual(push.totals, { created: 1 })
  assert.deepEqual((await story.agency.get(`/${snapshot.id}/drift`)).drift, [])
})

test('two workflows that refer to each other, and a form and a workflow that refer to each other, are pushed', async () => {
  const [source, target] = [await newLocation(story, 'Cycles'), await newLocation(story, 'Cycles target')]
  const post = async (path: string, body: object) => {
    const reply = await source.client.post(path, { locationId: source.id, ...body })
    assert.equal(reply.status, 201, JSON.stringify(reply.body))
    return reply.body
  }
  const { form } = await post('/forms/', { name: 'Ask' })
  const { workflow: ping } = await post('/workflows/', {
    name: 'Ping',
    trigger: { type: 'form_submitted', formId: form.id },
  })
  const { workflow: pong } = await post('/workflows/', {
    name: 'Pong',
    steps: [{ id: 'a', type: 'go_to', workflowId: ping.id }],
  })
  assert.equal(
    (await source.client.put(`/workflows/${ping.id}`, { steps: [{ id: 'a', type: 'go_to', workflowId: pong.id }] }))
      .status,
    200,
  )
  assert.equal(
    (
      await source.client.put(`/forms/${form.id}`, {
        onSubmit: { action: 'message', message: 'Thanks', workflowId: ping.id },
      })
    ).status,
    200,
  )
  const snapshot = await story.agency.capture(source.id)
  const push = await story.agency.push(snapshot.id, [target.id])
  assert.deepEqual(push.totals, { created: 3 })
  const [a, b, c] = [
    await find(target, 'workflows', 'Ping'),
    await find(target, 'workflows', 'Pong'),
    await find(target, 'forms', 'Ask'),
  ]
  assert.equal((a.document.steps as { workflowId: string }[])[0]!.workflowId, b.id)
  assert.equal((b.document.steps as { workflowId: string }[])[0]!.workflowId, a.id)
  assert.equal((a.document.trigger as { formId: string }).formId, c.id)
  assert.equal((c.document.onSubmit as { workflowId: string }).workflowId, a.id)
})

test("custom values keep the target's value; workflows arrive as drafts and stay published where they were published", async () => {
  const [source, target] = [await newLocation(story, 'Values'), await newLocation(story, 'Values target')]
  await source.client.post(`/locations/${source.id}/customValues`, { name: 'Phone', value: '111' })
  await source.client.post('/workflows/', { locationId: source.id, name: 'Greet', status: 'published' })
  const snapshot = await story.agency.capture(source.id)
  await story.agency.push(snapshot.id, [target.id])
  const value = await find(target, 'custom_values', 'Phone')
  assert.equal(value.document.value, '111', 'a new custom value starts with the default')
  const workflow = await find(target, 'workflows', 'Greet')
  assert.equal(workflow.document.status, 'draft')
  assert.equal(
    (await target.client.put(`/locations/${target.id}/customValues/${value.id}`, { name: 'Phone', value: '222' }))
      .status,
    200,
  )
  assert.equal((await target.client.put(`/workflows/${workflow.id}`, { status: 'published' })).status, 200)
  assert.deepEqual(
    (await story.agency.get(`/${snapshot.id}/drift`)).drift,
    [],
    "values and status are the target's own: no drift",
  )
  const here = await find(source, 'custom_values', 'Phone')
  await source.client.put(`/locations/${source.id}/customValues/${here.id}`, { name: 'Phone', value: '333' })
  const flow = await find(source, 'workflows', 'Greet')
  await source.client.put(`/workflows/${flow.id}`, { description: 'Says hello', status: 'draft' })
  await story.agency.refresh(snapshot.id)
  await story.agency.push(snapshot.id, [target.id], { policy: 'override' })
  assert.equal((await find(target, 'custom_values', 'Phone')).document.value, '222')
  const after = await find(target, 'workflows', 'Greet')
  assert.deepEqual([after.document.status, after.document.description], ['published', 'Says hello'])
})

test('two pipelines of one name in the target and one coming in: ambiguous, and nothing is touched until the push says which', async () => {
  const [source, target] = [await newLocation(story, 'One pipeline'), await newLocation(story, 'Two pipelines')]
  const stages = (...names: string[]) => names.map((name, position) => ({ name, position }))
  await source.client.post('/opportunities/pipelines', {
    locationId: source.id,
    name: 'Sales',
    stages: stages('New', 'Won'),
  })
  const first = await target.client.post('/opportunities/pipelines', {
    locationId: target.id,
    name: 'Sales',
    stages: stages('New', 'Old'),
  })
  const second = await target.client.post('/opportunities/pipelines', {
    locationId: target.id,
    name: 'Sales',
    stages: stages('Else'),
  })
  const candidates = [first, second].map((reply) => reply.body.pipeline.id).sort()
  const snapshot = await story.agency.capture(source.id)
  const plan = await story.agency.plan(snapshot.id, [target.id])
  assert.deepEqual(plan.totals, { ambiguous: 1 })
  for (const id of candidates)
    assert.ok(plan.targets[0].assets[0].reason.includes(id), 'the plan names both candidates')
  const before = await readAll(story, target.id)
  const push = await story.agency.push(snapshot.id, [target.id])
  assert.deepEqual(push.totals, { ambiguous: 1 })
  const outcome = await outcomeOf(push.id, target, 'pipelines', 'Sales')
  assert.deepEqual(outcome.detail.candidates.map((candidate: { id: string }) => candidate.id).sort(), candidates)
  assert.deepEqual(await readAll(story, target.id), before)
  const { lineage } = plan.targets[0].assets[0]
  const told = await story.agency.push(snapshot.id, [target.id], {
    matches: [{ kind: 'pipelines', lineage, id: first.body.pipeline.id }],
  })
  assert.equal(told.status, 'completed')
  const after = await readAll(story, target.id)
  assert.equal(after.length, 2)
  const merged = after.find((asset) => asset.id === first.body.pipeline.id)!.document.stages as {
    id: string
    name: string
  }[]
  assert.deepEqual(merged.map((stage) => stage.name).sort(), ['New', 'Old', 'Won'])
  const stageBefore = first.body.pipeline.stages.find((stage: { name: string }) => stage.name === 'New').id
  assert.equal(merged.find((stage) => stage.name === 'New')!.id, stageBefore, 'a matched stage keeps its id')
})
