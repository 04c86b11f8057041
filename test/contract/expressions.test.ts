import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileMapping } from '../../src/connect/mapping/compile.ts'
import type { Habits, Outcome } from '../../src/connect/mapping/document.ts'
import { parseExpression } from '../../src/connect/mapping/jsonata.ts'
import { usedNames } from '../../src/connect/mapping/used-names.ts'

const HABITS: Habits = { zone: 'America/Chicago', country: 'US', currency: 'USD' }
const LONG = `${'a'.repeat(60)}!`

const compiled = (text: string) =>
  compileMapping({
    object: 'contact',
    fields: [{ to: 'customFields.x', from: { expression: text } }],
    filters: [],
    externalId: { path: 'id' },
    keys: ['externalId'],
    conflicts: 'source',
  })

const told = (one: Outcome) =>
  one.outcome === 'mapped'
    ? one.values['customFields.x']
    : one.outcome === 'failed'
      ? one.problems.map(({ message }) => message).join()
      : one.reason

const evaluate = async (text: string, item: object = {}) => told(await compiled(text).apply({ id: 1, ...item }, HABITS))

test('helpers read amounts, phones, dates and names as fields do', async () => {
  assert.equal(await evaluate('$money("1,200.50 USD") + 1'), 1201.5)
  assert.equal(await evaluate('$minor(total, "jpy")', { total: 500 }), 500)
  assert.equal(await evaluate('$minor(total)', { total: 500 }), 5)
  assert.equal(await evaluate('$phone("212 555 0100")'), '+12125550100')
  assert.equal(await evaluate('$date("March 5, 2026")'), '2026-03-05')
  assert.equal(await evaluate('$moment("3/5/2026 11:30 PM")'), '2026-03-06T05:30:00.000Z')
  assert.equal(await evaluate('$name("Lovelace, Ada").first & $name(none).first'), 'Ada')
  assert.equal(await evaluate('$money(none)'), undefined)
  assert.deepEqual(await evaluate('$map(all, $money)', { all: ['$5', '6'] }), ['5', '6'])
  assert.equal(await evaluate('$money("lots")'), 'cannot be worked out: “lots” is no amount')
})

test('an expression that would go on for ever is ended, and the items around it are mapped', async () => {
  const runaways = [
    '($f := function($x) { $f($x) }; $f(1))',
    '($f := function($x) { 1 + $f($x) }; $f(1))',
    '$match(long, /^(a+)+$/)',
    '$replace(long, /(a|aa)+$/, "")',
    '$eval("$match(long, /^(a+)+$/)")',
    '$length($pad("", 400000000))',
    '$sum([1..10000000])',
    '[1..90000].[1..90000]',
    '$reduce([1..40], function($a, $b) { $a & $a }, "aaaaaaaaaa")',
    '$map([1..90000], function($x) { $map([1..90000], function($y) { $x * $y }) })',
    '$string([1..90000].{"a long name of a property": "and its value"})',
    '$encodeUrl($pad("", 100000000))',
    '$sort([1..90000], function($l, $r) { $match(long, /^(a+)+$/) })',
  ]
  for (const text of runaways) {
    const { applyAll } = compiled(`bad ? ${text} : "fine"`)
    const items = [{ id: 1 }, { id: 2, bad: true, long: LONG }, { id: 3 }]
    const [before, bad, behind] = (await applyAll(items, HABITS)).map(told)
    assert.deepEqual([before, behind], ['fine', 'fine'], text)
    assert.match(String(bad), /^cannot be worked out: /, text)
  }
})

test('between the expressions of many items others have their turn', async () => {
  let turns = 0
  let isDone = false
  const count = () => {
    turns++
    if (!isDone) setImmediate(count)
  }
  setImmediate(count)
  const items = Array.from({ length: 3000 }, (_, id) => ({ id, name: `n${id}` }))
  const outcomes = await compiled('$uppercase(name) & "."').applyAll(items, HABITS)
  isDone = true
  assert.deepEqual([told(outcomes[0] as Outcome), told(outcomes[2999] as Outcome)], ['N0.', 'N2999.'])
  assert.ok(turns > 2, `${turns} turns`)
})

test('nothing of ours is within reach of an expression, and nothing is left behind in it', async () => {
  for (const text of [
    'constructor',
    'id.constructor',
    '$lookup($, "constructor")',
    '$lookup($phone, "constructor")',
    '$phone.constructor.constructor("return process")()',
    '$string.constructor("return this")()',
    '$lookup($lookup($, "__proto__"), "constructor")',
    '$eval("constructor.constructor(1)")',
    '$merge([{"__proto__": {"left": "here"}}]).left',
    '$ ~> |$|{"__proto__": {"left": "here"}}|',
  ])
    assert.ok(
      [undefined].includes((await evaluate(text)) as undefined) ||
        /cannot be worked out|is no text/.test(String(await evaluate(text))),
      text,
    )
  assert.equal(await evaluate('left'), undefined)
  assert.equal(({} as Record<string, unknown>).left, undefined)
})

test('any text is an expression or is refused with a reason', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z$.()[\]{}/"'`?:=&|<>*+-]{0,40}$/)), (text) => {
      const parsed = parseExpression(text)
      if ('error' in parsed) assert.ok(parsed.error.length > 0)
      else usedNames(parsed.ast)
    }),
    { numRuns: 300 },
  )
  for (const text of ['('.repeat(4000), '{'.repeat(4000), '/'.repeat(4000), `/${'('.repeat(2000)}/`])
    assert.ok('error' in parseExpression(text))
})

test('an expression shows what it reads of an item', () => {
  const names = (text: string) => {
    const parsed = parseExpression(text)
    return 'ast' in parsed ? usedNames(parsed.ast).map((one) => one.join('.')) : assert.fail(parsed.error)
  }
  assert.deepEqual(names('$uppercase(contact.first_name) & " " & `last name`'), ['contact.first_name', 'last name'])
  assert.deepEqual(names('items[price > 5].name'), ['items'])
  assert.deepEqual(names('a ? $$.b : {"x": $.c, "y": [d, "e"]}'), ['a', 'b', 'c', 'd'])
  assert.deepEqual(names('$sum(items.(price * qty))'), ['items'])
  assert.deepEqual(names('(x; $map(y, function($v) { $v.z }))'), ['x', 'y'])
})
