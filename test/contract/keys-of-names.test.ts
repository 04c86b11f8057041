import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Office, type Offices, startOffices } from '../support/offices.ts'

let world: Offices
before(async () => {
  world = await startOffices({}, {}, {})
})
after(() => world?.[Symbol.asyncDispose]())
const at = (index: number) => world.offices[index] as Office

/** Names of real accounts and the keys that the real service gives them. */
const KEYS = {
  'Wedding Date': 'wedding_date',
  "What's your belt rank?": 'whats_your_belt_rank',
  'State/Province': 'stateprovince',
  'A.I. Note 1 - (Answer)': 'ai_note_1__answer',
  '¿Cuál es tu nivel?': 'cul_es_tu_nivel',
  'Cua\u0301l': 'cul',
  ' E-mail  2 ': 'email__2',
  snake_Case_: 'snake_case_',
  '🎂 Cake': '_cake',
  '100%': '100',
  'Ｓhirt Ｎo １': 'shirt_no_1',
}

test('a field and a value have the key that the real service makes of their name', async () => {
  const { client, id } = at(0)
  for (const [name, key] of Object.entries(KEYS)) {
    const field = await client.post(`/locations/${id}/customFields`, { name, dataType: 'TEXT' })
    assert.equal(field.body.customField?.fieldKey, `contact.${key}`)
    const deal = await client.post(`/locations/${id}/customFields`, { name, dataType: 'TEXT', model: 'opportunity' })
    assert.equal(deal.body.customField?.fieldKey, `opportunity.${key}`)
    const value = await client.post(`/locations/${id}/customValues`, { name, value: 'x' })
    assert.equal(value.body.customValue?.fieldKey, `{{ custom_values.${key} }}`)
  }
})

test('a name of which nothing is left, and one whose key is taken, have keys of their own, alike everywhere', async () => {
  const names = ['预算', '電話', '???', 'Бюджет', 'Budget?', 'Budget', 'Budget!', 'x'.repeat(200)]
  const keysAt = async (index: number) => {
    const { client, id } = at(index)
    const keys = []
    for (const name of names) {
      const reply = await client.post(`/locations/${id}/customFields`, { name, dataType: 'TEXT' })
      assert.equal(reply.status, 201, JSON.stringify(reply.body))
      keys.push(reply.body.customField.fieldKey)
      const again = await client.post(`/locations/${id}/customFields`, { name: ` ${name} `, dataType: 'TEXT' })
      assert.equal(again.status, 400, name)
    }
    return keys
  }
  const keys = await keysAt(1)
  assert.equal(new Set(keys).size, names.length)
  for (const key of keys.slice(0, 4)) assert.match(key, /^contact\.field_[0-9a-f]{8}$/)
  assert.equal(keys[4], 'contact.budget')
  for (const key of keys.slice(5, 7)) assert.match(key, /^contact\.budget_[0-9a-f]{8}$/)
  assert.deepEqual(await keysAt(2), keys)
})

test('a key stays when its field is renamed, and values are written and found by it', async () => {
  const { client, id } = at(0)
  const made = await client.post(`/locations/${id}/customFields`, { name: 'Shoe size (EU)', dataType: 'TEXT' })
  const field = made.body.customField
  assert.equal(field.fieldKey, 'contact.shoe_size_eu')
  const renamed = await client.put(`/locations/${id}/customFields/${field.id}`, { name: 'Boots?' })
  assert.equal(renamed.body.customField.fieldKey, 'contact.shoe_size_eu')
  const contact = await client.post('/contacts/', {
    locationId: id,
    customFields: [{ key: 'shoe_size_eu', field_value: '43' }],
  })
  assert.deepEqual(contact.body.contact.customFields, [{ id: field.id, value: '43' }])
})
