import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Side } from '../../src/snapshots/merge-takes.ts'
import { type Doc, formField, id, merge, part, step } from '../support/merging.ts'

/**
 * Parts that two people move, edit and remove, alone and with their lists, held against the rule of decision 11 as it
 * reads.
 */
type Kind = 'surveys' | 'funnels' | 'workflows'
/** List -> part -> what it says. */
type Lists = Record<string, Record<string, string>>

interface Shape {
  list: string
  inner: string
  of: (name: string, inner: Doc[]) => Doc
  part: (name: string, says: string) => Doc
  says: (part: Doc) => string
}

const section = (name: string, says: string): Doc => part(name, { type: 'headline', text: says })
const SHAPES: Record<Kind, Shape> = {
  surveys: {
    list: 'slides',
    inner: 'fields',
    of: (name, fields) => part(name, { fields }),
    part: (name, says) => formField(name, { placeholder: says }),
    says: ({ placeholder }) => String(placeholder),
  },
  funnels: {
    list: 'pages',
    inner: 'sections',
    of: (name, sections) => part(name, { sections }),
    part: section,
    says: ({ text }) => String(text),
  },
  workflows: {
    list: 'steps',
    inner: 'branches',
    of: (name, branches) => ({ ...step(name), type: 'if_else', branches }),
    part: (name, says) => part(name, { conditions: [{ field: 'x', operator: 'is', value: says }] }),
    says: ({ conditions }) => String((conditions as Doc[])[0]?.value),
  },
}

function write(kind: Kind, lists: Lists): Doc {
  const shape = SHAPES[kind]
  return {
    name: 'N',
    [shape.list]: Object.entries(lists).map(([name, parts]) =>
      shape.of(
        name,
        Object.entries(parts).map(([each, says]) => shape.part(each, says)),
      ),
    ),
  }
}

function read(kind: Kind, document: unknown): { lists: Lists; count: (name: string) => number } {
  const shape = SHAPES[kind]
  const seen: string[] = []
  const lists: Lists = {}
  for (const list of (document as Doc)[shape.list] as Doc[]) {
    const parts: Record<string, string> = {}
    for (const each of list[shape.inner] as Doc[]) {
      const name = String(each.id).slice(2, -1)
      seen.push(name)
      parts[name] = shape.says(each)
    }
    lists[String(list.id).slice(2, -1)] = parts
  }
  return { lists, count: (name) => seen.filter((other) => other === name).length }
}

const find = (lists: Lists, name: string): { list: string; says: string } | undefined => {
  const [list, parts] = Object.entries(lists).find(([, each]) => name in each) ?? []
  return list === undefined || parts === undefined ? undefined : { list, says: parts[name] as string }
}

const LISTS = ['One', 'Two', 'Three', 'New']
const BASE: Lists = { One: { x: 'x', y: 'y' }, Two: { z: 'z' }, Three: {} }

interface Acts {
  parts: Record<string, { act: 'none' | 'edit' | 'remove' | 'move' | 'both'; to: number }>
  removes: string[]
  adds: boolean
}

const actsOf = fc.record({
  parts: fc.record(
    Object.fromEntries(
      ['x', 'y', 'z'].map((name) => [
        name,
        fc.record({ act: fc.constantFrom('none', 'edit', 'remove', 'move', 'both'), to: fc.nat({ max: 3 }) }),
      ]),
    ),
  ),
  removes: fc.subarray(['One', 'Two', 'Three'], { maxLength: 1 }),
  adds: fc.boolean(),
}) as fc.Arbitrary<Acts>

/** What somebody has made of the base. Parts move before their lists go. */
function change({ parts, removes, adds }: Acts, who: string): Lists {
  const lists: Lists = structuredClone(BASE)
  // Each side that makes a list makes one of its own.
  const own = `New-of-${who}`
  if (adds) lists[own] = { [`n-of-${who}`]: 'n' }
  for (const [name, { act, to }] of Object.entries(parts)) {
    const { list, says } = find(lists, name) as { list: string; says: string }
    if (act === 'none') continue
    delete lists[list]?.[name]
    const place = act === 'edit' ? list : LISTS[to] === 'New' ? own : (LISTS[to] as string)
    if (act !== 'remove') (lists[place] ?? lists[list])![name] = act === 'move' ? says : `${says} of ${who}`
  }
  for (const list of removes) delete lists[list]
  return lists
}

const worlds = fc.record({
  kind: fc.constantFrom('surveys', 'funnels', 'workflows') as fc.Arbitrary<Kind>,
  mine: actsOf,
  theirs: actsOf,
})
const RUNS = { numRuns: Number(process.env.MERGE_RUNS ?? 400) }

function check(
  law: (world: { kind: Kind; docs: { base: Doc; target: Doc; source: Doc }; target: Lists; source: Lists }) => void,
): void {
  fc.assert(
    fc.property(worlds, ({ kind, mine, theirs }) => {
      const [target, source] = [change(mine, 'target'), change(theirs, 'source')]
      law({
        kind,
        docs: { base: write(kind, BASE), target: write(kind, target), source: write(kind, source) },
        target,
        source,
      })
    }),
    RUNS,
  )
}

test('a part that moves is never lost nor doubled, comes out where it was moved to, and is gone only where nobody touched it', () => {
  check(({ kind, docs, target, source }) => {
    const { document, conflicts } = merge(kind, docs)
    const { lists, count } = read(kind, document)
    const isHeld = (list: string) => list in target && !(list in source) && list in BASE && list in lists
    for (const name of ['x', 'y', 'z', 'n of target', 'n of source']) {
      const [was, mine, theirs, now] = [BASE, target, source, lists].map((side) => find(side, name))
      const tells = conflicts.some(({ path }) => path.includes(`[${name}]`))
      assert.ok(count(name) <= 1, `${name} comes out once`)
      if (mine !== undefined && theirs !== undefined) {
        assert.ok(now !== undefined, `${name} is on both sides`)
        const only = theirs.list === was?.list ? mine : mine.list === was?.list ? theirs : null
        const isPossible = only !== null && only.list in lists
        if (isPossible) assert.equal(now.list, only.list, `${name} goes where one side has moved it`)
        if (only === null)
          assert.ok(now.list === mine.list || !(mine.list in lists), `the target's place for ${name} stands`)
        if (only === null && mine.list !== theirs.list) assert.ok(tells, `${name} was moved to two places`)
        if (isHeld(now.list)) assert.equal(now.says, mine.says)
        else assert.equal(now.says, mine.says === was?.says ? theirs.says : mine.says, `what ${name} says`)
      } else if (was === undefined)
        assert.equal(now === undefined, mine === undefined && theirs === undefined, `${name} is new`)
      else if (mine !== undefined || theirs !== undefined) {
        const left = mine ?? theirs
        const isTouched = left?.list !== was.list || left?.says !== was.says
        const isWithList = isHeld(was.list) || (!(was.list in target) && was.list in source)
        if (!isTouched) assert.ok(now === undefined || isHeld(was.list), `${name} is gone`)
        else if (left?.list !== was.list || !isWithList) {
          assert.ok(
            conflicts.length > 0 && (tells || !((left?.list as string) in lists)),
            `${name} was removed and changed`,
          )
          assert.deepEqual(now, mine, `the target's side of ${name} stands`)
        } else assert.ok(conflicts.length > 0)
      }
    }
    for (const [name, side] of [
      ['target', target],
      ['source', source],
    ] as const)
      if (`New-of-${name}` in side) assert.ok(`New-of-${name}` in lists, 'a new list is there')
  })
})

test('what was moved settles: merging again, deciding for either side and replacing come to an end, with every part once', () => {
  check(({ kind, docs }) => {
    const first = merge(kind, docs)
    const again = merge(kind, { base: docs.source, target: first.document, source: docs.source })
    assert.deepEqual([again.document, again.conflicts], [first.document, []])
    const decided = merge(kind, {
      ...docs,
      takes: new Map(first.conflicts.map(({ path }) => [path, 'target'] as const)),
    })
    assert.deepEqual([decided.document, decided.conflicts], [first.document, []])
    const takes = new Map<string, Side>()
    for (let round = 0; round < 6; round++) {
      const { document, conflicts } = merge(kind, { ...docs, takes })
      const { count } = read(kind, document)
      for (const name of ['x', 'y', 'z']) assert.ok(count(name) <= 1, `${name} comes out once`)
      if (conflicts.length === 0) break
      assert.ok(round < 5, 'conflicts end')
      for (const { path } of conflicts) takes.set(path, 'source')
    }
    assert.deepEqual(merge(kind, { ...docs, replace: true }).document, docs.source)
    assert.deepEqual(merge(kind, { ...docs, source: docs.base }).document, docs.target)
    const arrived = merge(kind, { ...docs, target: docs.base })
    assert.deepEqual([arrived.document, arrived.conflicts], [docs.source, []])
  })
})

const survey = (one: Doc[], ...two: Doc[][]) => ({
  name: 'S',
  slides: [
    part('One', { fields: one }),
    ...two.map((fields, index) => part(index === 0 ? 'Two' : 'Three', { fields })),
  ],
})
const [x, y] = [formField('X'), formField('Y')]

test('moved by one side and removed by the other is a conflict that names the part, in the place where it is', () => {
  const [base, moved, without] = [survey([x, y], []), survey([y], [x]), survey([y], [])]
  const gone = merge('surveys', { base, target: without, source: moved })
  assert.deepEqual([gone.document, gone.conflicts], [without, [{ path: 'slides[Two].fields[X]', base: x, source: x }]])
  const stays = merge('surveys', { base, target: moved, source: without })
  assert.deepEqual([stays.document, stays.conflicts], [moved, [{ path: 'slides[Two].fields[X]', base: x, target: x }]])
  const takes = new Map([['slides[Two].fields[X]', 'source']] as const)
  assert.deepEqual(merge('surveys', { base, target: without, source: moved, takes }).document, moved)
  assert.deepEqual(merge('surveys', { base, target: moved, source: without, takes }).document, without)
})

test('what one side moved into a list that the other removed stays where the other has it', () => {
  const merged = merge('surveys', { base: survey([x, y], []), target: survey([x, y]), source: survey([y], [x]) })
  assert.deepEqual(merged.document, survey([x, y]))
  assert.deepEqual(
    merged.conflicts.map(({ path }) => path),
    ['slides[Two]'],
  )
})

test('the only place that is left for a part stays for it', () => {
  const only = { name: 'S', slides: [part('Two', { fields: [x] })] }
  const merged = merge('surveys', { base: survey([x], []), target: survey([x]), source: only })
  assert.deepEqual(merged.document, survey([x]))
  assert.deepEqual(merged.conflicts.map(({ path }) => path).sort(), ['slides[One]', 'slides[Two]'])
  const first = merged.conflicts.map(({ path }) => [path, 'source'] as const)
  assert.deepEqual(
    merge('surveys', { base: survey([x], []), target: survey([x]), source: only, takes: new Map(first) }).document,
    only,
  )
})

test('a part that both sides have moved to different lists stays where the target has it', () => {
  const [base, target, source] = [survey([x], [], []), survey([], [x], []), survey([], [], [x])]
  const merged = merge('surveys', { base, target, source })
  assert.deepEqual([merged.document, merged.conflicts], [target, [{ path: 'slides[Three].fields[X]', source: x }]])
  const takes = new Map([['slides[Three].fields[X]', 'source']] as const)
  assert.deepEqual(merge('surveys', { base, target, source, takes }).document, source)
  assert.equal(id('X'), x.id)
})
