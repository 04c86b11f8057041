import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { compileMapping } from '../../src/connect/mapping/compile.ts'
import {
  COMPARISONS,
  CONFLICTS,
  CONVERSIONS,
  type Habits,
  KEYS,
  Mapping,
  type Outcome,
} from '../../src/connect/mapping/document.ts'
import { lostFields } from '../../src/connect/mapping/lost-fields.ts'
import { treeOf } from '../../src/connect/mapping/shape.ts'
import { PRESETS, type Preset } from '../../src/connect/presets/index.ts'
import { CsvReading, openCsv } from '../../src/connect/reading/csv.ts'
import { EmailReading, emailFaults, readEmail } from '../../src/connect/reading/email.ts'
import { SIGNATURE_PRESETS } from '../../src/connect/reading/verify.ts'
import { invoices } from '../../src/resources/records/invoices.ts'
import { misfitsOf } from '../../src/store/validate.ts'

const HABITS: Habits = { zone: 'America/Chicago', country: 'US', currency: 'USD' }

async function itemsOf({ sample, csv, email }: Preset): Promise<readonly unknown[]> {
  if ('items' in sample) return sample.items
  if ('csv' in sample) {
    const bytes = async function* () {
      yield Buffer.from(sample.csv)
    }
    const rows = (await Array.fromAsync((await openCsv(bytes(), csv)).rows)).flat()
    return rows.map((row) => ('item' in row ? row.item : assert.fail(row.fault)))
  }
  const read = await readEmail(Buffer.from(sample.mail), email ?? { fields: [] })
  return [read.outcome === 'item' ? read.item : assert.fail(JSON.stringify(read))]
}

const outcomesOf = async (id: string): Promise<Outcome[]> => {
  const preset = PRESETS.find((one) => one.id === id) ?? assert.fail(id)
  return compileMapping(preset.mapping).applyAll(await itemsOf(preset), HABITS)
}

const valuesOf = (outcome: Outcome | undefined) =>
  outcome?.outcome === 'mapped' ? outcome.values : assert.fail(JSON.stringify(outcome))

test('every preset is a mapping that may be stored, and its sample is what it reads', async () => {
  assert.equal(new Set(PRESETS.map(({ id }) => id)).size, PRESETS.length)
  for (const preset of PRESETS) {
    const { id, mapping, signature, csv, email } = preset
    assert.deepEqual(misfitsOf(Mapping, mapping), [], id)
    if (csv !== undefined) assert.deepEqual(misfitsOf(CsvReading, csv), [], id)
    if (email !== undefined) assert.deepEqual([...misfitsOf(EmailReading, email), ...emailFaults(email)], [], id)
    assert.ok(signature === undefined || signature in SIGNATURE_PRESETS, id)
    const items = await itemsOf(preset)
    const outcomes = await compileMapping(mapping).applyAll(items, HABITS)
    assert.ok(
      outcomes.every(({ outcome }) => outcome !== 'failed'),
      `${id}: ${JSON.stringify(outcomes)}`,
    )
    assert.ok(
      outcomes.some(({ outcome }) => outcome === 'mapped'),
      id,
    )
    assert.deepEqual(lostFields(mapping, treeOf(items), treeOf(items)), [], id)
    for (const outcome of outcomes.filter((one) => one.outcome === 'mapped'))
      if (mapping.object === 'invoice') {
        const items = outcome.lines?.map(({ values }) => values)
        assert.deepEqual(
          misfitsOf(invoices.schema, { ...outcome.values, ...(items === undefined ? {} : { items }) }),
          [],
          id,
        )
      }
  }
})

const ADA = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  email: 'ada@ex.test',
  additionalEmails: ['a2@ex.test', 'a3@ex.test'],
  phone: '+12125550100',
  companyName: 'Engines Ltd',
  type: 'customer',
  address1: '1 Main St',
  city: 'Austin',
  state: 'TX',
  postalCode: '78701',
  country: 'US',
  dateOfBirth: '1990-12-10',
  tags: ['wedding', 'vip'],
  source: '17hats',
}

test('a contact of 17hats is the same by either way', async () => {
  const [hook] = await outcomesOf('17hats-contact')
  assert.deepEqual(valuesOf(hook), ADA)
  assert.equal(hook?.outcome === 'mapped' && hook.externalId, '17h_c_1001')
  const [first, second] = await outcomesOf('17hats-contacts-csv')
  assert.deepEqual(valuesOf(first), ADA)
  assert.deepEqual(valuesOf(second), {
    firstName: 'Bob',
    lastName: 'Smith',
    email: 'bob@ex.test',
    phone: '+18888888888',
    type: 'lead',
    source: '17hats',
  })
})

test('an invoice has its amounts, days, status and lines from each program', async () => {
  const [quickbooks] = await outcomesOf('quickbooks-invoice')
  assert.deepEqual(quickbooks, {
    outcome: 'mapped',
    externalId: '130',
    values: {
      currency: 'USD',
      number: 'INV-0042',
      name: 'Ada Lovelace',
      customerId: '58',
      issueDate: '2026-03-01',
      dueDate: '2026-04-01',
      total: 1200,
      amountPaid: 700,
      status: 'partially_paid',
      notes: 'Thank you',
    },
    lines: [{ key: '1', values: { name: 'Retainer', quantity: 2, price: 600 } }],
    changedAt: '2026-03-10T19:00:00.000Z',
  })
  const [stripe] = await outcomesOf('stripe-invoice')
  const { total, amountPaid, issueDate, status, currency, paidAt } = valuesOf(stripe)
  assert.deepEqual(
    [total, amountPaid, issueDate, status, currency, paidAt],
    [1200, 1200, '2026-03-01', 'paid', 'USD', '2026-03-10T12:00:00.000Z'],
  )
  assert.deepEqual(stripe?.outcome === 'mapped' && stripe.lines?.[0]?.values, {
    name: 'Retainer',
    quantity: 2,
    price: 600,
  })
  const sales = await outcomesOf('17hats-client-sales-csv')
  assert.deepEqual(
    sales.map((one) => (one.outcome === 'mapped' ? one.values.status : one.outcome)),
    ['partially_paid', 'paid', 'skipped'],
  )
  const payments = await outcomesOf('17hats-transactions-csv')
  assert.deepEqual(
    payments.map((one) => (one.outcome === 'mapped' ? one.values.status : one.outcome)),
    ['paid', 'skipped', 'refunded'],
  )
  const [mail] = await outcomesOf('17hats-paid-mail')
  assert.deepEqual(valuesOf(mail), {
    number: 'INV-0042',
    name: 'Ada Lovelace',
    total: 1200,
    amountPaid: 1200,
    paidAt: '2026-03-10',
    status: 'paid',
  })
  const [relay] = await outcomesOf('17hats-invoice')
  assert.deepEqual(
    [valuesOf(relay).total, valuesOf(relay).amountPaid, valuesOf(relay).status],
    [1200, 700, 'partially_paid'],
  )
})

test('the page names every preset and every word of a mapping, and its example is one', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/connections.md'), 'utf8')
  const words = [
    ...PRESETS.map(({ id }) => id),
    ...Object.keys(SIGNATURE_PRESETS),
    ...CONVERSIONS,
    ...COMPARISONS,
    ...CONFLICTS,
    ...KEYS,
  ]
  assert.deepEqual(
    words.filter((word) => !page.includes(`\`${word}\``)),
    [],
  )
  const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '')
  assert.deepEqual(misfitsOf(Mapping, example), [])
  compileMapping(example)
})
