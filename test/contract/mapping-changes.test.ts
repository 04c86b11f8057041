import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CONFLICTS, type MappedValues, type Mapping } from '../../src/connect/mapping/document.ts'
import { lostFields, watchItems } from '../../src/connect/mapping/lost-fields.ts'
import { parsePath, readPath } from '../../src/connect/mapping/paths.ts'
import { changesOf, isSame } from '../../src/connect/mapping/settle.ts'
import { treeOf } from '../../src/connect/mapping/shape.ts'

const mapping: Mapping = {
  object: 'invoice',
  fields: [
    { to: 'total', from: { path: 'invoice.total' } },
    { to: 'status', from: { lookup: { path: 'invoice.status', table: {} } } },
    { to: 'name', from: { expression: 'invoice.title & " for " & customer.name' } },
  ],
  filters: [{ when: { path: 'test', is: 'filled' }, reason: 'x' }],
  externalId: { path: 'invoice.id' },
  keys: ['externalId'],
  conflicts: 'source',
  changedAt: { path: 'updated' },
  lines: {
    from: 'invoice.items',
    key: null,
    fields: [
      { to: 'name', from: { path: 'name' } },
      { to: 'price', from: { expression: 'price * 2' } },
    ],
  },
}
const item = () => ({
  invoice: { id: 'i', total: 5, status: 'sent', title: 'A' as string | null, items: [{ name: 'x', price: 1 }] },
  customer: { name: 'Ada' },
  updated: '2026-01-01',
  test: '',
})

const lost = (change: (one: ReturnType<typeof item>) => unknown) =>
  lostFields(mapping, treeOf(Array.from({ length: 50 }, item)), treeOf([change(item())])).map(
    ({ path, at, was, now }) => `${path} (${at}): ${was} -> ${now}`,
  )

test('the tree of an item names its places, types and examples', () => {
  const tree = treeOf([
    {
      id: 1,
      name: 'Ada',
      'a.b': { x: true },
      tags: ['vip'],
      items: [{ price: 5 }, { price: '6', qty: 1 }],
      none: null,
    },
    { id: 'two', name: '', tags: [], items: [], more: 1 },
  ])
  assert.deepEqual(
    tree.map(({ path, depth, types, example = '', always }) => [path, depth, types.join(), example, always]),
    [
      ['id', 0, 'text,number', '1', true],
      ['name', 0, 'text', 'Ada', true],
      ['a\\.b', 0, 'object', '', false],
      ['a\\.b.x', 1, 'boolean', 'true', true],
      ['tags', 0, 'list', 'vip', true],
      ['items', 0, 'list', '', true],
      ['items[].price', 1, 'text,number', '5', true],
      ['items[].qty', 1, 'number', '1', false],
      ['none', 0, '', '', false],
      ['more', 0, 'number', '1', false],
    ],
  )
})

test('every place of the tree of any item can be read by its path', () => {
  fc.assert(
    fc.property(fc.array(fc.object({ maxDepth: 4 }), { minLength: 1, maxLength: 3 }), (samples) => {
      const items = samples.map((sample) => JSON.parse(JSON.stringify(sample)))
      for (const { path, types } of treeOf(items)) {
        const steps = parsePath(path) ?? assert.fail(path)
        if (types.length > 0)
          assert.ok(
            items.some((one) => readPath(one, steps) !== undefined),
            path,
          )
      }
      assert.deepEqual(lostFields(mapping, treeOf(items), treeOf(items)), [])
    }),
  )
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`n${at}`, { a: at }]))
  assert.equal(treeOf([wide]).length, 2000)
})

test('a field that a mapping reads and that is gone or of another type is told', () => {
  assert.deepEqual(
    lost((one) => one),
    [],
  )
  assert.deepEqual(
    lost(({ updated: _, ...one }) => one),
    ['updated (changedAt): text -> null'],
  )
  assert.deepEqual(
    lost((one) => ({ ...one, customer: 'Ada' })),
    ['customer.name (name): text -> null'],
  )
  assert.deepEqual(
    lost((one) => ({ ...one, invoice: { ...one.invoice, total: '5' } })),
    ['invoice.total (total): number -> text'],
  )
  assert.deepEqual(
    lost((one) => ({ ...one, invoice: { ...one.invoice, items: [{ title: 'x', price: {} }] } })),
    ['invoice.items[].name (lines.name): text -> null', 'invoice.items[].price (lines.price): number -> object'],
  )
  const empty = (one: ReturnType<typeof item>) => ({
    ...one,
    invoice: { ...one.invoice, title: null, items: [] },
    customer: null,
    added: 1,
  })
  assert.deepEqual(lost(empty), [], 'what is empty this time is not lost')
})

/** Every other one has a phone. */
const people = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: n, email: `p${n}@ex.test`, ...(n % 2 ? { phone: '5' } : {}) }))

const contact: Mapping = {
  object: 'contact',
  fields: [
    { to: 'email', from: { paths: ['email', 'mail'] } },
    { to: 'phone', from: { path: 'phone' } },
    { to: 'city', from: { path: 'city' } },
  ],
  filters: [],
  externalId: { path: 'id' },
  keys: ['externalId'],
  conflicts: 'source',
}

/** What an item has lost after so many that were alike. */
const missed = (before: readonly unknown[], item: unknown) =>
  watchItems(contact, watchItems(contact, [], before).known, [item]).lost.map(({ path, now }) => `${path}: ${now}`)

test('a field is missed once it has always been there for long enough, and what programs leave out is not', () => {
  const { email: _, ...nameless } = people(1)[0] as { email: string }
  const renamed = { ...nameless, address: 'p@ex.test' }
  assert.deepEqual(missed(people(9), renamed), [])
  assert.deepEqual(missed(people(10), renamed), ['email: null'], 'a new name stands beside it')
  assert.deepEqual(missed(people(10), nameless), [])
  assert.deepEqual(missed(people(50), nameless), ['email: null'])
  assert.deepEqual(missed(people(50), { ...nameless, mail: 'p@ex.test' }), [], 'it stands at its other place')
  assert.deepEqual(missed(people(50), { ...people(1)[0], fax: '6' }), [], 'it was not always there')
  assert.deepEqual(missed(people(50), { ...people(1)[0], phone: 5 }), [])
  assert.deepEqual(missed(people(100), { ...people(1)[0], phone: 5 }), ['phone: number'])
  assert.deepEqual(missed(people(20), { ...people(1)[0], phone: ['5'] }), ['phone: list'], 'no single value any more')
  assert.deepEqual(missed([], renamed), [])
})

test('of many items at once the one is found that has lost something, and what was learnt before it is kept', () => {
  const { known } = watchItems(contact, [], people(60))
  const { email: _, ...lame } = people(1)[0] as { email: string }
  const after = watchItems(contact, known, [...people(20), lame, ...people(20)])
  assert.deepEqual([after.lost.map(({ path }) => path), after.known], [['email'], known])
  // One in thirty has no city.
  const sparse = people(90).map((one, n) => (n % 30 === 29 ? one : { ...one, city: 'Austin' }))
  const learnt = watchItems(contact, [], sparse).known
  assert.deepEqual(watchItems(contact, learnt, people(60)).lost, [])
  assert.deepEqual(watchItems(contact, learnt, []), { lost: [], known: learnt })
})

const settle = (
  conflicts: (typeof CONFLICTS)[number],
  ours: Record<string, unknown> | null,
  incoming: MappedValues,
  lastSynced: MappedValues | null,
  moments: { oursChangedAt?: string; incomingChangedAt?: string } = {},
) => {
  const { write, left } = changesOf({ conflicts, fields: [] }, { ours, incoming, lastSynced, ...moments })
  return [write, left.map(({ to }) => to)]
}

test('where one side changed its value stands, and where both did the policy says who wins', () => {
  for (const policy of CONFLICTS) {
    assert.deepEqual(settle(policy, null, { a: 1, b: null }, null), [{ a: 1 }, []], 'a new record')
    assert.deepEqual(settle(policy, { a: 1 }, { a: 1 }, { a: 2 }), [{}, []], 'both say the same')
    assert.deepEqual(settle(policy, { a: 'ours' }, { a: 'old' }, { a: 'old' }), [{}, ['a']], 'changed here alone')
    assert.deepEqual(settle(policy, {}, { a: 'new' }, null), [{ a: 'new' }, []], 'empty here')
    if (policy !== 'fill')
      assert.deepEqual(settle(policy, { a: 'old' }, { a: 'new' }, { a: 'old' }), [{ a: 'new' }, []])
  }
  assert.deepEqual(settle('fill', { a: 'old' }, { a: 'new' }, { a: 'old' }), [{}, ['a']])
  assert.deepEqual(settle('fill', { a: ' ' }, { a: 'new' }, { a: 'old' }), [{ a: 'new' }, []])
  for (const base of [{ a: 'old' }, null]) {
    assert.deepEqual(settle('source', { a: 'ours' }, { a: 'new' }, base), [{ a: 'new' }, []])
    assert.deepEqual(settle('ours', { a: 'ours' }, { a: 'new' }, base), [{}, ['a']])
    const at = (ours?: string, theirs?: string) =>
      settle('newest', { a: 'ours' }, { a: 'new' }, base, {
        ...(ours === undefined ? {} : { oursChangedAt: ours }),
        ...(theirs === undefined ? {} : { incomingChangedAt: theirs }),
      })
    assert.deepEqual(at('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'), [{ a: 'new' }, []])
    assert.deepEqual(at('2026-01-02T00:00:00+02:00', '2026-01-01T21:00:00Z'), [{}, ['a']])
    assert.deepEqual(at('2026-01-02T00:00:00Z'), [{}, ['a']])
    assert.deepEqual(at(undefined, '2026-01-02T00:00:00Z'), [{ a: 'new' }, []])
  }
  const own = changesOf(
    { conflicts: 'source', fields: [{ to: 'b', conflicts: 'ours' }] },
    { ours: { a: 1, b: 1 }, incoming: { a: 2, b: 2 }, lastSynced: null },
  )
  assert.deepEqual(own, { write: { a: 2 }, left: [{ to: 'b', because: 'it was changed here, and ours wins' }] })
})

test('each incoming value is written, left alone with a reason, or there already; and a second time changes nothing', () => {
  const value = fc.oneof(
    fc.constantFrom('', 'a', 'b', '2026-01-05', 1, 2, true, null),
    fc.array(fc.constantFrom('x', 'y')),
  )
  const values = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), value)
  fc.assert(
    fc.property(
      fc.constantFrom(...CONFLICTS),
      fc.option(values),
      values,
      fc.option(values),
      (conflicts, ours, incoming, lastSynced) => {
        const { write, left } = changesOf({ conflicts, fields: [] }, { ours, incoming, lastSynced })
        for (const [to, one] of Object.entries(incoming)) {
          const ways = [to in write, left.some((other) => other.to === to), isSame(ours?.[to], one)]
          assert.equal(ways.filter(Boolean).length, 1, `${to}: ${ways}`)
        }
        const after = { ...ours, ...write }
        const again = changesOf(
          { conflicts, fields: [] },
          { ours: after, incoming, lastSynced: { ...lastSynced, ...write } },
        )
        assert.deepEqual(again.write, {})
      },
    ),
    { numRuns: 1000 },
  )
})

test('values are the same whatever form they are stored in', () => {
  for (const [one, other] of [
    ['2026-01-05', '2026-01-05T00:00:00.000Z'],
    [
      ['b', 'A'],
      ['a', 'b'],
    ],
    [12, '12.0'],
    ['', undefined],
    [[], null],
    [' x', 'x'],
  ])
    assert.ok(isSame(one, other), `${one} ${other}`)
  for (const [one, other] of [
    ['x', 'X'],
    ['1', '1.0'],
    [['a'], ['a', 'a']],
    [0, ''],
    [false, null],
    ['2026-01-05', '2026-01-05T01:00:00Z'],
    [{}, {}],
  ])
    assert.ok(!isSame(one, other), `${one} ${other}`)
})
