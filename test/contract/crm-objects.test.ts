import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crmWorld, word } from '../support/crm-world.ts'
import { refusalOf } from '../support/hubspot.ts'

const world = crmWorld({ work: false }, async ({ client, location }) => {
  const made = await client.post('/objects/', {
    locationId: location.id,
    labels: { singular: 'Venue', plural: 'Venues' },
    key: 'custom_objects.venue',
    primaryDisplayPropertyDetails: { key: 'custom_objects.venue.name', name: 'Name', dataType: 'TEXT' },
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
})

const properties = (values: Record<string, string>) => ({ properties: values }) as never

/** Each type with a property that says its name. */
const TYPES = [
  ['contacts', 'firstname'],
  ['companies', 'name'],
  ['deals', 'dealname'],
  ['tickets', 'subject'],
  ['venue', 'name'],
  ['tasks', 'hs_task_subject'],
  ['notes', 'hs_note_body'],
  ['products', 'name'],
  ['line_items', 'name'],
  ['quotes', 'hs_title'],
  ['orders', 'hs_order_name'],
  ['leads', 'hs_lead_name'],
  ['calls', 'hs_call_title'],
  ['emails', 'hs_email_subject'],
  ['meetings', 'hs_meeting_title'],
  ['appointments', 'hs_appointment_name'],
  ['invoices', 'hs_title'],
] as const

for (const [type, name] of TYPES) {
  const basic = () => world.hubspot.crm.objects.basicApi
  const batch = () => world.hubspot.crm.objects.batchApi
  const search = (value: string) =>
    world.hubspot.crm.objects.searchApi.doSearch(type, {
      filterGroups: [{ filters: [{ propertyName: name, operator: 'EQ', value }] }],
      properties: [name],
    } as never)

  test(`${type}: the official client creates, reads, updates, archives and restores one`, async () => {
    const text = `One ${word()}`
    const made = await basic().create(type, properties({ [name]: text }))
    assert.match(made.id, /^\d+$/)
    assert.equal(made.properties[name], text)
    assert.equal(made.properties.hs_object_id, made.id)
    assert.ok(made.createdAt instanceof Date && made.archived === false)

    const read = await basic().getById(type, made.id, [name, 'no_such_property'])
    assert.equal(read.properties[name], text)
    assert.ok(!('no_such_property' in read.properties), 'an unknown one is left out')

    const updated = await basic().update(type, made.id, properties({ [name]: `${text}!` }))
    assert.equal(updated.properties[name], `${text}!`)
    assert.ok(updated.updatedAt > made.updatedAt)
    const traced = await basic().getById(type, made.id, undefined, [name])
    assert.deepEqual(
      traced.propertiesWithHistory?.[name]?.map(({ value }) => value),
      [`${text}!`, text],
    )

    assert.deepEqual(
      (await search(`${text}!`.toUpperCase())).results.map(({ id }) => id),
      [made.id],
      'without case',
    )
    await basic().archive(type, made.id)
    assert.equal((await refusalOf(basic().getById(type, made.id))).code, 404)
    assert.equal((await search(`${text}!`)).total, 0)
    const archived = await basic().getById(type, made.id, [name], undefined, undefined, true)
    assert.ok(archived.archived && archived.archivedAt instanceof Date)
    assert.equal(archived.properties[name], `${text}!`)
    const list = await basic().getPage(type, 100, undefined, [name], undefined, undefined, true)
    assert.ok(list.results.some(({ id }) => id === made.id))

    const restored = await world.client.post(`/crm/v3/objects/${type}/${made.id}/restore`)
    assert.deepEqual([restored.status, restored.body.id, restored.body.archived], [200, made.id, false])
    assert.equal((await search(`${text}!`)).total, 1)
    assert.equal((await world.client.post(`/crm/v3/objects/${type}/${made.id}/restore`)).status, 404, 'it is there')
  })

  test(`${type}: batches create, read, update and archive`, async () => {
    const texts = Array.from({ length: 5 }, () => `Many ${word()}`)
    const made = await batch().create(type, { inputs: texts.map((text) => properties({ [name]: text })) } as never)
    assert.equal(made.status, 'COMPLETE')
    assert.deepEqual(
      made.results.map((one) => one.properties[name]),
      texts,
      'in their order',
    )
    const ids = made.results.map(({ id }) => id)
    const read = await batch().read(type, {
      inputs: [...ids, '1'].map((id) => ({ id })),
      properties: [name],
      propertiesWithHistory: [],
    } as never)
    assert.deepEqual(
      read.results.map(({ id }) => id),
      ids,
    )
    assert.deepEqual((read as never as { errors: { context: object }[] }).errors[0]?.context, { ids: ['1'] })
    const updated = await batch().update(type, {
      inputs: ids.map((id, index) => ({ id, properties: { [name]: `${texts[index]}!` } })),
    } as never)
    assert.deepEqual(
      updated.results.map((one) => one.properties[name]),
      texts.map((text) => `${text}!`),
    )
    await batch().archive(type, { inputs: [...ids, '1'].map((id) => ({ id })) })
    for (const id of ids) assert.equal((await refusalOf(basic().getById(type, id))).code, 404)
  })

  test(`${type}: a list is walked page by page, by creation, whatever is archived meanwhile`, async () => {
    const inputs = Array.from({ length: 7 }, () => properties({ [name]: `Page ${word()}` }))
    const made = await batch().create(type, { inputs } as never)
    const seen: string[] = []
    let next: string | undefined
    do {
      const page = await basic().getPage(type, 3, next)
      seen.push(...page.results.map(({ id }) => id))
      next = page.paging?.next?.after
      if (next !== undefined) {
        const { link = '' } = page.paging?.next ?? {}
        assert.ok(link.startsWith(world.server.url) && link.includes(`after=${next}`), link)
        // The very record that the next page begins with.
        if (made.results.some(({ id }) => id === next)) await basic().archive(type, next)
      }
    } while (next !== undefined)
    assert.equal(new Set(seen).size, seen.length, 'none twice')
    const left = []
    for (const { id } of made.results) if (await isThere(id)) left.push(id)
    for (const id of left) assert.ok(seen.includes(id), 'none is left out')

    async function isThere(id: string) {
      return (await world.client.get(`/crm/v3/objects/${type}/${id}`)).status === 200
    }
  })

  test(`${type}: what does not fit is refused, and nothing of it is written`, async () => {
    const before = (await search('nothing')).total
    const wrong = await refusalOf(basic().create(type, properties({ [name]: 'nothing', no_such: '1' })))
    assert.equal(wrong.code, 400)
    assert.equal(wrong.body.category, 'VALIDATION_ERROR')
    assert.match(wrong.body.message, /^Property values were not valid: \[\{"isValid":false,/)
    assert.match(wrong.body.message, /"error":"PROPERTY_DOESNT_EXIST","name":"no_such"/)
    assert.deepEqual(wrong.body.errors, [
      {
        message: 'Property "no_such" does not exist',
        code: 'PROPERTY_DOESNT_EXIST',
        context: { propertyName: ['no_such'] },
      },
    ])
    const many = await refusalOf(
      batch().create(type, {
        inputs: [properties({ [name]: 'nothing' }), properties({ hs_object_id: '1' })],
      } as never),
    )
    assert.deepEqual([many.code, many.body.errors[0].code], [400, 'READ_ONLY_VALUE'])
    assert.equal((await search('nothing')).total, before)

    const traced = await world.client.post(`/crm/v3/objects/${type}/batch/create`, {
      inputs: [
        { properties: { [name]: `Traced ${word()}` }, objectWriteTraceId: 'good' },
        { properties: { no_such: '1' }, objectWriteTraceId: 'bad' },
      ],
    })
    assert.equal(traced.status, 207, JSON.stringify(traced.body))
    assert.deepEqual(
      traced.body.results.map((one: { objectWriteTraceId: string }) => one.objectWriteTraceId),
      ['good'],
    )
    assert.deepEqual([traced.body.numErrors, traced.body.errors[0].context.objectWriteTraceId], [1, ['bad']])
    assert.equal(traced.body.errors[0].category, 'VALIDATION_ERROR')

    const [{ id }] = traced.body.results
    const once = (value: string) => ({ id, properties: { [name]: value } })
    const twice = await refusalOf(batch().update(type, { inputs: [once('nothing'), once('more')] } as never))
    assert.deepEqual([twice.code, twice.body.category], [400, 'VALIDATION_ERROR'])
    assert.ok(twice.body.message.includes(`Duplicate IDs found in batch input: [${id}]`))
    assert.equal((await search('nothing')).total, before)
  })

  test(`${type}: one object takes in another`, async () => {
    const [primary, other] = [
      await basic().create(type, properties({ [name]: `Primary ${word()}` })),
      await basic().create(type, properties({ [name]: `Other ${word()}` })),
    ]
    const body = { primaryObjectId: primary.id, objectIdToMerge: other.id }
    const merged = await world.client.post(`/crm/v3/objects/${type}/merge`, body)
    assert.deepEqual([merged.status, merged.body.id], [200, primary.id], JSON.stringify(merged.body))
    assert.equal(merged.body.properties[name], primary.properties[name])
    assert.equal((await refusalOf(basic().getById(type, other.id))).code, 404)
    const read = await basic().getById(type, primary.id, ['hs_merged_object_ids'])
    assert.equal(read.properties.hs_merged_object_ids, other.id)
    assert.equal((await world.client.post(`/crm/v3/objects/${type}/merge`, body)).status, 404)
    const itself = { primaryObjectId: primary.id, objectIdToMerge: primary.id }
    assert.equal((await world.client.post(`/crm/v3/objects/${type}/merge`, itself)).status, 400)
  })
}
