import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type EmailReading, emailFaults, readEmail } from '../../src/connect/reading/email.ts'
import { textOfHtml } from '../../src/connect/reading/html-text.ts'

const RULES: EmailReading = {
  senders: ['@17hats.com', 'me@ex.test'],
  subject: 'payment',
  fields: [
    { name: 'client', label: 'Client' },
    { name: 'amount', label: 'Amount:', required: true },
    { name: 'number', pattern: 'invoice #?(\\S+)', in: 'subject' },
  ],
}

function mail(
  body: string,
  { type = 'text/plain', from = 'no-reply@17hats.com', subject = 'Payment for Invoice #INV-7' } = {},
): Buffer {
  return Buffer.from(
    [
      `From: "17hats" <${from}>`,
      'To: Studio <In@Ex.test>',
      `Subject: ${subject}`,
      'Date: Tue, 10 Mar 2026 12:00:00 -0500',
      'Message-ID: <m1@17hats.com>',
      `Content-Type: ${type}; charset=utf-8`,
      '',
      body,
    ].join('\r\n'),
  )
}

async function fieldsOf(body: string, type?: string, reading = RULES): Promise<Record<string, string>> {
  const result = await readEmail(mail(body, type === undefined ? {} : { type }), reading)
  return result.outcome === 'item' ? result.item.fields : assert.fail(JSON.stringify(result))
}

test('a mail becomes an item by the labels and patterns of its rules, in text and in markup', async () => {
  const expected = { client: 'Ada Lovelace', amount: '$1,200.00', number: 'INV-7' }
  for (const text of [
    'Hi,\r\n\r\nClient: Ada Lovelace\r\nAmount: $1,200.00\r\n',
    '* Client : Ada Lovelace\r\n* *Amount:* $1,200.00',
    'Client\r\nAda Lovelace\r\n\r\nAMOUNT\r\n\r\n$1,200.00',
    '| Client | Ada Lovelace\r\n| Amount | $1,200.00',
    'Clients are nice.\r\nClient:  Ada Lovelace\r\nAmount $1,200.00',
  ])
    assert.deepEqual(await fieldsOf(text), expected, text)
  for (const html of [
    '<style>Client: x</style><table><tr><td>Client:</td><td>Ada&nbsp;Lovelace</td></tr><tr><th>Amount<td><b>$1,200.00</b></table>',
    '<p>Client<br>Ada Lovelace</p><div><b>Amount:</b> &#36;1,200.00</div>',
  ])
    assert.deepEqual(await fieldsOf(html, 'text/html'), expected, html)
  const result = await readEmail(mail('Amount: 5'), RULES)
  assert.deepEqual(result.outcome === 'item' && { ...result.item, text: '', fields: {} }, {
    id: '<m1@17hats.com>',
    from: { address: 'no-reply@17hats.com', name: '17hats' },
    to: ['in@ex.test'],
    subject: 'Payment for Invoice #INV-7',
    date: '2026-03-10T17:00:00.000Z',
    text: '',
    fields: {},
  })
})

test('mail that is not meant is skipped, and one without what it needs fails', async () => {
  const outcome = async (raw: Buffer, reading = RULES) => {
    const result = await readEmail(raw, reading)
    return result.outcome === 'skipped' ? result.reason : result.outcome === 'failed' ? result.problems : result.outcome
  }
  assert.match(
    String(await outcome(mail('Amount: 5', { from: 'x@not17hats.com' }))),
    /from x@not17hats.com is not meant/,
  )
  assert.match(String(await outcome(mail('Amount: 5', { subject: 'News' }))), /does not hold “payment”/)
  assert.equal(await outcome(mail('Amount: 5', { from: 'ME@ex.test' })), 'item')
  assert.deepEqual(await outcome(mail('Nothing')), [
    { at: 'amount', message: 'is required, and does not stand in the mail' },
  ])
})

test('a pattern that would go on for ever is ended, and one that is none is told', async () => {
  const slow = { fields: [{ name: 'x', pattern: '^(a+)+$' }] }
  const result = await readEmail(mail(`${'a'.repeat(60)}!`), slow)
  assert.deepEqual(result.outcome === 'failed' && result.problems, [
    { at: 'x', message: 'the pattern takes longer than 250 ms' },
  ])
  assert.deepEqual(await fieldsOf('aaa', 'text/plain', slow), { x: 'aaa' })
  const faults = emailFaults({
    fields: [
      { name: 'x', pattern: '(' },
      { name: 'x', label: 'y' },
    ],
  })
  assert.deepEqual(
    faults.map(({ at }) => at),
    ['fields[0].pattern', 'fields[1].name'],
  )
})

test('whatever a mail is, it is read, and no markup takes longer than its length', async () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'Content-Type: multipart/mixed; boundary=x',
      '--x',
      '',
      'Date: never',
      'From: <',
      'Subject: =?utf-8?b?//8=?=',
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 20 }), async (lines) => {
      const result = await readEmail(Buffer.from(lines.join('\r\n')), { fields: [{ name: 'x', label: 'x' }] })
      assert.equal(result.outcome, 'item')
    }),
    { numRuns: 200 },
  )
  fc.assert(
    fc.property(fc.string(), (text) => !textOfHtml(text).includes('<script')),
    { numRuns: 100 },
  )
  for (const html of [
    '<style'.repeat(80_000),
    '<style>'.repeat(80_000),
    '<'.repeat(500_000),
    '&#'.repeat(200_000),
    ' '.repeat(500_000),
    '<p>'.repeat(150_000),
  ])
    assert.equal(typeof textOfHtml(html), 'string')
  assert.equal(textOfHtml('a &lt;b&gt; &#x20AC;5 &bogus; &#xD800;'), 'a <b> €5 &bogus; &#xD800;')
})
