import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultsOf } from '../../src/store/validate.ts'
import {
  condition,
  type Doc,
  type Fields,
  flow,
  formField,
  id,
  ids,
  merge,
  part,
  rulesOf,
  step,
} from '../support/merging.ts'

test('a step that the target removed is passed over by a new step of the snapshot that led to it', () => {
  const base = flow(step('A', 'B'), step('B', 'D'), step('D'))
  const target = flow(step('A', 'D'), step('D'))
  const jump = (to: string) => part('C', { type: 'go_to_step', goToStepId: id(to) })
  const source = flow(step('A', 'B'), step('B', 'D'), step('D', 'C'), jump('B'))
  const merged = merge('workflows', { base, target, source })
  assert.deepEqual(merged.document, flow(step('A', 'D'), step('D', 'C'), jump('D')))
  assert.deepEqual(merged.redirected, [{ path: 'steps[C].goToStepId', from: 'B', to: 'D' }])
  assert.deepEqual(merged.conflicts, [])
})

test("a step that the snapshot removed is passed over by the client's own branch, through other steps that go", () => {
  const base = flow(step('A', 'B'), step('B', 'C'), step('C', 'D'), step('D'))
  const branch = (to: string) =>
    part('Ask', { type: 'if_else', next: id('B'), branches: [part('Yes', { next: id(to) })] })
  const target = flow(step('A', 'Ask'), branch('C'), step('B', 'C'), step('C', 'D'), step('D'))
  const merged = merge('workflows', { base, target, source: flow(step('A', 'D'), step('D')) })
  const ask = { ...branch('D'), next: id('D') }
  assert.deepEqual(merged.document, flow(step('A', 'Ask'), ask, step('D')))
  assert.deepEqual(merged.conflicts, [], 'the snapshot led A elsewhere only because B went')
  assert.deepEqual(merged.redirected, [
    { path: 'steps[Ask].next', from: 'B', to: 'D' },
    { path: 'steps[Ask].branches[Yes].next', from: 'C', to: 'D' },
  ])
})

test('a step that came back to itself through a missing one ends there', () => {
  const base = flow(step('A', 'B'), step('B', 'A'))
  const ask = (to: string | null, yes: string | null) =>
    part('A', { type: 'if_else', next: to && id(to), branches: [part('Yes', { next: yes && id(yes) })] })
  const merged = merge('workflows', { base, target: flow(ask('B', 'B'), step('B', 'A')), source: flow(step('A')) })
  assert.deepEqual([merged.document, merged.conflicts], [flow(ask(null, null)), []])
})

test("a step inserted on both sides in one place: the target's way stands, and the plan says what nothing leads to", () => {
  const base = flow(step('A', 'B'), step('B'))
  const merged = merge('workflows', {
    base,
    target: flow(step('A', 'Mine'), step('Mine', 'B'), step('B')),
    source: flow(step('A', 'Ours'), step('Ours', 'Also'), step('Also', 'B'), step('B')),
  })
  assert.deepEqual(
    merged.conflicts.map(({ path }) => path),
    ['steps[A].next'],
  )
  assert.deepEqual(ids(merged.document, 'steps').sort(), ['A', 'Also', 'B', 'Mine', 'Ours'])
  assert.deepEqual(merged.warnings, [
    { path: 'steps[Ours]', why: 'nothing leads to step Ours any more, so that Also behind it is not reached either' },
  ])
})

test('of a chain that nothing leads to any more, every step is named', () => {
  const base = flow(step('A', 'B'), step('B'))
  const merged = merge('workflows', {
    base,
    target: flow(step('A', 'Mine'), step('Mine', 'B'), step('B')),
    source: flow(step('A', 'One'), step('One', 'Two'), step('Two', 'Three'), step('Three', 'B'), step('B')),
  })
  assert.deepEqual(merged.warnings, [
    {
      path: 'steps[One]',
      why: 'nothing leads to step One any more, so that Two, Three behind it are not reached either',
    },
  ])
})

test('slides, funnel steps and messages go on to the next one in the list', () => {
  const slide = (name: string, to?: string) =>
    part(
      name,
      to === undefined ? {} : { jumps: [{ fieldId: 'x', operator: 'is', action: 'go_to_slide', slideId: id(to) }] },
    )
  const survey = merge('surveys', {
    base: { name: 'S', slides: [slide('A'), slide('B'), slide('C')] },
    target: { name: 'S', slides: [slide('A'), slide('C')] },
    source: { name: 'S', slides: [slide('A', 'B'), slide('B'), slide('C')] },
  })
  assert.deepEqual(survey.document, { name: 'S', slides: [slide('A', 'C'), slide('C')] })
  assert.deepEqual(survey.redirected, [{ path: 'slides[A].jumps[0].slideId', from: 'B', to: 'C' }])
  const page = (fields: Fields) => [part('Page', { sections: [part('Button', { type: 'button', ...fields })] })]
  const steps = (...names: string[]) => names.map((name, index) => part(name, { sequence: index + 1 }))
  const funnel = merge('funnels', {
    base: { name: 'F', steps: steps('One', 'Two'), pages: page({}) },
    target: { name: 'F', steps: steps('One'), pages: page({}) },
    source: { name: 'F', steps: steps('One', 'Two'), pages: page({ goToStepId: id('Two') }) },
  })
  assert.deepEqual(funnel.document, { name: 'F', steps: steps('One'), pages: page({}) }, 'a button cannot lead to null')
  assert.deepEqual(funnel.redirected, [{ path: 'pages[Page].sections[Button].goToStepId', from: 'Two', to: null }])
  const event = (name: string, to: string | null) =>
    part(name, { type: 'sms', replyGoToEventId: to === null ? null : id(to) })
  const campaign = merge('campaigns', {
    base: { name: 'C', events: [event('A', null), event('B', null)] },
    target: { name: 'C', events: [event('A', null)] },
    source: { name: 'C', events: [event('A', 'B'), event('B', null)] },
  })
  assert.deepEqual(campaign.document, { name: 'C', events: [event('A', null)] })
})

test('a new condition of the snapshot about a field that the client removed does not come, and is a conflict', () => {
  const base = { name: 'F', fields: [formField('a'), formField('b'), formField('c')] }
  const target = { name: 'F', fields: [formField('a'), formField('c')] }
  const source = { ...base, conditions: [condition('a', 'c'), condition('b', 'c')] }
  const merged = merge('forms', { base, target, source })
  assert.deepEqual(merged.document, { ...target, conditions: [condition('a', 'c')] })
  assert.deepEqual(merged.conflicts, [{ path: 'conditions[1]', source: condition('b', 'c') }])
  const taken = merge('forms', { base, target, source, takes: new Map([['conditions[1]', 'source']]) })
  assert.deepEqual([taken.document, taken.conflicts], [source, []], 'who takes the condition takes the field with it')
  const refused = merge('forms', { base, target, source, takes: new Map([['conditions[1]', 'target']]) })
  assert.deepEqual([refused.document, refused.conflicts], [merged.document, []])
})

test("a field that the client's own condition names stays, though the snapshot removed it", () => {
  const base = { name: 'F', fields: [formField('a'), formField('b')] }
  const target = { ...base, conditions: [condition('b', 'a')], trackingCode: `track('${id('b')}')` }
  const input = { base, target, source: { name: 'F', description: 'Shorter', fields: [formField('a')] } }
  const merged = merge('forms', input)
  assert.deepEqual(merged.document, { ...target, description: 'Shorter' })
  assert.deepEqual(merged.conflicts, [{ path: 'fields[b]', base: formField('b'), target: formField('b') }])
  const taken = merge('forms', { ...input, takes: new Map([['fields[b]', 'source']]) })
  assert.deepEqual(taken.document, { name: 'F', description: 'Shorter', fields: [formField('a')], conditions: [] })
  assert.deepEqual(taken.conflicts, [])
  assert.deepEqual(taken.warnings, [
    { path: 'conditions[0]', why: 'what it names was removed' },
    { path: 'trackingCode', why: 'what it names was removed' },
  ])
})

test('a field that is kept keeps the slide it lies in', () => {
  const jump = { fieldId: id('b'), operator: 'is', action: 'disqualify' }
  const base = {
    name: 'S',
    slides: [part('One', { fields: [formField('a')] }), part('Two', { fields: [formField('b')] }), part('Three')],
  }
  const target = { ...base, slides: [...base.slides.slice(0, 2), part('Three', { jumps: [jump] })] }
  const merged = merge('surveys', {
    base,
    target,
    source: { name: 'T', slides: [base.slides[0] as Doc, part('Three')] },
  })
  assert.deepEqual(merged.document, { ...target, name: 'T' })
  assert.deepEqual(
    merged.conflicts.map(({ path }) => path),
    ['slides[Two]'],
  )
})

test('where the target has a value that leads somewhere, it stands', () => {
  const page = (stepId: string) => part('Page', { stepId: id(stepId) })
  const merged = merge('funnels', {
    base: { name: 'F', steps: [part('One'), part('Two')], pages: [page('One')] },
    target: { name: 'F', steps: [part('One')], pages: [page('One')] },
    source: { name: 'F', steps: [part('One'), part('Two')], pages: [page('Two')] },
  })
  assert.deepEqual(merged.document, { name: 'F', steps: [part('One')], pages: [page('One')] })
  assert.deepEqual(merged.conflicts, [
    { path: 'pages[Page].stepId', base: id('One'), target: id('One'), source: id('Two') },
  ])
})

test('a merged document fits its schema', () => {
  const base = { name: 'F', fields: [formField('a'), formField('b')], conditions: [condition('a', 'b')] }
  const target = { name: 'F', fields: [formField('a')], conditions: [] }
  const source = { ...base, conditions: [condition('a', 'b'), condition('b', 'a')], description: id('b') }
  const { document } = merge('forms', { base, target, source })
  assert.deepEqual(faultsOf(rulesOf('forms').schema, document), [])
  assert.equal(JSON.stringify(document).includes(id('b')), false)
})

test('a message that names what is gone does not leave half of its step behind', () => {
  const wait = part('A', { type: 'wait', wait: { until: 'reply' } })
  const base = flow(wait, step('B'))
  const source = flow(step('A', null, { body: `see ${id('B')}` }), step('B'))
  const merged = merge('workflows', { base, target: flow(wait), source })
  assert.deepEqual(merged.document, flow({ ...wait, next: null }))
  assert.deepEqual(
    merged.conflicts.map(({ path }) => path),
    ['steps[A].type', 'steps[A].wait', 'steps[A].body'],
  )
})
