import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RESOURCES } from '../../src/resources/index.ts'
import type { Json } from '../../src/snapshots/diff.ts'
import { type MergeRules, mergeDocuments } from '../../src/snapshots/merge.ts'
import { renameParts } from '../../src/snapshots/merge-match.ts'
import { partMarker, readMarkers } from '../../src/store/markers.ts'
import { faultsOf } from '../../src/store/validate.ts'
import { type Doc, type Edited, edited, idsIn } from '../support/edited-documents.ts'

/** Laws that every merge obeys, tried on documents that two people have edited at random. */
const RUNS = Number(process.env.MERGE_RUNS ?? 400)
const rulesOf = (kind: string) => RESOURCES.get(kind) as MergeRules
const merge = ({ kind, ...docs }: Edited, more: Partial<Parameters<typeof mergeDocuments>[0]> = {}) =>
  mergeDocuments({ resource: rulesOf(kind), ...docs, ...more })

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
    assert.deepEqual(
      merge({ ...docs, base: source as Doc, target: first.document as Doc, source: source as Doc }),
      quiet(first.document),
    )
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
    const [base, target, theirs, result] = [docs.base, docs.target, source, document].map(
      (value) => new Set(idsIn(value as Json)),
    ) as [Set<string>, Set<string>, Set<string>, Set<string>]
    for (const id of target.intersection(theirs)) assert.ok(result.has(id) || isNested(docs.kind, id), `${id} stays`)
    for (const id of result) assert.ok(target.has(id) || theirs.has(id), `${id} comes from somewhere`)
    for (const id of target.difference(base))
      assert.ok(result.has(id) || isNested(docs.kind, id), `${id} of the target stays`)
    if (conflicts.length === 0)
      for (const id of base)
        if (!target.has(id) || !theirs.has(id)) assert.ok(!result.has(id) || isNested(docs.kind, id), `${id} goes`)
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
      const { document, conflicts } = mergeDocuments({
        resource: rulesOf('tags'),
        base: { list: base },
        target: { list: target },
        source: { list: source },
      })
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
    for (const [index, stage] of stages.entries())
      if (index > 0) assert.ok(stage.position > (stages[index - 1] as { position: number }).position)
  })
})
