import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { flowOf, formOf, make, makeFlow, makeForm, makeTag, named as namedIn } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const pair = async () => [await newLocation(story, 'Source'), await newLocation(story, 'Target')] as const
const named = (location: Actor, kind: string, name: string) => namedIn(story, location, kind, name)

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
  const [form, flow, tag] = [
    (await makeForm(source, 'Asked')).id,
    (await makeFlow(source, 'Follow')).id,
    await makeTag(source, 'vip'),
  ]
  const text = spellings(form, flow, tag)
  const holder = await makeForm(source, 'Holder', {
    trackingCode: text,
    fields: [{ type: 'html', label: 'Code', html: text }],
  })
  assert.equal((await formOf(source, holder.id)).trackingCode, text, 'the source reads what it wrote')
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const ids = async () =>
    [
      (await named(target, 'forms', 'Asked')).id,
      (await named(target, 'workflows', 'Follow')).id,
      (await named(target, 'tags', 'vip')).id,
    ] as const
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
  const [form, flow, tag] = [
    (await makeForm(source, 'Asked')).id,
    (await makeFlow(source, 'Follow')).id,
    await makeTag(source, 'vip'),
  ]
  const [form2, flow2, tag2] = [
    (await makeForm(target, 'Asked')).id,
    (await makeFlow(target, 'Follow')).id,
    await makeTag(target, 'vip'),
  ]
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
  const field = (await source.client.post(`/locations/${source.id}/customFields`, { name: 'Budget', dataType: 'TEXT' }))
    .body.customField
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
    brokenReferences.map((row: { name: string; missingKind: string; missingName: string }) => [
      row.name,
      row.missingKind,
      row.missingName,
    ]),
    [['Hook', 'custom_fields', 'Budget']],
  )
  const saved = await target.client.put(`/workflows/${(await named(target, 'workflows', 'Hook')).id}`, {
    steps: [{ id: 'hook', type: 'webhook', webhook: { ...webhook(''), body: await read() } }],
  })
  assert.equal(saved.status, 200, JSON.stringify(saved.body))
  assert.deepEqual(await read(), body(`missing:custom_fields:${field.id}`))
})

test('pictures still load: the location’s id inside the address of a file stays', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const contact = (await source.client.post('/contacts/', { locationId: source.id, firstName: 'Ann' })).body.contact
  const data = new FormData()
  data.set('contactId', contact.id)
  data.set('locationId', source.id)
  data.set('fileAttachment', new File(['picture'], 'Our logo.png', { type: 'image/png' }))
  const token = await agency.client.post(`/tokens/?companyId=${agency.companyId}`, {
    name: 'files',
    locationId: source.id,
    scopes: ['*'],
  })
  const stored = await fetch(`${story.server.url}/conversations/messages/upload`, {
    method: 'POST',
    body: data,
    headers: { authorization: `Bearer ${token.body.secret}`, version: '2021-07-28' },
  })
  assert.equal(stored.status, 200)
  const [own] = Object.values(((await stored.json()) as { uploadedFiles: Record<string, string> }).uploadedFiles) as [
    string,
  ]
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
    [
      `https://x.example/book?l=${id}`,
      `https://x.example/location/${id}/page`,
      `https://x.example/${id}/index.html?pic=/a.png`,
      `data-location="${id}"`,
    ].join('\n')
  await makeForm(source, 'Page', {
    trackingCode: `${files}\n${links(source.id)}`,
    fields: [{ type: 'image', label: 'Logo', imageUrl: own }],
  })
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
  const [form, flow, tag] = [
    (await makeForm(source, 'Asked')).id,
    (await makeFlow(source, 'Follow')).id,
    await makeTag(source, 'vip'),
  ]
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
  assert.equal(
    (await target.client.put(`/forms/${mine.id}`, { trackingCode: code })).body.form.trackingCode,
    code,
    'and may be sent back like that',
  )
  assert.deepEqual(await rows(target), ['forms Asked', 'workflows Follow'])
  // The source lost it too: its own captures know the name.
  await source.client.delete(`/forms/${form}`)
  assert.deepEqual(await rows(source), ['forms Asked'])
  assert.ok(holder.id)
})

test('stages, fields and steps are known in every spelling, by any document', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const parts = async (location: Actor) => {
    const [pipeline, form, flow] = await Promise.all([
      named(location, 'pipelines', 'Sales'),
      named(location, 'forms', 'Ask'),
      named(location, 'workflows', 'Flow'),
    ])
    const first = (list: unknown) => (list as { id: string }[])[0]!.id
    return [first(pipeline.document.stages), first(form.document.fields), first(flow.document.steps)] as const
  }
  const text = (stage: string, field: string, step: string) =>
    `stage${stage}x ${stage.toUpperCase()} #field-${field} field${field}px %252F${field} ${field}${field} ` +
    `step${step} \\u002F${step} ${step.toUpperCase()}`
  await make(source, '/opportunities/pipelines', { name: 'Sales', stages: [{ name: 'New' }] })
  const ask = await makeForm(source, 'Ask', { fields: [{ type: 'text', label: 'Why' }] })
  await makeFlow(source, 'Flow', { steps: [{ id: 'a', type: 'end' }] })
  await source.client.put(`/forms/${ask.id}`, { trackingCode: text(...(await parts(source))) })
  await makeForm(source, 'Other', { trackingCode: text(...(await parts(source))) })
  assert.equal(
    (
      await source.client.post(`/locations/${source.id}/customValues`, {
        name: 'Code',
        value: text(...(await parts(source))),
      })
    ).status,
    201,
  )
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const right = text(...(await parts(target)))
  for (const name of ['Ask', 'Other'])
    assert.equal((await named(target, 'forms', name)).document.trackingCode, right, name)
  const [value] = (await target.client.get(`/locations/${target.id}/customValues`)).body.customValues
  assert.deepEqual([value.value, value.default], [right, right])
  for (const name of ['Ask', 'Other'])
    assert.equal(
      (await target.client.put(`/forms/${(await named(target, 'forms', name)).id}`, { trackingCode: right })).status,
      200,
    )
  await target.client.put(`/locations/${target.id}/customValues/${value.id}`, { value: right })
  assert.deepEqual((await agency.get(`/${snapshot.id}/drift`)).drift, [])
  assert.deepEqual((await target.client.get(`/locations/${target.id}/broken-references`)).body.brokenReferences, [])
})
