import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diffDocuments } from '../../src/snapshots/diff.ts'
import { type Doc, field, flow, formField, id, ids, merge, named, part, step } from '../support/merging.ts'

test('both sides add to a list of plain values, and both additions arrive', () => {
  const options = (...picklistOptions: string[]) => ({
    name: 'Package',
    fieldKey: 'contact.package',
    dataType: 'SINGLE_OPTIONS',
    picklistOptions,
  })
  const merged = merge('custom_fields', {
    base: options('A', 'B', 'C'),
    target: options('A', 'B', 'C', 'Client own'),
    source: options('A', 'B', 'C', 'Agency new'),
  })
  assert.deepEqual(merged.conflicts, [])
  assert.deepEqual(
    new Set(field(merged.document, 'picklistOptions') as string[]),
    new Set(['A', 'B', 'C', 'Client own', 'Agency new']),
  )
})

test("what one side takes out of a list is gone, in the target's order unless only the snapshot reordered", () => {
  const list = (...keywords: string[]) => ({ tagIds: keywords })
  const result = (base: string[] | null, target: string[], source: string[]) =>
    field(
      merge('campaigns', { base: base && list(...base), target: list(...target), source: list(...source) }).document,
      'tagIds',
    )
  assert.deepEqual(result(['a', 'b', 'c'], ['a', 'c'], ['a', 'b', 'n', 'c']), ['a', 'n', 'c'])
  assert.deepEqual(result(['a', 'b', 'c'], ['a', 'b', 'c', 'm'], ['c', 'b', 'a']), ['c', 'm', 'b', 'a'])
  assert.deepEqual(result(['a', 'b', 'c'], ['c', 'b', 'a'], ['a', 'b', 'c', 'n']), ['c', 'n', 'b', 'a'])
  assert.deepEqual(result(['a', 'b'], [], ['a', 'b', 'n']), ['n'])
  assert.deepEqual(result(null, ['a', 'b'], ['b', 'c']), ['a', 'b', 'c'])
})

test('a list that repeats a value, and a list of things without ids, is one value', () => {
  const repeated = merge('campaigns', {
    base: { tagIds: ['a'] },
    target: { tagIds: ['a', 'a'] },
    source: { tagIds: ['a', 'b'] },
  })
  assert.deepEqual(repeated.conflicts, [{ path: 'tagIds', base: ['a'], target: ['a', 'a'], source: ['a', 'b'] }])
  const hours = (n: number) => ({ openHours: [{ hours: n }] })
  assert.deepEqual(merge('calendars', { base: hours(1), target: hours(2), source: hours(3) }).document, hours(2))
  const first = merge('calendars', { base: null, target: { openHours: [] }, source: hours(3) })
  assert.deepEqual(
    first,
    { document: hours(3), conflicts: [], matchedParts: [], warnings: [], redirected: [] },
    'nothing on one side is no disagreement',
  )
})

test("a list that one side has emptied is that side's removal, part by part", () => {
  const base = { name: 'P', stages: [part('New'), part('Won'), part('Lost')] }
  const source = { name: 'P', stages: [part('New'), part('Won', { probability: 90 }), part('Lost'), part('Later')] }
  for (const target of [{ name: 'P', stages: [] }, { name: 'P' }] as Doc[]) {
    const merged = merge('pipelines', { base, target, source })
    assert.deepEqual(ids(merged.document, 'stages'), ['Later'])
    assert.deepEqual(merged.conflicts, [{ path: 'stages[Won]', base: base.stages[1], source: source.stages[1] }])
    const other = merge('pipelines', { base, target: source, source: target })
    assert.deepEqual(ids(other.document, 'stages'), ['Won', 'Later'], 'what the target changed and added stays')
    assert.deepEqual(other.conflicts, [{ path: 'stages[Won]', base: base.stages[1], target: source.stages[1] }])
  }
})

test("a stage of the same name added on both sides is one stage, and keeps the target's id", () => {
  const base = { name: 'P', stages: [part('New', { position: 0 })] }
  const target = {
    name: 'P',
    stages: [part('New', { position: 0 }), { id: id('mine'), name: 'Proposal Sent', position: 1 }],
  }
  const source = {
    name: 'P',
    stages: [part('New', { position: 0 }), { id: id('theirs'), name: 'proposal  sent', position: 1, probability: 40 }],
  }
  const merged = merge('pipelines', { base, target, source })
  assert.deepEqual(merged.matchedParts, [{ target: 'mine', source: 'theirs' }])
  assert.deepEqual(ids(merged.document, 'stages'), ['New', 'mine'])
  assert.equal((field(merged.document, 'stages') as Doc[])[1]?.probability, 40)
  assert.deepEqual(merged.conflicts, [
    { path: 'stages[Proposal Sent].name', target: 'Proposal Sent', source: 'proposal  sent' },
  ])
})

test("what the source says about a matched step follows it to the target's id, in pointers and in texts", () => {
  const base = flow(step('A'))
  const target = flow(step('A', 't'), { ...step('t'), name: 'Call' })
  const source = flow(step('A', 's', { body: `https://x/?s=${id('s')}&l=⟦⟦.s⟧` }), {
    ...step('s'),
    name: 'Call',
    body: 'From t',
  })
  const merged = merge('workflows', { base, target, source })
  assert.deepEqual(merged.conflicts, [])
  assert.deepEqual(
    merged.document,
    flow(step('A', 't', { body: `https://x/?s=${id('t')}&l=⟦⟦.s⟧` }), { ...step('t'), name: 'Call' }),
  )
})

test("two new parts of one name on a side are nobody's match", () => {
  const target = flow(step('A'), { ...step('t'), name: 'Call' })
  const source = flow(step('A'), { ...step('s1'), name: 'Call' }, { ...step('s2'), name: 'Call' })
  assert.deepEqual(merge('workflows', { base: flow(step('A')), target, source }).matchedParts, [])
})

test('the order of the side that reordered stands; two orders are a conflict', () => {
  const list = (...names: string[]) => ({ name: 'P', stages: names.map((name, position) => part(name, { position })) })
  const base = list('A', 'B', 'C')
  const onlySource = merge('pipelines', { base, target: list('A', 'B', 'Mine', 'C'), source: list('C', 'B', 'A') })
  assert.deepEqual(onlySource.document, list('C', 'B', 'Mine', 'A'))
  assert.deepEqual(onlySource.conflicts, [])
  const alike = merge('pipelines', { base, target: list('B', 'A', 'C', 'Mine'), source: list('Ours', 'B', 'A', 'C') })
  assert.deepEqual(alike.document, list('Ours', 'B', 'A', 'C', 'Mine'))
  assert.deepEqual(alike.conflicts, [])
  const input = { base, target: list('B', 'A', 'C'), source: list('A', 'C', 'B', 'New') }
  const both = merge('pipelines', input)
  assert.deepEqual(both.conflicts, [
    { path: 'stages.order', base: ['A', 'B', 'C'], target: ['B', 'A', 'C'], source: ['A', 'C', 'B'] },
  ])
  assert.deepEqual(both.document, list('B', 'New', 'A', 'C'))
  const taken = merge('pipelines', { ...input, takes: new Map([['stages.order', 'source']]) })
  assert.deepEqual([taken.document, taken.conflicts], [list('A', 'C', 'B', 'New'), []])
})

test('a stage whose number only moved along can be removed by the other side', () => {
  const list = (...names: string[]) => ({ name: 'P', stages: names.map((name, position) => part(name, { position })) })
  const merged = merge('pipelines', {
    base: list('A', 'B', 'C'),
    target: list('First', 'A', 'B', 'C'),
    source: list('A', 'C'),
  })
  assert.deepEqual([merged.document, merged.conflicts], [list('First', 'A', 'C'), []])
})

test('positions that say something else than the order are fields like any other', () => {
  const list = (a: number, b: number) => ({
    name: 'P',
    stages: [part('A', { position: a }), part('B', { position: b })],
  })
  const merged = merge('pipelines', { base: list(2, 1), target: list(3, 1), source: list(4, 1) })
  assert.deepEqual(merged.conflicts, [{ path: 'stages[A].position', base: 2, target: 3, source: 4 }])
})

test('a type and its options come from one side', () => {
  const own = { name: 'Season', fieldKey: 'contact.season', dataType: 'TEXT', model: 'contact' }
  const source = { ...own, dataType: 'SINGLE_OPTIONS', picklistOptions: ['Spring', 'Summer'] }
  const first = merge('custom_fields', { base: null, target: own, source })
  assert.deepEqual(first.document, own, 'no text field with options')
  assert.deepEqual(
    first.conflicts.map(({ path }) => path),
    ['dataType', 'picklistOptions'],
  )
  const taken = merge('custom_fields', { base: null, target: own, source, takes: new Map([['dataType', 'source']]) })
  assert.deepEqual([taken.document, taken.conflicts], [source, []])
  const pushed = merge('custom_fields', { base: source, target: { ...source, name: 'When' }, source: own })
  assert.deepEqual([pushed.document, pushed.conflicts], [{ ...own, name: 'When' }, []])
  const edited = { ...source, picklistOptions: ['Spring', 'Summer', 'Autumn'] }
  const both = merge('custom_fields', { base: source, target: edited, source: own })
  assert.deepEqual(both.document, edited, 'options that the client made are not lost without a word')
  assert.deepEqual(
    both.conflicts.map(({ path }) => path),
    ['dataType', 'picklistOptions'],
  )
})

test('a number comes with its unit', () => {
  const slot = (slotDuration: number, slotDurationUnit: string) => ({ name: 'C', slotDuration, slotDurationUnit })
  const merged = merge('calendars', { base: slot(30, 'mins'), target: slot(45, 'mins'), source: slot(1, 'hours') })
  assert.deepEqual(merged.document, slot(45, 'mins'), 'not 45 hours')
})

test("removed on one side and changed on the other is a conflict, and the target's side stands", () => {
  const [base, edited, without] = [
    flow(step('A'), step('B')),
    flow(step('A'), step('B', null, { body: 'New' })),
    flow(step('A')),
  ]
  const kept = merge('workflows', { base, target: edited, source: without })
  assert.deepEqual(kept.document, edited)
  assert.deepEqual(kept.conflicts, [{ path: 'steps[B]', base: step('B'), target: step('B', null, { body: 'New' }) }])
  const gone = merge('workflows', { base, target: without, source: edited })
  assert.deepEqual(gone.document, without)
  assert.deepEqual(gone.conflicts, [{ path: 'steps[B]', base: step('B'), source: step('B', null, { body: 'New' }) }])
  const takes = new Map([['steps[B]', 'source']] as const)
  assert.deepEqual(merge('workflows', { base, target: edited, source: without, takes }).document, without)
  assert.deepEqual(merge('workflows', { base, target: without, source: edited, takes }).document, edited)
})

test('a decision holds also where only the target has changed', () => {
  const [base, target] = [
    flow(step('A'), step('B')),
    flow(step('A', null, { body: 'Mine' }), step('B', null, { body: 'Mine' })),
  ]
  const merged = merge('workflows', { base, target, source: base, takes: new Map([['steps[A].body', 'source']]) })
  assert.deepEqual(merged.document, flow(step('A'), step('B', null, { body: 'Mine' })))
  assert.deepEqual(merge('workflows', { base, target, source: base, takes: new Map([['', 'source']]) }).document, base)
})

test('a field that one side moved to another slide and the other changed where it was comes out once, moved and changed', () => {
  const survey = (one: Doc[], two: Doc[]) => ({
    name: 'S',
    slides: [part('One', { fields: one }), part('Two', { fields: two })],
  })
  const base = survey([formField('a'), formField('b')], [formField('c')])
  const target = survey([formField('a'), formField('b', { required: true })], [formField('c')])
  const merged = merge('surveys', { base, target, source: survey([formField('a')], [formField('b'), formField('c')]) })
  assert.deepEqual(merged.document, survey([formField('a')], [formField('b', { required: true }), formField('c')]))
  assert.deepEqual(merged.conflicts, [])
})

test("replaced by the snapshot, parts of the same name keep the target's ids", () => {
  const target = flow(step('A', 't'), { ...step('t'), name: 'Call' })
  const source = flow(step('A', 's'), { ...step('s', null, { body: 'Ours' }), name: 'call' })
  const merged = merge('workflows', { base: flow(step('A')), target, source, replace: true })
  assert.deepEqual(merged.document, flow(step('A', 't'), { ...step('t', null, { body: 'Ours' }), name: 'call' }))
  assert.deepEqual([merged.conflicts, merged.matchedParts], [[], [{ target: 't', source: 's' }]])
})

test("a seed of a local value is the snapshot's", () => {
  const value = (text: string) => ({ name: 'Phone', fieldKey: 'phone', default: text })
  const merged = merge('custom_values', { base: value('1'), target: value('2'), source: value('3') })
  assert.deepEqual([merged.document, merged.conflicts], [value('3'), []])
})

test('names that every object inherits are names like any other', () => {
  const hook = (body: string) =>
    flow(part('A', { type: 'webhook', webhook: JSON.parse(`{"method":"POST","url":"https://x","body":${body}}`) }))
  const merged = merge('workflows', {
    base: hook('{}'),
    target: hook('{"constructor":"a","mine":1}'),
    source: hook('{"__proto__":{"b":1},"toString":"c"}'),
  })
  assert.deepEqual(merged.conflicts, [])
  assert.equal(
    JSON.stringify(field(field(named(merged.document, 'steps', 'A'), 'webhook'), 'body')),
    '{"constructor":"a","mine":1,"__proto__":{"b":1},"toString":"c"}',
  )
})

test('a difference lists the parts of a list that is empty on one side', () => {
  const stages = [part('New'), part('Won')]
  assert.deepEqual(diffDocuments({ name: 'P' }, { name: 'P', stages }), [
    { path: 'stages[New]', after: stages[0] },
    { path: 'stages[Won]', after: stages[1] },
  ])
  assert.deepEqual(diffDocuments({ stages }, { stages: [] }), [
    { path: 'stages[New]', before: stages[0] },
    { path: 'stages[Won]', before: stages[1] },
  ])
})
