import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SCOPES } from '../../console/src/api/scopes.ts'
import { pathText } from '../../console/src/parts/document/labels.ts'
import { reasonText } from '../../console/src/parts/reason.ts'
import { scopeText } from '../../console/src/screens/settings/scope-words.ts'

test('where something stands in a document is told in words', () => {
  assert.equal(pathText('description'), 'Description')
  assert.equal(pathText('onSubmit.action'), 'On submit › Action')
  assert.equal(pathText('steps[0].smsTemplateId'), 'Steps 1 › SMS template')
  assert.equal(pathText('stages[Won].dnd'), 'Stages Won › Do not disturb')
  assert.equal(pathText(''), '')
})

test('why something collides is told by the names of its fields, whatever these are', () => {
  assert.equal(
    reasonText("differs from the target's own: description, onSubmit.action"),
    'Differs from what stands there: Description, On submit › Action',
  )
  assert.equal(
    reasonText('changed on both sides: fields[Date, time].label, steps[0].smsTemplateId'),
    'Changed on both sides: Fields Date, time › Label, Steps 1 › SMS template',
  )
  assert.equal(reasonText('a reason in words of its own'), 'a reason in words of its own')
})

test('what a token may is told in words, each scope by others', () => {
  assert.equal(scopeText('locations/customFields.readonly'), 'Sub-accounts, custom fields: read')
  assert.equal(scopeText('contacts.write'), 'Contacts: read and change')
  assert.equal(scopeText('crm.objects.line_items.read'), 'CRM objects, line items: read')
  assert.equal(scopeText('developer.webhooks_journal.read'), 'Journal: read')
  const all = [...new Set([...SCOPES.agency, ...SCOPES.location])]
  assert.equal(new Set(all.map(scopeText)).size, all.length)
})
