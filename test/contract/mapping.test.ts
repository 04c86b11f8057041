import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileMapping, MappingFault } from '../../src/connect/mapping/compile.ts'
import { CONVERSIONS, type Habits, type MappedField, Mapping } from '../../src/connect/mapping/document.ts'
import { LINE_TARGETS, TARGETS } from '../../src/connect/mapping/targets.ts'
import { contacts } from '../../src/resources/records/contacts.ts'
import { invoices } from '../../src/resources/records/invoices.ts'
import { misfitsOf } from '../../src/store/validate.ts'

const HABITS: Habits = { zone: 'America/Chicago', country: 'US', currency: 'USD' }

const contact = (fields: MappedField[], more: Partial<Mapping> = {}): Mapping => ({
  object: 'contact',
  fields,
  filters: [],
  externalId: { path: 'id' },
  keys: ['externalId'],
  conflicts: 'source',
  ...more,
})

const invoice = (fields: MappedField[], more: Partial<Mapping> = {}): Mapping =>
  contact([{ to: 'total', from: { path: 'total' } }, { to: 'status', from: { value: 'sent' } }, ...fields], {
    object: 'invoice',
    ...more,
  })

const expression = (text: string): Mapping => contact([{ to: 'firstName', from: { expression: text } }])

async function valuesOf(mapping: Mapping, item: unknown, habits = HABITS): Promise<Record<string, unknown>> {
  const outcome = await compileMapping(mapping).apply(item, habits)
  assert.equal(outcome.outcome, 'mapped', JSON.stringify(outcome))
  return outcome.outcome === 'mapped' ? outcome.values : {}
}

async function problemsOf(mapping: Mapping, item: unknown): Promise<string[]> {
  const outcome = await compileMapping(mapping).apply(item, HABITS)
  assert.equal(outcome.outcome, 'failed', JSON.stringify(outcome))
  return outcome.outcome === 'failed' ? outcome.problems.map(({ at, message }) => `${at} ${message}`) : []
}

const faultsOf = (mapping: Mapping): string[] => {
  try {
    compileMapping(mapping)
    return []
  } catch (error) {
    assert.ok(error instanceof MappingFault)
    return error.problems.map(({ at, message }) => `${at} ${message}`)
  }
}

test('every field that a mapping can write is one of the record', () => {
  const notStored = { contact: ['name'], invoice: [] }
  for (const [object, resource] of [
    ['contact', contacts],
    ['invoice', invoices],
  ] as const)
    assert.deepEqual(
      Object.keys(TARGETS[object]).filter((to) => !(to in resource.schema.properties)),
      notStored[object],
    )
  const { items } = invoices.schema.properties.items as unknown as { items: { properties: object } }
  assert.deepEqual(Object.keys(LINE_TARGETS), Object.keys(items.properties))
})

test('values become what our fields want, by the habits of the location and of the item itself', async () => {
  const fields: MappedField[] = [
    ...['firstName', 'email', 'phone', 'dateOfBirth', 'tags', 'country', 'additionalEmails'].map((to) => ({
      to,
      from: { path: to },
    })),
    { to: 'customFields.guests', from: { path: 'guests' } },
    { to: 'customFields.budget', from: { path: 'budget' }, as: 'money' },
    { to: 'source', from: { value: '17hats' } },
    {
      to: 'type',
      from: { lookup: { path: 'type', table: { 'Hot Lead': 'lead', Client: 'customer' }, otherwise: 'lead' } },
    },
    { to: 'lastName', from: { expression: '$name(full).last' } },
    { to: 'companyName', from: { path: 'none' } },
  ]
  const item = {
    id: 7,
    firstName: ' Ada ',
    email: 'Ada <ada@ex.test>',
    phone: '020 7946 0018',
    country: 'United Kingdom',
    dateOfBirth: 'Dec 10, 1990',
    tags: 'wedding, vip;vip',
    additionalEmails: 'a2@ex.test, a3@ex.test',
    guests: 80,
    budget: '$1,200.00',
    type: ' client',
    full: 'Ada van Lovelace',
    none: ' ',
  }
  assert.deepEqual(await valuesOf(contact(fields), item), {
    country: 'GB',
    firstName: 'Ada',
    email: 'ada@ex.test',
    phone: '+442079460018',
    dateOfBirth: '1990-12-10',
    tags: ['wedding', 'vip'],
    additionalEmails: ['a2@ex.test', 'a3@ex.test'],
    'customFields.guests': 80,
    'customFields.budget': 1200,
    source: '17hats',
    type: 'customer',
    lastName: 'van Lovelace',
  })
})

test('an invoice brings its lines, each by a key of its own, and cents of its own currency', async () => {
  const mapping = invoice(
    [
      { to: 'currency', from: { path: 'currency' } },
      { to: 'amountPaid', from: { path: 'paid' }, as: 'money.minor' },
    ],
    {
      changedAt: { path: 'updated' },
      lines: {
        from: 'items.data',
        key: { path: 'id' },
        fields: [
          { to: 'name', from: { expression: 'name & " (" & sku & ")"' } },
          { to: 'quantity', from: { path: 'qty' } },
          { to: 'price', from: { expression: '$minor(amount, "jpy")' } },
        ],
      },
    },
  )
  const item = (data: unknown[]) => ({
    id: 'i',
    total: '1,200',
    currency: 'jpy',
    paid: 500,
    updated: 1_772_775_000,
    items: { data },
  })
  const { apply, applyAll } = compileMapping(mapping)
  const first = await apply(
    item([
      { id: 1, name: 'Cake', sku: 'C', qty: 2, amount: 300 },
      { id: 2, name: 'Tea', sku: 'T', amount: 5 },
    ]),
    HABITS,
  )
  assert.deepEqual(first, {
    outcome: 'mapped',
    externalId: 'i',
    values: { currency: 'JPY', total: 1200, status: 'sent', amountPaid: 500 },
    lines: [
      { key: '1', values: { name: 'Cake (C)', quantity: 2, price: 300 } },
      { key: '2', values: { name: 'Tea (T)', price: 5 } },
    ],
    changedAt: '2026-03-06T05:30:00.000Z',
  })
  const many = await applyAll(
    [
      item([]),
      item([
        { id: 1, name: 'x', sku: '' },
        { id: 1, name: 'y', sku: '' },
      ]),
      { id: 'i', total: 1 },
    ],
    HABITS,
  )
  assert.deepEqual(
    many.map((one) => (one.outcome === 'mapped' ? (one.lines ?? null) : one.outcome)),
    [[], 'failed', null],
  )
})

test('an item is skipped because of what a filter says, fails by what is wrong with it, and is emptied where asked', async () => {
  const filters: Mapping['filters'] = [
    { when: { path: 'type', is: 'equal', value: 'test' }, reason: 'it is a test' },
    { when: { path: 'total', is: 'below', value: 10 }, reason: 'it is small' },
    { when: { expression: 'tags[$ = "old"]' }, reason: 'it is old' },
    { when: { path: 'deleted', is: 'filled' }, reason: 'it is gone' },
  ]
  const mapping = contact(
    [
      { to: 'email', from: { path: 'email' }, required: true },
      { to: 'phone', from: { path: 'phone' }, empty: 'clear' },
      { to: 'city', from: { path: 'city' } },
      { to: 'type', from: { lookup: { path: 'kind', table: { a: 'lead' } } } },
    ],
    { filters, keys: ['externalId', 'email'] },
  )
  const { applyAll } = compileMapping(mapping)
  const items = [
    { type: ' Test ' },
    { total: '9.50' },
    { tags: ['new', 'old'] },
    { deleted: true },
    { id: 1, email: 'a@ex.test', total: '1,000', phone: '', city: null },
  ]
  assert.deepEqual(
    (await applyAll(items, HABITS)).map((one) => (one.outcome === 'skipped' ? one.reason : one.outcome)),
    ['it is a test', 'it is small', 'it is old', 'it is gone', 'mapped'],
  )
  assert.deepEqual(await valuesOf(mapping, items[4]), { email: 'a@ex.test', phone: null })
  assert.deepEqual(await problemsOf(mapping, { id: {}, email: 'nobody', phone: 'x', city: {}, kind: 'b' }), [
    'email “nobody” is no e-mail address',
    'phone “x” is no telephone number',
    'city “{}” is no text',
    'type “b” stands in no line of its table',
    'externalId “{}” is no text',
  ])
  assert.deepEqual(await problemsOf(contact([{ to: 'city', from: { path: 'city' } }]), { city: 'x' }), [
    'keys nothing says which contact it is: empty are externalId',
  ])
})

test('everything that is wrong with a mapping is told with its place', () => {
  assert.deepEqual(
    faultsOf(
      contact(
        [
          { to: 'firstName', from: { path: 'a..b' } },
          { to: 'firstName', from: { value: 1 } },
          { to: 'shoe', from: { expression: 'a.(' } },
          { to: 'customFields.', from: { value: 1 } },
        ],
        {
          keys: ['externalId', 'email', 'number', 'externalId'],
          externalId: null,
          conflicts: 'newest',
          filters: [{ when: { path: '[', is: 'equal' }, reason: 'x' }],
          lines: { from: 'items', key: null, fields: [{ to: 'colour', from: { value: 1 } }] },
        },
      ),
    ).map((fault) => fault.split(' ')[0]),
    [
      'filters[0].when.path',
      'filters[0].when.value',
      'fields[0].from.path',
      'fields[1].to',
      'fields[2].to',
      'fields[2].from.expression',
      'fields[3].to',
      'lines',
      'lines.fields',
      'lines.fields[0].to',
      'keys[0]',
      'keys[1]',
      'keys[2]',
      'keys[3]',
      'changedAt',
    ],
  )
  assert.deepEqual(faultsOf(contact([], { object: 'invoice' })), [
    'fields nothing is mapped to total',
    'fields nothing is mapped to status',
  ])
})

test('whatever an item is, a mapping says what becomes of it', async () => {
  const { applyAll } = compileMapping(
    contact(
      [
        ...CONVERSIONS.map((as) => ({ to: `customFields.${as}`, from: { path: as }, as })),
        { to: 'city', from: { expression: 'text & "!"' } },
        { to: 'state', from: { expression: '$money(money)' } },
      ],
      { keys: ['externalId'], filters: [{ when: { expression: 'boolean' }, reason: 'so' }] },
    ),
  )
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.integer().map(String),
  )
  const keys = fc.constantFrom('id', ...CONVERSIONS)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.jsonValue(), fc.dictionary(keys, value)), { maxLength: 20 }),
      async (items) => {
        const outcomes = await applyAll(items, HABITS)
        assert.equal(outcomes.length, items.length)
        for (const one of outcomes) {
          if (one.outcome === 'failed') assert.ok(one.problems.length > 0)
          if (one.outcome === 'mapped') assert.ok(one.externalId)
        }
      },
    ),
    { numRuns: 40 },
  )
})

test('the schema allows what the tests map, and nothing beside it', () => {
  assert.deepEqual(misfitsOf(Mapping, expression('a')), [])
  assert.equal(misfitsOf(Mapping, { ...expression('a'), more: 1 }).length > 0, true)
  assert.equal(misfitsOf(Mapping, contact([{ to: 'x', from: { path: 'a', value: 1 } as never }])).length > 0, true)
})
