import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { digitsOf, readMoney, readNumber } from '../../src/connect/mapping/amounts.ts'
import { toDay, toMoment } from '../../src/connect/mapping/dates.ts'
import { splitName } from '../../src/connect/mapping/names.ts'
import { parsePath, readPath, toStep } from '../../src/connect/mapping/paths.ts'
import { readDay } from '../../src/moments.ts'

test('a path finds what stands in any document, whatever its names are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }),
      fc.jsonValue(),
      (names, value) => {
        const item = names.reduceRight<unknown>((inner, name) => Object.fromEntries([[name, inner]]), value)
        const steps = parsePath(names.map(toStep).join('.'))
        assert.deepEqual(steps, names)
        assert.deepEqual(readPath(item, steps ?? []), value)
      },
    ),
  )
  const item = { items: [{ n: 'a', t: [1, 2] }, { n: 'b', t: [3] }, 5], 'a.b': { c: [['x']] } }
  const read = (path: string) => readPath(item, parsePath(path) ?? assert.fail(path))
  assert.deepEqual(read('items[].n'), ['a', 'b'])
  assert.deepEqual(read('items[].t[]'), [1, 2, 3])
  assert.equal(read('items[1].t[0]'), 3)
  assert.equal(read('a\\.b.c[0][0]'), 'x')
  for (const path of ['constructor', '__proto__.x', 'items.length', 'items.map', 'items[9].n', 'items.n'])
    assert.equal(read(path), undefined, path)
  for (const path of ['', '.', 'a.', '.a', 'a..b', 'a[', 'a]', 'a[x]', 'a[1]b', 'a\\'])
    assert.equal(parsePath(path), null, path)
})

test('amounts are read as each country writes them', () => {
  const locales = ['en-US', 'de-DE', 'fr-FR', 'de-CH', 'en-IN', 'es-ES', 'pt-BR', 'sv-SE', 'ja-JP'] as const
  fc.assert(
    fc.property(fc.integer({ min: -1e11, max: 1e11 }), fc.constantFrom(...locales), (cents, locale) => {
      const amount = cents / 100
      const country = locale.slice(3)
      const written = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(amount)
      assert.equal(readNumber(written, country), amount === 0 ? 0 : amount, written)
      const currency = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' }).format(amount)
      assert.equal(readMoney(currency, country), amount === 0 ? 0 : amount, currency)
    }),
    { numRuns: 2000 },
  )
  const as = (text: string, country = 'US', digits = 2) => readMoney(text, country, digits)
  for (const [text, amount] of [
    ['1,200', 1200],
    ['1.234', 1.234],
    ['(12.50)', -12.5],
    ['$(12.50)', -12.5],
    ['12.50-', -12.5],
    ['−5', -5],
    ['$ 1 200', 1200],
    ['USD 45.5', 45.5],
    ['45USD', 45],
    ['.5', 0.5],
    ['12,5', 12.5],
  ] as const)
    assert.equal(as(text), amount, text)
  assert.equal(as('1.200', 'DE'), 1200)
  assert.equal(as('1.200', 'US', 0), 1200)
  for (const text of ['', 'abc', '1,2,3', '1.2.3', '12 or 13', '12 13', '--5', '(5', '1e5', '0x10', 'Infinity', '5%'])
    assert.equal(as(text), null, text)
  assert.deepEqual(['USD', 'JPY', 'KWD', '???'].map(digitsOf), [2, 0, 3, 2])
})

test('days and moments are read however they are written', () => {
  const at = { zone: 'America/Chicago' }
  for (const text of [
    '2026-03-05',
    '3/5/2026',
    '03-05-26',
    'Mar 5, 2026',
    'March 5th 2026',
    '5 March 2026',
    'Thu, 05 Mar 2026 23:30:00 -0600',
    'Thursday, March 5, 2026 at 11:30 PM',
    '2026-03-05T23:30:00-06:00',
  ])
    assert.equal(toDay(text, at), '2026-03-05', text)
  assert.equal(toDay('05/03/2026', { ...at, dayFirst: true }), '2026-03-05')
  assert.equal(toMoment('Mar 5, 2026 11:30 PM', at), '2026-03-06T05:30:00.000Z')
  assert.equal(toMoment('Mar 5, 2026', at), '2026-03-05')
  for (const seconds of [1_772_775_000, '1772775000', 1_772_775_000_000])
    assert.equal(toMoment(seconds, at), '2026-03-06T05:30:00.000Z')
  for (const text of ['', 'soon', '31/12/2025', '2026-02-30', 'Mar 2026', '5', '20260305'])
    assert.equal(toDay(text, at), null, text)
})

test('a day is one that the calendar has', () => {
  const at = { zone: 'UTC' }
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      (year, month, day) => {
        const text = [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join(
          '-',
        )
        assert.equal(toDay(text, at), readDay(text), text)
      },
    ),
    { numRuns: 2000 },
  )
})

test('full names are taken apart', () => {
  const of = (text: string) => Object.values(splitName(text)).join('|')
  assert.equal(of('Ada Lovelace'), 'Ada|Lovelace')
  assert.equal(of('Lovelace, Ada'), 'Ada|Lovelace')
  assert.equal(of(' Dr.  Vincent van Gogh '), 'Vincent|van Gogh')
  assert.equal(of('Ada & Bob Smith'), 'Ada & Bob|Smith')
  assert.equal(of('Martin Luther King, Jr.'), 'Martin Luther|King, Jr.')
  assert.equal(of('Ada'), 'Ada|')
})
