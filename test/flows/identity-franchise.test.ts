import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, idsIn, Ledger, namesIn, told } from '../support/ledger.ts'
import { flowOf, formOf, make, makeFlow, makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const places = (...names: string[]) => Promise.all(names.map((name) => newLocation(story, name)))
const renameTag = async (location: Actor, id: string, name: string) =>
  assert.equal((await location.client.put(`/locations/${location.id}/tags/${id}`, { name })).status, 200)

/** A form, a tag and a workflow that names both, under the same names wherever they are made. */
async function makeIntake(location: Actor, message: string) {
  const form = await makeForm(location, 'Intake', {
    description: 'As it was',
    fields: [{ type: 'text', label: 'Name' }],
  })
  const tag = await makeTag(location, 'lead')
  const flow = await makeFlow(location, 'Intake', {
    trigger: { type: 'form_submitted', formId: form.id },
    steps: [
      { type: 'add_tag', tagIds: [tag] },
      { type: 'send_sms', name: 'Greet', body: message },
    ],
  })
  return { form: form.id, tag, flow: flow.id }
}

for (const deletions of [false, true, 'all']) {
  for (const met of ['equal', 'different', 'overridden'] as const) {
    test(`a franchise that a push of HQ met (${met}) goes on as the source of its branches, deletions ${deletions}`, async () => {
      const { agency } = story
      const [hq, franchise, branch] = (await places('HQ', 'Franchise', 'Branch')) as [Actor, Actor, Actor]
      const ledger = new Ledger(story, hq, franchise, branch)
      const mine = await makeIntake(franchise, 'Hello')
      const own = await agency.capture(franchise.id)
      await ledger.push(own.id, branch)
      const held = await idsIn(story, branch)
      const { id: branchFlow } = await named(story, branch, 'workflows', 'Intake')
      assert.equal((await branch.client.put(`/workflows/${branchFlow}`, { status: 'published' })).status, 200)

      await makeIntake(hq, met === 'equal' ? 'Hello' : 'Good day')
      const above = await agency.capture(hq.id)
      const options = met === 'overridden' ? { policy: 'override' } : {}
      const fromHq = await ledger.push(above.id, franchise, options)
      const expected = {
        equal: { unchanged: 3 },
        different: { unchanged: 2, conflict: 1 },
        overridden: { unchanged: 2, updated: 1 },
      }
      assert.deepEqual(fromHq.totals, expected[met])
      assert.deepEqual(
        Object.values(await idsIn(story, franchise)).sort(),
        Object.values(mine).sort(),
        'what was there keeps its ids',
      )

      await renameFlow(franchise, mine.flow, 'Intake of ours')
      const next = await agency.refresh(own.id)
      const lineages = (await agency.get(`/${own.id}/assets?version=${next.version}`)).assets.map(
        (asset: { lineage: string }) => asset.lineage,
      )
      assert.deepEqual(lineages.sort(), Object.values(mine).sort(), 'a capture names what was born here by its id')
      const down = await ledger.push(own.id, branch, { deletions })
      assert.deepEqual(down.totals, { unchanged: 2, updated: 1 })
      assert.deepEqual(Object.values(await idsIn(story, branch)).sort(), Object.values(held).sort())
      const flow = await flowOf(branch, branchFlow)
      assert.deepEqual(
        [flow.name, flow.status, flow.steps[1].body],
        ['Intake of ours', 'published', met === 'overridden' ? 'Good day' : 'Hello'],
      )
      assert.deepEqual(await driftIn(story, own.id, branch), [])
    })
  }
}

async function renameFlow(location: Actor, id: string, name: string): Promise<void> {
  const reply = await location.client.put(`/workflows/${id}`, { name })
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
}

for (const step of ['matched and unchanged', 'rolled back', 'matched by an answer and rolled back'] as const) {
  test(`same content, same root: the snapshot of a place to which another one was pushed, ${step}`, async () => {
    const { agency } = story
    const [hq, franchise] = (await places('HQ', 'Franchise')) as [Actor, Actor]
    const ledger = new Ledger(story, hq, franchise)
    const mine = await makeIntake(franchise, 'Hello')
    const own = await agency.capture(franchise.id)
    const theirs = await makeIntake(hq, step === 'matched and unchanged' ? 'Hello' : 'Good day')
    await makePipeline(franchise, 'New', 'Won')
    const root = (await agency.refresh(own.id)).root
    await makePipeline(hq, 'New', 'Won')
    const above = await agency.capture(hq.id)
    const matches = [{ kind: 'forms', lineage: theirs.form, id: mine.form, locationId: franchise.id }]
    const push = await ledger.push(
      above.id,
      franchise,
      step === 'matched by an answer and rolled back' ? { policy: 'override', matches } : {},
    )
    if (step !== 'matched and unchanged') await ledger.rollback(push.id, franchise)
    const again = await agency.refresh(own.id, 200)
    assert.deepEqual([again.version, again.root], [2, root])
    assert.equal((await agency.capture(franchise.id)).root, root)
    const { diff } = await agency.get(`/${own.id}/diff?version=2&locationId=${franchise.id}`)
    assert.deepEqual(diff, { added: [], removed: [], changed: [] })
  })
}

const makePipeline = (location: Actor, ...names: string[]) =>
  make(location, '/opportunities/pipelines', { name: 'Sales', stages: names.map((name) => ({ name })) })

test('what HQ brought to a franchise goes on to the branches as what it is, and comes back to HQ as itself', async () => {
  const { agency } = story
  const [hq, franchise, branch] = (await places('HQ', 'Franchise', 'Branch')) as [Actor, Actor, Actor]
  const ledger = new Ledger(story, hq, franchise, branch)
  const first = await makeIntake(hq, 'Hello')
  const above = await agency.capture(hq.id)
  await ledger.push(above.id, franchise)
  const own = await agency.capture(franchise.id)
  assert.equal(own.root, above.root, 'the same content under the same lineages')
  assert.deepEqual((await ledger.push(own.id, branch)).totals, { created: 3 })
  assert.deepEqual((await ledger.push(above.id, branch)).totals, { unchanged: 3 }, 'from HQ directly it is the same')

  const there = await named(story, franchise, 'forms', 'Intake')
  assert.equal((await franchise.client.put(`/forms/${there.id}`, { description: 'By the franchise' })).status, 200)
  await agency.refresh(own.id)
  const home = await ledger.push(own.id, hq)
  assert.deepEqual(home.totals, { unchanged: 2, conflict: 1 }, 'HQ was never pushed to: what differs is for people')
  const forced = await ledger.push(own.id, hq, { policy: 'override' })
  assert.deepEqual(forced.totals, { unchanged: 2, updated: 1 })
  assert.deepEqual(Object.values(await idsIn(story, hq)).sort(), Object.values(first).sort())
  assert.equal((await formOf(hq, first.form)).description, 'By the franchise')
})

for (const policy of ['merge', 'override', 'skip']) {
  test(`what was deleted by mistake in its own location comes back as itself (${policy})`, async () => {
    const { agency } = story
    const [home, target] = (await places('Home', 'Target')) as [Actor, Actor]
    const ledger = new Ledger(story, home, target)
    const { customField } = (
      await home.client.post(`/locations/${home.id}/customFields`, {
        name: 'Allergies',
        dataType: 'TEXT',
        model: 'contact',
      })
    ).body
    const value = (await home.client.post(`/locations/${home.id}/customValues`, { name: 'Phone', value: '555' })).body
      .customValue
    const { id: form } = await makeForm(home, 'Ask', {
      fields: [{ type: 'text', label: 'A', customFieldId: customField.id }],
    })
    const contact = await make(home, '/contacts/', {
      email: 'ann@example.com',
      customFields: [{ id: customField.id, value: 'nuts' }],
    })
    const snapshot = await agency.capture(home.id)
    await ledger.push(snapshot.id, target)
    const before = await readAll(story, home.id)
    await home.client.delete(`/forms/${form}`)
    await home.client.delete(`/locations/${home.id}/customFields/${customField.id}`)
    await home.client.delete(`/locations/${home.id}/customValues/${value.id}`)
    const push = await ledger.push(snapshot.id, home, { policy })
    assert.deepEqual(push.totals, { created: 3 })
    assert.deepEqual(await readAll(story, home.id), before, 'ids, links and local values are as they were')
    const { contact: ann } = (await home.client.get(`/contacts/${contact.id}`)).body
    assert.deepEqual(ann.customFields, [{ id: customField.id, value: 'nuts' }])
    const undone = await ledger.rollback(push.id, home)
    assert.deepEqual(undone.totals, { deleted: 3 })
    assert.deepEqual((await ledger.push(snapshot.id, home, { policy })).totals, { created: 3 })
    assert.deepEqual(await readAll(story, home.id), before)
  })
}

test('a tag that HQ renames is renamed in the franchise that had it, and in the branches under their own ids', async () => {
  const { agency } = story
  const [hq, franchise, branch] = (await places('HQ', 'Franchise', 'Branch')) as [Actor, Actor, Actor]
  const ledger = new Ledger(story, hq, franchise, branch)
  const above = await makeTag(hq, 'lead')
  const mine = await makeTag(franchise, 'Lead')
  const own = await agency.capture(franchise.id)
  await ledger.push(own.id, branch)
  const below = (await named(story, branch, 'tags', 'Lead')).id
  const snapshot = await agency.capture(hq.id)
  assert.deepEqual((await ledger.push(snapshot.id, franchise)).report[0]?.id, mine)
  await renameTag(hq, above, 'prospect')
  await agency.refresh(snapshot.id)
  const push = await ledger.push(snapshot.id, franchise, { policy: 'override' })
  assert.deepEqual(
    [told(push.report), push.report[0]?.lineage, push.report[0]?.id],
    [['prospect: updated'], above, mine],
  )
  await agency.refresh(own.id)
  const down = await ledger.push(own.id, branch)
  assert.deepEqual([down.totals, down.report[0]?.id], [{ updated: 1 }, below])
  for (const place of [franchise, branch]) assert.deepEqual(await namesIn(story, place, 'tags'), ['prospect'])
})
