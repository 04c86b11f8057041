import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const pair = async () => [await newLocation(story, 'Source'), await newLocation(story, 'Target')] as const
async function make(location: Actor, path: string, body: object) {
  const reply = await location.client.post(path, { locationId: location.id, ...body })
  assert.ok(reply.status < 300, JSON.stringify(reply.body))
  return Object.values(reply.body as object).find((value) => typeof value === 'object') as { id: string; [name: string]: unknown }
}
const makeForm = (location: Actor, name: string, more: object = {}) => make(location, '/forms/', { name, ...more })
const makeFlow = (location: Actor, name: string, more: object = {}) => make(location, '/workflows/', { name, ...more })
async function makeTag(location: Actor, name: string): Promise<string> {
  const reply = await location.client.post(`/locations/${location.id}/tags`, { name })
  assert.ok(reply.status < 300, JSON.stringify(reply.body))
  return reply.body.tag.id
}
async function named(location: Actor, kind: string, name: string) {
  const found = (await readAll(story, location.id)).find((asset) => asset.kind === kind && asset.name === name)
  assert.ok(found, `${kind} ${name} is in the location`)
  return found
}
const formOf = async (location: Actor, id: string) => (await location.client.get(`/forms/${id}`)).body.form
const flowOf = async (location: Actor, id: string) => (await location.client.get(`/workflows/${id}`)).body.workflow

/** One text in every spelling that page builders and mail tools write. */
const spellings = (form: string, flow: string, tag: string) =>
  [
    `https://x.example/form/${form}`,
    `go=https%3A%2F%2Fx.example%2Fform%2F${form}`,
    `go=https%253A%252F%252Fx.example%252Fform%252F${form}%26w%253D${flow}`,
    `{"u":"a\\u002F${form}","v":"\\u002f${flow}","w":"\\/${form}","x":"line\\n${tag}","y":"\\x2f${form}","z":"\\t${flow}"}`,
    `formId${form}`,
    `${form}px`,
    `flow${flow}px`,
    `${form}${tag}`,
    `a${tag}b${form}c${flow}d${tag}`,
    `${flow.toUpperCase()} and ${flow}`,
    `x${flow.toUpperCase()}${form}`,
    `[${form}]-${tag}_${form}`,
  ].join('\n')

test('references in every spelling come back as ids of the target, created and merged', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const [form, flow, tag] = [(await makeForm(source, 'Asked')).id, (await makeFlow(source, 'Follow')).id, await makeTag(source, 'vip')]
  const text = spellings(form, flow, tag)
  const holder = await makeForm(source, 'Holder', { trackingCode: text, fields: [{ type: 'html', label: 'Code', html: text }] })
  assert.equal((await formOf(source, holder.id)).trackingCode, text, 'the source reads what it wrote')
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const ids = async () =>
    [(await named(target, 'forms', 'Asked')).id, (await named(target, 'workflows', 'Follow')).id, (await named(target, 'tags', 'vip')).id] as const
  const mine = await named(target, 'forms', 'Holder')
  const right = spellings(...(await ids()))
  assert.equal(mine.document.trackingCode, right)
  assert.equal((mine.document.fields as { html: string }[])[0]?.html, right)

  // Saved as it is: nothing drifts. Then both sides change: merged.
  assert.equal((await target.client.put(`/forms/${mine.id}`, { trackingCode: right })).status, 200)
  assert.deepEqual((await agency.get(`/${snapshot.id}/drift`)).drift, [])
  await target.client.put(`/forms/${mine.id}`, { description: 'Ours' })
  await source.client.put(`/forms/${holder.id}`, { trackingCode: `${text}\nmore ${tag}more` })
  await agency.refresh(snapshot.id)
  const push = await agency.push(snapshot.id, [target.id])
  assert.equal(push.totals.merged, 1)
  assert.equal((await formOf(target, mine.id)).trackingCode, `${right}\nmore ${(await ids())[2]}more`)
  await agency.rollback(push.id)
  assert.equal((await formOf(target, mine.id)).trackingCode, right)
})

test('references reach assets that were matched by their names', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const [form, flow, tag] = [(await makeForm(source, 'Asked')).id, (await makeFlow(source, 'Follow')).id, await makeTag(source, 'vip')]
  const [form2, flow2, tag2] = [(await makeForm(target, 'Asked')).id, (await makeFlow(target, 'Follow')).id, await makeTag(target, 'vip')]
  await makeForm(source, 'Holder', { trackingCode: spellings(form, flow, tag) })
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  assert.equal((await named(target, 'forms', 'Holder')).document.trackingCode, spellings(form2, flow2, tag2))
})

test('letters that are nobody’s ids stay as they are', async () => {
  const [source] = await pair()
  const text = `${'abcDEF0123456789'.repeat(40)} <img src="data:image/png;base64,${'iVBORw0KGgoAAAANSUhEUgAA'.repeat(50)}"> ${crypto.randomUUID().toUpperCase()}`
  const form = await makeForm(source, 'Plain', { trackingCode: text })
  assert.equal((await formOf(source, form.id)).trackingCode, text)
})

test('ids as property names of free objects are references too', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const field = (await source.client.post(`/locations/${source.id}/customFields`, { name: 'Budget', dataType: 'TEXT' })).body.customField
  const body = (id: string) => ({ [id]: '{{contact.budget}}', [`customField.${id}`]: { inner: { [`x-${id}`]: [id] } } })
  const webhook = (id: string) => ({ method: 'POST', url: 'https://hooks.example.com/', body: body(id) })
  const flow = await makeFlow(source, 'Hook', { steps: [{ id: 'hook', type: 'webhook', webhook: webhook(field.id) }] })
  const snapshot = await agency.capture(source.id, { assets: [{ kind: 'workflows', id: flow.id }] })
  assert.equal(snapshot.assets.custom_fields, 1, 'the field comes along')
  await agency.push(snapshot.id, [target.id])
  const mine = (await readAll(story, target.id)).find((asset) => asset.kind === 'custom_fields')!
  const read = async () => (await flowOf(target, (await named(target, 'workflows', 'Hook')).id)).steps[0].webhook.body
  assert.deepEqual(await read(), body(mine.id))
  await target.client.delete(`/locations/${target.id}/customFields/${mine.id}`)
  assert.deepEqual(await read(), body(`missing:custom_fields:${field.id}`))
  const { brokenReferences } = (await target.client.get(`/locations/${target.id}/broken-references`)).body
  assert.deepEqual(
    brokenReferences.map((row: { name: string; missingKind: string; missingName: string }) => [row.name, row.missingKind, row.missingName]),
    [['Hook', 'custom_fields', 'Budget']],
  )
  const saved = await target.client.put(`/workflows/${(await named(target, 'workflows', 'Hook')).id}`, {
    steps: [{ id: 'hook', type: 'webhook', webhook: { ...webhook(''), body: await read() } }],
  })
  assert.equal(saved.status, 200, JSON.stringify(saved.body))
  assert.deepEqual(await read(), body(`missing:custom_fields:${field.id}`))
})

test('what looks like our marker in a client’s text, names, property names and lists stays text', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const tag = await makeTag(source, '⟦sale⟧')
  const odd = ['⟦@⟧', '⟦⟦', '⟦', '⟧', `⟦tags:${tag}⟧`, `⟦^tags:${tag}⟧`, `⟦.${tag}⟧`, `⟦⟦⟦@⟧⟧`]
  const body = Object.fromEntries(odd.map((text, index) => [text, { [text]: [text, index] }]))
  const steps = [{ id: 'hook', type: 'webhook', webhook: { method: 'POST', url: 'https://hooks.example.com/', body } }]
  const flow = await makeFlow(source, '⟦@⟧ flow', { steps })
  const withTag = (id: string) =>
    Object.fromEntries(odd.map((text, index) => [text.replace(tag, id), { [text.replace(tag, id)]: [text.replace(tag, id), index] }]))
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
    assert.equal((await location.client.post(`/locations/${location.id}/tags`, { name: '⟦SALE⟧' })).status, 400, 'it is there already')
  }
  assert.ok(flow.id)
  const { assets } = await agency.get(`/${snapshot.id}/assets`)
  assert.deepEqual(assets.map((asset: { name: string }) => asset.name).sort(), ['⟦@⟧ flow', '⟦sale⟧', '⟦sale⟧'])
  assert.deepEqual((await agency.get(`/${snapshot.id}/drift`)).drift, [])
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
    (await target.client.get(`/links/search?locationId=${target.id}&query=${encodeURIComponent(text)}`)).body.links.map((row: { name: string }) => row.name)
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

test('pictures still load: the location’s id inside the address of a file stays', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const contact = (await source.client.post('/contacts/', { locationId: source.id, firstName: 'Ann' })).body.contact
  const data = new FormData()
  data.set('contactId', contact.id)
  data.set('locationId', source.id)
  data.set('fileAttachment', new File(['picture'], 'Our logo.png', { type: 'image/png' }))
  const token = await agency.client.post(`/tokens/?companyId=${agency.companyId}`, { name: 'files', locationId: source.id, scopes: ['*'] })
  const stored = await fetch(`${story.server.url}/conversations/messages/upload`, {
    method: 'POST',
    body: data,
    headers: { authorization: `Bearer ${token.body.secret}`, version: '2021-07-28' },
  })
  assert.equal(stored.status, 200)
  const [own] = Object.values(((await stored.json()) as { uploadedFiles: Record<string, string> }).uploadedFiles) as [string]
  assert.ok(own.includes(source.id))
  const cdn = `https://storage.example.com/msgsndr/${source.id}/media/64f0c0ffee64f0c0ffee0001.png`
  const files = [
    own,
    cdn,
    `https://images.example.com/image/r_1200/u_${cdn}`,
    `https://cdn.example.com/?u=${encodeURIComponent(cdn)}&w=2`,
    `https://cdn.example.com/?u=${encodeURIComponent(encodeURIComponent(cdn))}`,
    `{"src":"${cdn.replaceAll('/', '\\/')}"}`,
    `url(${cdn}?v=3)`,
    `//assets.example.com/${source.id}/intro.mp4#t=5`,
  ].join('\n')
  const links = (id: string) =>
    [`https://x.example/book?l=${id}`, `https://x.example/location/${id}/page`, `https://x.example/${id}/index.html?pic=/a.png`, `data-location="${id}"`].join(
      '\n',
    )
  await makeForm(source, 'Page', { trackingCode: `${files}\n${links(source.id)}`, fields: [{ type: 'image', label: 'Logo', imageUrl: own }] })
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const page = (await named(target, 'forms', 'Page')).document
  assert.equal(page.trackingCode, `${files}\n${links(target.id)}`)
  const url = (page.fields as { imageUrl: string }[])[0]!.imageUrl
  assert.equal(url, own)
  assert.equal(await (await fetch(url.replace(/^https?:\/\/[^/]+/, story.server.url))).text(), 'picture')
  assert.deepEqual((await target.client.get(`/locations/${target.id}/broken-references`)).body.brokenReferences, [])
})

test('what a text names and is gone is listed as broken, by name, in all spellings', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const [form, flow, tag] = [(await makeForm(source, 'Asked')).id, (await makeFlow(source, 'Follow')).id, await makeTag(source, 'vip')]
  const holder = await makeForm(source, 'Holder', { trackingCode: spellings(form, flow, tag) })
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  await target.client.delete(`/forms/${(await named(target, 'forms', 'Asked')).id}`)
  await target.client.delete(`/workflows/${(await named(target, 'workflows', 'Follow')).id}`)
  const rows = async (location: Actor) =>
    (await location.client.get(`/locations/${location.id}/broken-references`)).body.brokenReferences
      .map((row: { missingKind: string; missingName: string }) => `${row.missingKind} ${row.missingName}`)
      .sort()
  assert.deepEqual(await rows(target), ['forms Asked', 'workflows Follow'])
  const mine = await named(target, 'forms', 'Holder')
  const code = mine.document.trackingCode as string
  assert.equal((await target.client.put(`/forms/${mine.id}`, { trackingCode: code })).body.form.trackingCode, code, 'and may be sent back like that')
  assert.deepEqual(await rows(target), ['forms Asked', 'workflows Follow'])
  // The source lost it too: its own captures know the name.
  await source.client.delete(`/forms/${form}`)
  assert.deepEqual(await rows(source), ['forms Asked'])
  assert.ok(holder.id)
})
