import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RESOURCES } from '../../src/resources/index.ts'
import { type Json, toPart } from '../../src/snapshots/diff.ts'
import { type MergeRules, mergeDocuments } from '../../src/snapshots/merge.ts'
import { renameParts } from '../../src/snapshots/merge-match.ts'
import { partMarker, readMarkers } from '../../src/store/markers.ts'
import { faultsOf } from '../../src/store/validate.ts'

/** Laws that every merge obeys, tried on documents that two people have edited at random. */
type Doc = { [name: string]: Json }
interface Edited {
  kind: string
  base: Doc
  target: Doc
  source: Doc
}

const RUNS = Number(process.env.MERGE_RUNS ?? 400)
const rulesOf = (kind: string) => RESOURCES.get(kind) as MergeRules
const merge = ({ kind, ...docs }: Edited, more: Partial<Parameters<typeof mergeDocuments>[0]> = {}) =>
  mergeDocuments({ resource: rulesOf(kind), ...docs, ...more })

const pick = (ids: readonly string[], at: number) => ids[at % ids.length] as string
const small = fc.nat({ max: 7 })
const text = fc.constantFrom('a', 'b', 'c')
const tags = fc.subarray(['⟦tags:1⟧', '⟦tags:2⟧', '⟦tags:3⟧'])
/** A part's own content, given the ids it may point to. */
type Content = (ids: readonly string[], at: number) => Doc

const stepContent: fc.Arbitrary<Content> = fc
  .record({ next: fc.option(small), body: text, tags, to: small, type: fc.constantFrom('send_sms', 'add_tag', 'go_to_step', 'if_else') })
  .map(({ next, body, tags: tagIds, to, type }) => (ids, at) => ({
    type,
    next: next === null ? null : partMarker(pick(ids, next)),
    ...(type === 'send_sms' ? { body: to > 5 ? `see ${partMarker(pick(ids, to))}` : body } : {}),
    ...(type === 'add_tag' ? { tagIds } : {}),
    ...(type === 'go_to_step' ? { goToStepId: partMarker(pick(ids, to)) } : {}),
    ...(type === 'if_else' ? { branches: [{ id: partMarker(`${pick(ids, at)}b`), name: body, next: partMarker(pick(ids, to)) }] } : {}),
  }))
const stageContent: fc.Arbitrary<Content> = small.map((probability) => (_, position) => ({ probability, position }))
const fieldContent: fc.Arbitrary<Content> = fc
  .record({ type: fc.constantFrom('text', 'custom_field'), options: fc.subarray(['x', 'y', 'z']), required: fc.boolean() })
  .map((content) => () => content)

interface PartDraft {
  id: string
  label: string
  content: Content
}

/** The document that these parts make; extra is what else it says about them. */
const shapes: Record<string, (parts: PartDraft[], extra: number[]) => Doc> = {
  workflows: (parts, extra) => ({ name: 'W', steps: build(parts, 'name'), ...says('description', parts, extra) }),
  pipelines: (parts) => ({ name: 'P', stages: build(parts, 'name') }),
  forms: (parts, extra) => {
    const ids = parts.map((part) => part.id)
    const conditions = ids.length === 0 ? [] : pairs(extra).map(([a, b]) => condition(pick(ids, a), pick(ids, b)))
    return { name: 'F', fields: build(parts, 'label'), ...(conditions.length > 0 ? { conditions } : {}), ...says('trackingCode', parts, extra) }
  },
  surveys: (parts, extra) => {
    const ids = parts.map((part) => part.id)
    const slides = ['s1', 's2', 's3'].map((slide, at) => ({
      id: partMarker(slide),
      name: slide,
      fields: build(parts, 'label').filter((_, index) => (extra[index % 3] ?? index) % 3 === at),
      jumps:
        ids.length === 0 || (extra[at] ?? 0) > 4
          ? []
          : [{ fieldId: partMarker(pick(ids, extra[at] ?? 0)), operator: 'is', action: 'go_to_slide', slideId: partMarker(`s${((extra[0] ?? 0) % 3) + 1}`) }],
    }))
    return withoutDangling({ name: 'S', slides: slides.filter((_, at) => extra[2] !== at) })
  },
}

/** A text that may name a part. */
function says(name: string, parts: PartDraft[], [about = 0, whether = 0]: number[]): Doc {
  if (parts.length === 0 || whether > 5) return {}
  return { [name]: whether > 3 ? 'nothing' : `see ${partMarker((parts[about % parts.length] as PartDraft).id)}` }
}

const condition = (on: string, to: string): Doc => ({ fieldId: partMarker(on), operator: 'is', action: 'show', targetFieldId: partMarker(to) })
const pairs = (numbers: number[]) => numbers.slice(1).map((number, index) => [numbers[index] as number, number] as const)

function build(parts: PartDraft[], label: string): Doc[] {
  const ids = parts.map((part) => part.id)
  return parts.map((part, at) => ({ id: partMarker(part.id), [label]: part.label, ...part.content(ids, at) }))
}

/** A jump to what this document does not have is not one a person could save. */
function withoutDangling(document: Doc): Doc {
  const present = new Set(idsIn(document))
  const slides = (document.slides as Doc[]).map((slide) => ({
    ...slide,
    jumps: (slide.jumps as Doc[]).filter((jump) => present.has(String(jump.fieldId)) && present.has(String(jump.slideId))),
  }))
  return { ...document, slides }
}

function idsIn(value: Json): string[] {
  if (value === null || typeof value !== 'object') return []
  const part = toPart(value)
  return [...(part === null ? [] : [part.id]), ...Object.values(value).flatMap(idsIn)]
}

const contents: Record<string, fc.Arbitrary<Content>> = { workflows: stepContent, pipelines: stageContent, forms: fieldContent, surveys: fieldContent }

interface Edits {
  remove: number[]
  change: { at: number; content: Content }[]
  rename: { at: number; label: string }[]
  add: { at: number; label: string; content: Content }[]
  move: { from: number; to: number }[]
  extra: number[] | null
}

const editsOf = (content: fc.Arbitrary<Content>): fc.Arbitrary<Edits> =>
  fc.record({
    remove: fc.array(small, { maxLength: 2 }),
    change: fc.array(fc.record({ at: small, content }), { maxLength: 2 }),
    rename: fc.array(fc.record({ at: small, label: fc.constantFrom('q', 'r') }), { maxLength: 1 }),
    add: fc.array(fc.record({ at: small, label: fc.constantFrom('n', 'N', 'o', 'p'), content }), { maxLength: 2 }),
    move: fc.array(fc.record({ from: small, to: small }), { maxLength: 1 }),
    extra: fc.option(fc.array(small, { minLength: 3, maxLength: 3 })),
  })

function edit(parts: readonly PartDraft[], edits: Edits, prefix: string): PartDraft[] {
  let list = parts.map((part, index) => ({
    ...part,
    content: edits.change.find(({ at }) => at === index)?.content ?? part.content,
    label: edits.rename.find(({ at }) => at === index)?.label ?? part.label,
  }))
  list = list.filter((_, index) => !edits.remove.includes(index))
  for (const [index, { at, label, content }] of edits.add.entries()) list.splice(at, 0, { id: `${prefix}${index}`, label, content })
  for (const { from, to } of edits.move) if (from < list.length) list.splice(to, 0, ...list.splice(from, 1))
  return list
}

const edited: fc.Arbitrary<Edited> = fc.constantFrom('workflows', 'pipelines', 'forms', 'surveys').chain((kind) => {
  const content = contents[kind] as fc.Arbitrary<Content>
  const shape = shapes[kind] as (parts: PartDraft[], extra: number[]) => Doc
  return fc
    .record({
      contents: fc.array(content, { maxLength: 5 }),
      extra: fc.array(small, { minLength: 3, maxLength: 3 }),
      target: editsOf(content),
      source: editsOf(content),
    })
    .map(({ contents: list, extra, target, source }) => {
      const parts = list.map((each, index) => ({ id: `p${index}`, label: `part ${index}`, content: each }))
      const side = (edits: Edits, prefix: string) => shape(edit(parts, edits, prefix), edits.extra ?? extra)
      return { kind, base: shape(parts, extra), target: side(target, 't'), source: side(source, 'u') }
    })
})

function check(law: (docs: Edited) => void): void {
  fc.assert(
    fc.property(edited, (docs) => {
      for (const document of [docs.base, docs.target, docs.source]) freeze(document)
      law(docs)
    }),
    { numRuns: RUNS },
  )
}

function freeze(value: Json): void {
  if (value === null || typeof value !== 'object') return
  Object.freeze(value)
  for (const child of Object.values(value)) freeze(child)
}

const quiet = (document: Json) => ({ document, conflicts: [], matchedParts: [], warnings: [], redirected: [] })
/** A decision about nothing: the merge looks at everything all the same. */
const LONG_WAY = new Map([['nowhere', 'target'] as const])

test('what only one side changed arrives exactly, and what both say stands', () => {
  check(({ kind, base, target, source }) => {
    for (const more of [{}, { takes: LONG_WAY }]) {
      assert.deepEqual(merge({ kind, base, target, source: target }, more), quiet(target))
      assert.deepEqual(merge({ kind, base, target: base, source }, more).document, source)
      assert.deepEqual(merge({ kind, base, target, source: base }, more).document, target)
      assert.deepEqual(merge({ kind, base, target: base, source }, more).conflicts, [])
      assert.deepEqual(merge({ kind, base, target, source: base }, more).conflicts, [])
    }
    assert.deepEqual(mergeDocuments({ resource: rulesOf(kind), base: null, target, source: target }), quiet(target))
  })
})

test('the same merge gives the same answer, and merging its result again changes nothing', () => {
  check((docs) => {
    const first = merge(docs)
    assert.deepEqual(merge(docs), first)
    const source = renameParts(docs.source, first.matchedParts)
    assert.deepEqual(merge({ ...docs, base: source as Doc, target: first.document as Doc, source: source as Doc }), quiet(first.document))
    if (first.conflicts.length === 0) {
      const again = merge({ ...docs, target: first.document as Doc, source: source as Doc })
      assert.deepEqual([again.document, again.conflicts], [first.document, []])
    }
  })
})

test('no part comes twice, no pointer leads to a part that is gone, and the result is valid', () => {
  check((docs) => {
    for (const base of [docs.base, null]) {
      const { document, conflicts } = mergeDocuments({ resource: rulesOf(docs.kind), ...docs, base })
      const ids = idsIn(document)
      assert.equal(new Set(ids).size, ids.length)
      const dangling = readMarkers(JSON.stringify(document)).parts.filter((part) => !ids.includes(partMarker(part)))
      assert.deepEqual(dangling, [])
      assert.deepEqual(faultsOf(rulesOf(docs.kind).schema, document), [])
      const paths = conflicts.map(({ path }) => path)
      assert.equal(new Set(paths).size, paths.length, 'each place is asked about once')
    }
  })
})

test('whoever decides every conflict for the target has the same document and no conflict', () => {
  check((docs) => {
    const first = merge(docs)
    const takes = new Map(first.conflicts.map(({ path }) => [path, 'target'] as const))
    const decided = merge(docs, { takes })
    assert.deepEqual([decided.document, decided.conflicts], [first.document, []])
  })
})

test('whoever decides conflicts for the snapshot comes to an end, and leads nowhere wrong', () => {
  check((docs) => {
    const takes = new Map<string, 'source'>()
    for (let round = 0; round < 6; round++) {
      const { conflicts, document } = merge(docs, { takes })
      const ids = idsIn(document)
      assert.deepEqual(
        readMarkers(JSON.stringify(document)).parts.filter((part) => !ids.includes(partMarker(part))),
        [],
      )
      if (conflicts.length === 0) return
      for (const { path } of conflicts) assert.equal(takes.has(path), false, `${path} was decided`)
      for (const { path } of conflicts) takes.set(path, 'source')
    }
    assert.fail('conflicts do not end')
  })
})

test('a part that both sides have stays; what one removed and the other left alone goes', () => {
  check((docs) => {
    const { document, conflicts, matchedParts } = merge(docs)
    const source = renameParts(docs.source, matchedParts)
    const [base, target, theirs, result] = [docs.base, docs.target, source, document].map((value) => new Set(idsIn(value as Json))) as [
      Set<string>,
      Set<string>,
      Set<string>,
      Set<string>,
    ]
    for (const id of target.intersection(theirs)) assert.ok(result.has(id) || isNested(docs.kind, id), `${id} stays`)
    for (const id of result) assert.ok(target.has(id) || theirs.has(id), `${id} comes from somewhere`)
    for (const id of target.difference(base)) assert.ok(result.has(id) || isNested(docs.kind, id), `${id} of the target stays`)
    if (conflicts.length === 0)
      for (const id of base) if (!target.has(id) || !theirs.has(id)) assert.ok(!result.has(id) || isNested(docs.kind, id), `${id} goes`)
  })
})

/** A branch or a field goes with the step or the slide that it lies in. */
const isNested = (kind: string, id: string) => kind === 'surveys' || id.endsWith('b⟧')

test("replacing gives the snapshot, with the target's ids", () => {
  check((docs) => {
    const { document, conflicts, matchedParts } = merge(docs, { replace: true })
    assert.deepEqual([document, conflicts], [renameParts(docs.source, matchedParts), []])
  })
})

test('a set is what both have, and what either added', () => {
  const list = fc.uniqueArray(fc.nat({ max: 6 }), { maxLength: 6 })
  fc.assert(
    fc.property(list, list, list, (base, target, source) => {
      const { document, conflicts } = mergeDocuments({ resource: rulesOf('tags'), base: { list: base }, target: { list: target }, source: { list: source } })
      const [b, t, s] = [new Set(base), new Set(target), new Set(source)]
      const merged = (document as { list: number[] }).list
      assert.deepEqual(new Set(merged), t.intersection(s).union(t.difference(b)).union(s.difference(b)))
      assert.deepEqual([conflicts, new Set(merged).size], [[], merged.length])
    }),
    { numRuns: RUNS },
  )
})

test('positions that mirror the order on both sides mirror it in the result', () => {
  check((docs) => {
    if (docs.kind !== 'pipelines') return
    const { stages } = merge(docs).document as { stages: { position: number }[] }
    for (const [index, stage] of stages.entries()) if (index > 0) assert.ok(stage.position > (stages[index - 1] as { position: number }).position)
  })
})
