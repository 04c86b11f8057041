import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { flowOf, formOf, make, makeFlow, makeForm, makeTag, named as namedIn } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const pair = async () => [await newLocation(story, 'Source'), await newLocation(story, 'Target')] as const
const named = (location: Actor, kind: string, name: string) => namedIn(story, location, kind, name)

test('what looks like our marker in a client’s text, names, property names and lists stays text', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const tag = await makeTag(source, '⟦sale⟧')
  const odd = ['⟦@⟧', '⟦⟦', '⟦', '⟧', `⟦tags:${tag}⟧`, `⟦^tags:${tag}⟧`, `⟦.${tag}⟧`, `⟦⟦⟦@⟧⟧`]
  const body = Object.fromEntries(odd.map((text, index) => [text, { [text]: [text, index] }]))
  const steps = [{ id: 'hook', type: 'webhook', webhook: { method: 'POST', url: 'https://hooks.example.com/', body } }]
  const flow = await makeFlow(source, '⟦@⟧ flow', { steps })
  const withTag = (id: string) =>
    Object.fromEntries(
      odd.map((text, index) => [text.replace(tag, id), { [text.replace(tag, id)]: [text.replace(tag, id), index] }]),
    )
  const code = (id: string) => odd.join(' ').replaceAll(tag, id)
  await makeForm(source, '⟦sale⟧', { trackingCode: code(tag) })
  const snapshot = await agency.capture(source.id)
  const push = await agency.push(snapshot.id, [target.id])
  assert.ok(!push.totals.failed)
  for (const [location, tagId] of [
    [source, tag],
    [target, (await named(target, 'tags', '⟦sale⟧')).id],
  ] as const) {
    const list = (await location.client.get(`/forms/?locationId=${location.id}`)).body.forms
    assert.deepEqual(
      list.map((row: { name: string }) => row.name),
      ['⟦sale⟧'],
    )
    assert.equal((await formOf(location, list[0].id)).trackingCode, code(tagId))
    const flows = (await location.client.get(`/workflows/?locationId=${location.id}`)).body.workflows
    assert.deepEqual(
      flows.map((row: { name: string }) => row.name),
      ['⟦@⟧ flow'],
    )
    const read = await flowOf(location, flows[0].id)
    assert.equal(read.name, '⟦@⟧ flow')
    assert.deepEqual(read.steps[0].webhook.body, withTag(tagId))
    const again = await location.client.put(`/workflows/${flows[0].id}`, { steps: read.steps })
    assert.deepEqual(again.body.workflow.steps, read.steps)
    const tags = (await location.client.get(`/locations/${location.id}/tags`)).body.tags
    assert.deepEqual(
      tags.map((row: { name: string }) => row.name),
      ['⟦sale⟧'],
    )
    assert.equal(
      (await location.client.post(`/locations/${location.id}/tags`, { name: '⟦SALE⟧' })).status,
      400,
      'it is there already',
    )
  }
  assert.ok(flow.id)
  const { assets } = await agency.get(`/${snapshot.id}/assets`)
  assert.deepEqual(assets.map((asset: { name: string }) => asset.name).sort(), ['⟦@⟧ flow', '⟦sale⟧', '⟦sale⟧'])
  assert.deepEqual((await agency.get(`/${snapshot.id}/drift`)).drift, [])
})

test('what a plan warns of reads as people read it, whoever bears the name', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const tag = await makeTag(source, 'vip')
  const template = await source.client.post('/emails/builder', { locationId: source.id, name: 'Welcome', type: 'html' })
  const form = await makeForm(source, `For ${tag} of ${source.id}`, {
    autoResponder: { emailTemplateId: template.body.redirect },
  })
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  await source.client.delete(`/emails/builder/${source.id}/${template.body.redirect}`)
  await agency.refresh(snapshot.id)
  const plan = await agency.plan(snapshot.id, [target.id], { deletions: true })
  const [{ warnings }] = plan.targets
  assert.match(JSON.stringify(warnings), /For \[tags: vip\] of \[this location\]\\" would refer to nothing/, form.id)
})

test('the name of an asset in conflict is listed as people read it', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const tag = await makeTag(source, 'vip')
  const form = await makeForm(source, `For ${tag} of ${source.id}`, { description: 'One' })
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const [mine] = (await target.client.get(`/forms/?locationId=${target.id}`)).body.forms
  for (const [location, id, description] of [
    [source, form.id, 'Theirs'],
    [target, mine.id, 'Mine'],
  ] as const) {
    await location.client.put(`/forms/${id}`, { description })
  }
  await agency.refresh(snapshot.id)
  await agency.push(snapshot.id, [target.id])
  const { conflicts } = await agency.get(`/${snapshot.id}/conflicts`)
  assert.deepEqual(
    conflicts.map((conflict: { name: string }) => conflict.name),
    ['For [tags: vip] of [this location]'],
  )
})

test('a report goes on saying a name as it was, though what the name names is gone or renamed since', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const tag = await makeTag(source, 'vip')
  await makeForm(source, `For ${tag}`)
  const snapshot = await agency.capture(source.id)
  const push = await agency.push(snapshot.id, [target.id])
  const names = async () =>
    (await agency.outcomes(push.id, target.id)).assets.map((asset: { name: string }) => asset.name).sort()
  assert.deepEqual(await names(), ['For [tags: vip]', 'vip'])
  const mine = (await named(target, 'tags', 'vip')).id
  await target.client.put(`/locations/${target.id}/tags/${mine}`, { name: 'regular' })
  assert.deepEqual(await names(), ['For [tags: vip]', 'vip'])
  await agency.rollback(push.id, { override: true })
  assert.deepEqual(await names(), ['For [tags: vip]', 'vip'])
})

test('a name that holds a reference reads with the location’s own id in lists, after a push, a merge and a roll-back', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const tag = await makeTag(source, 'vip')
  const form = await makeForm(source, `For ${tag}`)
  const link = await make(source, '/links/', { name: `Link ⟦ ${tag}`, redirectTo: 'https://example.com/' })
  assert.equal(link.name, `Link ⟦ ${tag}`)
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const mine = (await named(target, 'tags', 'vip')).id
  const listed = async () => (await target.client.get(`/forms/?locationId=${target.id}`)).body.forms[0]
  const searched = async (text: string) =>
    (await target.client.get(`/links/search?locationId=${target.id}&query=${encodeURIComponent(text)}`)).body.links.map(
      (row: { name: string }) => row.name,
    )
  assert.equal((await listed()).name, `For ${mine}`)
  assert.deepEqual(await searched(mine), [`Link ⟦ ${mine}`])
  assert.deepEqual(await searched(tag), [])
  assert.deepEqual(await searched('tags:'), [])
  const id = (await listed()).id
  await target.client.put(`/forms/${id}`, { description: 'Ours' })
  await source.client.put(`/forms/${form.id}`, { name: `For ${tag} only` })
  await agency.refresh(snapshot.id)
  const push = await agency.push(snapshot.id, [target.id])
  assert.equal((await listed()).name, `For ${mine} only`)
  assert.equal((await formOf(target, id)).name, `For ${mine} only`)
  const { assets } = await agency.get(`/${snapshot.id}/assets?kind=forms`)
  assert.deepEqual(
    assets.map((asset: { name: string }) => asset.name),
    ['For [tags: vip] only'],
  )
  await agency.rollback(push.id)
  assert.equal((await listed()).name, `For ${mine}`)
})

for (const policy of ['merge', 'override']) {
  test(`a name that holds an id reads the same in lists and in the document, whatever became of what it names (${policy})`, async () => {
    const { agency } = story
    const [source, target] = await pair()
    const tag = await makeTag(source, 'Delta')
    await makeForm(source, `For ${tag}`)
    const snapshot = await agency.capture(source.id)
    await makeTag(target, 'Delta')
    const answered = await makeTag(target, 'Alpha')
    const listed = async () =>
      (await target.client.get(`/forms/?locationId=${target.id}`)).body.forms as { id: string; name: string }[]
    const matches = [{ kind: 'tags', lineage: tag, id: answered }]
    const push = await agency.push(snapshot.id, [target.id], { policy, matches })
    const tagged = policy === 'merge' ? 'conflict' : 'ambiguous'
    assert.deepEqual(push.totals, { [tagged]: 1, created: 1 }, 'the tag cannot have the name of the other one')
    const [row] = await listed()
    assert.deepEqual([row?.name, (await formOf(target, row?.id as string)).name], Array(2).fill(`For ${answered}`))
    await agency.push(snapshot.id, [target.id], { policy })
    assert.deepEqual(
      (await listed()).map(({ name }) => name),
      [(await formOf(target, row?.id as string)).name],
    )
  })
}

test('a name that holds a reference is compared as the target reads it, also where the same push meets what it names', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const tag = await makeTag(source, 'vip')
  await makeForm(source, `For ${tag}`, { description: 'Theirs' })
  const mine = await makeTag(target, 'VIP')
  const form = await makeForm(target, `For ${mine}`, { description: 'Ours' })
  const forms = async () =>
    (await target.client.get(`/forms/?locationId=${target.id}`)).body.forms.map(({ id }: { id: string }) => id)
  const snapshot = await agency.capture(source.id)
  const skipped = await agency.push(snapshot.id, [target.id], { only: [{ kind: 'tags', lineage: tag }] })
  assert.deepEqual(skipped.totals, { conflict: 1 }, 'the tags are called VIP and vip')
  await agency.push(snapshot.id, [target.id])
  assert.deepEqual(await forms(), [form.id])

  const [, other] = await pair()
  const theirs = await makeTag(other, 'vip')
  const two = [await makeForm(other, `For ${theirs}`), await makeForm(other, `for  ${theirs}`)]
  const push = await agency.push(snapshot.id, [other.id])
  assert.deepEqual(push.totals, { unchanged: 1, ambiguous: 1 })
  const [{ candidates }] = (await agency.get(`/${snapshot.id}/conflicts?locationId=${other.id}`)).conflicts
  assert.deepEqual(candidates.map(({ id }: { id: string }) => id).sort(), two.map(({ id }) => id).sort())
})

test('a name holds what the target means by it, also where an answer says that what comes in is another', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const tag = await makeTag(source, 'vip')
  const one = await makeForm(source, `For ${tag}`, { description: 'One' })
  const snapshot = await agency.capture(source.id, { assets: [{ kind: 'forms', id: one.id }] })
  await agency.push(snapshot.id, [target.id])
  const mine = (await named(target, 'tags', 'vip')).id
  const other = await makeTag(target, 'guest')
  const two = await makeForm(source, `For ${tag}`, { description: 'Two' })
  const second = await agency.capture(source.id, { assets: [{ kind: 'forms', id: two.id }] })
  const matches = [{ kind: 'tags', lineage: tag, id: other, locationId: target.id }]
  const push = await agency.push(second.id, [target.id], { matches })
  assert.deepEqual(push.totals, { conflict: 1, created: 1 }, 'what is for guests is not the form for the vip')
  const forms = (await target.client.get(`/forms/?locationId=${target.id}`)).body.forms
  assert.deepEqual(forms.map(({ name }: { name: string }) => name).sort(), [`For ${mine}`, `For ${other}`].sort())
})

test('a part that is gone is called as it was, though its name looks like our marker or names something', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const tag = await makeTag(source, 'vip')
  const label = `⟦grey⟧ ${tag}`
  const form = await makeForm(source, 'Ask', { fields: [{ type: 'text', label }] })
  const [field] = (await formOf(source, form.id)).fields
  const conditions = [{ subject: 'contact', operator: 'is', formFieldId: field.id }]
  await makeFlow(source, 'Follow up', { trigger: { type: 'manual', conditions } })
  const { id } = await agency.capture(source.id)
  await agency.push(id, [target.id])
  for (const location of [source, target]) {
    const there = await named(location, 'forms', 'Ask')
    assert.equal((await location.client.put(`/forms/${there.id}`, { fields: [] })).status, 200)
    const { body } = await location.client.get(`/locations/${location.id}/broken-references`)
    assert.deepEqual(
      body.brokenReferences.map((row: { missingName: string }) => row.missingName),
      ['⟦grey⟧ [tags: vip]'],
    )
  }
  await agency.refresh(id)
  const { brokenReferences } = await agency.plan(id, [(await newLocation(story, 'Third')).id])
  assert.deepEqual(
    brokenReferences.map((row: { missingName: string }) => row.missingName),
    ['⟦grey⟧ [tags: vip]'],
  )
})
