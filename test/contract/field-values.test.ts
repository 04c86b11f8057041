import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Office, type Offices, startOffices } from '../support/offices.ts'

let world: Offices
let office: Office
let deal: object
const fields: Record<string, string> = {}
const OPTIONS = { options: ['Basic', 'Full'] }
const TYPES: Record<string, object> = {
  NUMERICAL: {},
  FLOAT: {},
  MONETORY: {},
  DATE: {},
  SINGLE_OPTIONS: OPTIONS,
  RADIO: OPTIONS,
  MULTIPLE_OPTIONS: OPTIONS,
  CHECKBOX: OPTIONS,
  TEXT: {},
  LARGE_TEXT: {},
  PHONE: {},
  TEXTBOX_LIST: {},
}

before(async () => {
  world = await startOffices({ country: 'GB' })
  office = world.offices[0] as Office
  for (const model of ['contact', 'opportunity'])
    for (const [dataType, more] of Object.entries(TYPES)) {
      const body = { name: `A ${dataType}`, dataType, model, ...more }
      const made = await office.client.post(`/locations/${office.id}/customFields`, body)
      assert.equal(made.status, 201, JSON.stringify(made.body))
      fields[`${model}.${dataType}`] = made.body.customField.id
    }
  const pipeline = { locationId: office.id, name: 'Sales', stages: [{ name: 'New' }] }
  const { id } = (await office.client.post('/opportunities/pipelines/', pipeline)).body.pipeline
  const contact = await office.client.post('/contacts/', { locationId: office.id, email: 'deal@post.test' })
  const contactId = contact.body.contact.id
  deal = { locationId: office.id, pipelineId: id, name: 'Deal', status: 'open', contactId }
})
after(() => world?.[Symbol.asyncDispose]())

const write = (model: string, type: string, value: unknown, name = 'field_value') => {
  const customFields = [{ id: fields[`${model}.${type}`], [name]: value }]
  return model === 'contact'
    ? office.client.post('/contacts/', { locationId: office.id, customFields })
    : office.client.post('/opportunities/', { ...deal, customFields })
}

test('a value is stored as the type of its field has it', async () => {
  const right: [string, unknown, unknown][] = [
    ['NUMERICAL', '1,500', 1500],
    ['NUMERICAL', ' -12.50 ', -12.5],
    ['NUMERICAL', 0, 0],
    ['FLOAT', '.5', 0.5],
    ['MONETORY', '$1,234,567.80', 1234567.8],
    ['MONETORY', '€ 20', 20],
    ['DATE', '06/01/2026', '2026-06-01'],
    ['DATE', '2026-6-1', '2026-06-01'],
    ['DATE', '2026-06-01T00:00:00.000Z', '2026-06-01'],
    ['DATE', '2026-06-01T10:00:00+02:00', '2026-06-01T08:00:00.000Z'],
    ['DATE', '06/01/2026 01:30 PM', '2026-06-01T13:30:00.000Z'],
    ['DATE', '2026_06_01', '2026-06-01'],
    ['DATE', Date.UTC(2026, 5, 1), '2026-06-01'],
    ['SINGLE_OPTIONS', ' full', 'Full'],
    ['RADIO', ['BASIC'], 'Basic'],
    ['MULTIPLE_OPTIONS', ['full', 'basic'], ['Full', 'Basic']],
    ['CHECKBOX', 'Full', ['Full']],
    ['CHECKBOX', 'basic, Full', ['Basic', 'Full']],
    ['TEXT', 'any', 'any'],
    ['TEXT', 5, 5],
    ['LARGE_TEXT', ['a', 'b'], ['a', 'b']],
    ['PHONE', '020 7946 0018', '+442079460018'],
    ['TEXTBOX_LIST', { a: 'b' }, { a: 'b' }],
  ]
  for (const [type, given, stored] of right) {
    const contact = await write('contact', type, given)
    assert.deepEqual(
      contact.body.contact?.customFields[0]?.value,
      stored,
      `${type} ${JSON.stringify([given, contact.body])}`,
    )
    const opportunity = await write('opportunity', type, given)
    assert.deepEqual(opportunity.body.opportunity?.customFields[0]?.fieldValue, stored, `${type} ${given}`)
    await office.client.delete(`/opportunities/${opportunity.body.opportunity.id}`)
  }
})

test('what means nothing in the type of its field is refused, and the field named', async () => {
  const wrong: [string, unknown][] = [
    ['NUMERICAL', 'twelve'],
    ['NUMERICAL', true],
    ['NUMERICAL', '1.500,00'],
    ['NUMERICAL', [1]],
    ['MONETORY', {}],
    ['DATE', 'June 1st'],
    ['DATE', '2026-02-30'],
    ['DATE', '13/01/2026'],
    ['DATE', true],
    ['SINGLE_OPTIONS', 'Gold'],
    ['SINGLE_OPTIONS', ['Basic', 'Full']],
    ['RADIO', { a: 1 }],
    ['MULTIPLE_OPTIONS', ['Basic', 'Gold']],
    ['CHECKBOX', 'Basic, Gold'],
    ['TEXT', { a: 1 }],
    ['LARGE_TEXT', [{ a: 1 }]],
    ['PHONE', 'abc'],
  ]
  for (const model of ['contact', 'opportunity'])
    for (const [type, value] of wrong) {
      const reply = await write(model, type, value)
      assert.equal(reply.status, 422, `${model} ${type} ${JSON.stringify(value)}`)
      assert.match(String(reply.body.message), new RegExp(`customFields\\[0\\]: A ${type} must be`))
    }
})

test('ranges find numbers and days in whatever way they were written', async () => {
  const found = async (type: string, value: object) =>
    (
      await office.client.post('/contacts/search', {
        locationId: office.id,
        pageLimit: 100,
        filters: [{ field: `customFields.${fields[`contact.${type}`]}`, operator: 'range', value }],
      })
    ).body.total
  assert.equal(await found('NUMERICAL', { gte: 10 }), 1)
  assert.equal(await found('MONETORY', { gte: 20, lt: 2_000_000 }), 2)
  assert.equal(await found('DATE', { gte: '2026-06-01', lt: '2026-07-01' }), 7)
})

test('a value goes by each of the names that clients give it, in every call that takes one', async () => {
  const field = fields['contact.TEXT'] as string
  const body = (value: string) => ({ customFields: [{ id: field, fieldValue: value }] })
  const created = await write('contact', 'TEXT', 'first', 'fieldValue')
  assert.deepEqual(created.body.contact?.customFields, [{ id: field, value: 'first' }])
  const { id } = created.body.contact
  const put = await office.client.put(`/contacts/${id}`, body('second'))
  assert.deepEqual(put.body.contact?.customFields, [{ id: field, value: 'second' }])
  const upsert = { locationId: office.id, email: 'names@post.test', ...body('third') }
  const upserted = await office.client.post('/contacts/upsert', upsert)
  assert.deepEqual(upserted.body.contact?.customFields, [{ id: field, value: 'third' }])
  const opportunity = await write('opportunity', 'TEXT', 'fourth', 'value')
  assert.equal(opportunity.body.opportunity?.customFields[0].fieldValue, 'fourth')
})

test('a folder is no field', async () => {
  const fieldsPath = `/locations/${office.id}/customFields`
  const folder = await office.client.post(fieldsPath, { name: 'Wedding', dataType: 'TEXT', documentType: 'folder' })
  const id = folder.body.customField.id
  const contact = (await office.client.post('/contacts/', { locationId: office.id, email: 'f@post.test' })).body.contact
  for (const name of [{ id }, { key: 'contact.wedding' }, { key: 'wedding' }]) {
    const reply = await office.client.put(`/contacts/${contact.id}`, { customFields: [{ ...name, field_value: 'x' }] })
    assert.equal(reply.status, 422)
    assert.match(String(reply.body.message), /there is no custom field with the/)
  }
})

test('an upsert that names neither e-mail nor phone is refused', async () => {
  for (const body of [{}, { email: '', phone: '' }, { firstName: 'Ada' }, { email: ' \u200b', additionalPhones: [] }]) {
    const reply = await office.client.post('/contacts/upsert', { locationId: office.id, ...body })
    assert.equal(reply.status, 422, JSON.stringify(body))
    assert.match(String(reply.body.message), /email or phone should not be empty/)
  }
  const additional = { locationId: office.id, additionalEmails: ['only@post.test'] }
  const made = await office.client.post('/contacts/upsert', additional)
  assert.equal(made.body.new, true)
  assert.equal((await office.client.post('/contacts/upsert', additional)).body.contact.id, made.body.contact.id)
})
