import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ACTIONS } from '../../src/snapshots/options.ts'
import { type PlanFilter, PlanPage } from '../../src/snapshots/plan-pages.ts'
import type { PlannedTarget as Planned, PlannedAsset } from '../../src/snapshots/planner.ts'

type PlannedTarget = Omit<Planned, 'digest'>

const asset: fc.Arbitrary<PlannedAsset> = fc.record(
  {
    kind: fc.constantFrom('forms', 'tags'),
    lineage: fc.constantFrom('a', 'b', 'c', 'd'),
    name: fc.constant('Asset'),
    action: fc.constantFrom(...ACTIONS),
    fields: fc.array(
      fc.record({ path: fc.constantFrom('name', 'colour'), after: fc.constantFrom(1, 2) }, { noNullPrototype: true }),
      { maxLength: 2 },
    ),
    reason: fc.constantFrom('changed', 'differs'),
  },
  { requiredKeys: ['kind', 'lineage', 'name', 'action'], noNullPrototype: true },
)
const fleet: fc.Arbitrary<PlannedTarget[]> = fc.uniqueArray(
  fc.record({
    locationId: fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('x', 'y', 'z', '1') }),
    totals: fc.constant({ update: 1 }),
    assets: fc.uniqueArray(asset, { selector: ({ kind, lineage }) => `${kind}/${lineage}`, maxLength: 8 }),
    warnings: fc.constant([]),
  }),
  { selector: (target) => target.locationId, maxLength: 12 },
)
const filter: fc.Arbitrary<PlanFilter> = fc.record(
  {
    limit: fc.integer({ min: 1, max: 7 }),
    unchanged: fc.boolean(),
    kind: fc.constantFrom('forms', 'tags'),
    action: fc.constantFrom(...ACTIONS),
  },
  { requiredKeys: ['limit'] },
)

function pageOf(targets: readonly PlannedTarget[], one: PlanFilter) {
  const page = new PlanPage(one)
  for (const target of targets) page.add(target)
  return page.result()
}

/** As locations stand by their names: any order, in which not all need be asked for. */
const placed = fleet.chain((targets) =>
  fc.record({
    targets: fc.constant(targets),
    places: fc
      .shuffledSubarray(targets, { minLength: targets.length })
      .chain((all) => fc.tuple(fc.constant(all), fc.array(fc.boolean(), { minLength: 12 })))
      .map(([all, wanted]) => {
        const placeOf = (number: number) => ({ number, isListed: wanted[number] ?? true })
        return new Map(all.map(({ locationId }, number) => [locationId, placeOf(number)]))
      }),
  }),
)

const lineOf = (locationId: string, { kind, lineage, action }: PlannedAsset) =>
  `${locationId} ${kind} ${lineage} ${action}`
const isWanted = ({ unchanged, kind, action }: PlanFilter, one: PlannedAsset) =>
  (one.action !== 'unchanged' || unchanged === true || action === 'unchanged') &&
  (kind ?? one.kind) === one.kind &&
  (action ?? one.action) === one.action

test('pages hold every wanted line once, in one order, and every target, however large a page is', () => {
  fc.assert(
    fc.property(fleet, filter, (targets, one) => {
      const lines: string[] = []
      const met = new Set<string>()
      let after: string | null | undefined
      do {
        const page = pageOf(targets, { ...one, after: after ?? undefined })
        const size = page.targets.reduce((sum, target) => sum + Math.max(1, target.assets.length), 0)
        assert.ok(size <= one.limit, `${size} lines on a page of ${one.limit}`)
        assert.ok(page.after === null || size === one.limit, 'only the last page is short')
        for (const target of page.targets) {
          met.add(target.locationId)
          lines.push(...target.assets.map((asset) => lineOf(target.locationId, asset)))
        }
        after = page.after
      } while (after !== null)
      const wanted = targets.flatMap(({ locationId, assets }) =>
        assets.filter((asset) => isWanted(one, asset)).map((asset) => lineOf(locationId, asset)),
      )
      assert.deepEqual([...lines].sort(), wanted.sort())
      if (one.kind === undefined && one.action === undefined) assert.equal(met.size, targets.length)
    }),
  )
})

test('targets stand in the order that is asked for, and those that are not are on no page', () => {
  fc.assert(
    fc.property(placed, fc.integer({ min: 1, max: 7 }), ({ targets, places }, limit) => {
      const met: string[] = []
      let after: string | null | undefined
      do {
        const page = pageOf(targets, { limit, places, after: after ?? undefined })
        met.push(...page.targets.map(({ locationId }) => locationId))
        after = page.after
      } while (after !== null)
      const listed = [...places].filter(([, { isListed }]) => isListed).map(([id]) => id)
      assert.deepEqual([...new Set(met)], listed)
      for (const { sample } of pageOf(targets, { limit, places }).groups)
        assert.deepEqual(
          sample,
          listed.filter((id) => sample.includes(id)),
        )
    }),
  )
})

test('a page is the same in whatever order its targets come', () => {
  fc.assert(
    fc.property(fleet, filter, (targets, one) =>
      assert.deepEqual(pageOf(targets, one), pageOf(targets.toReversed(), one)),
    ),
  )
})

test('groups hold every change once, whatever the page, and never what stays as it is', () => {
  fc.assert(
    fc.property(fleet, filter, (targets, one) => {
      const { groups, ungrouped } = pageOf(targets, one)
      const changes = targets.flatMap(({ assets }) =>
        assets.filter((asset) => asset.action !== 'unchanged' && isWanted(one, asset)),
      )
      assert.equal(
        groups.reduce((sum, group) => sum + group.locations, ungrouped),
        changes.length,
      )
      assert.equal(new Set(groups.map((group) => group.key)).size, groups.length)
      for (const group of groups)
        assert.ok(group.sample.length <= 5 && group.sample.length === Math.min(5, group.locations))
      assert.deepEqual(pageOf(targets, { ...one, after: 'y:' }).groups, groups)
    }),
  )
})

test('equal changes are one group, though their reasons name ids of their own', () => {
  const target = (locationId: string, assets: PlannedAsset[]) => ({ locationId, totals: {}, assets, warnings: [] })
  const ambiguous = (id: string): PlannedAsset => ({
    kind: 'tags',
    lineage: 'vip',
    name: 'VIP',
    action: 'ambiguous',
    reason: `2 candidates: "VIP" (${id}). Say which one.`,
  })
  const update = (after: string): PlannedAsset => ({
    kind: 'forms',
    lineage: 'ask',
    name: 'Ask',
    action: 'update',
    fields: [{ path: 'name', after }],
  })
  const { groups } = pageOf(
    [
      target('one', [ambiguous('rHdYBAAI4h0zcoRXerEf'), update('Ask us')]),
      target('two', [ambiguous('Dujv30BO7an9d7kGlVTq'), update('Ask us')]),
      target('three', [update('Ask me')]),
    ],
    { limit: 1 },
  )
  assert.deepEqual(
    groups.map(({ kind, locations, sample, reason }) => [kind, locations, sample, reason]),
    [
      ['forms', 2, ['one', 'two'], undefined],
      ['tags', 2, ['one', 'two'], '2 candidates: "VIP" (…). Say which one.'],
      ['forms', 1, ['three'], undefined],
    ],
  )
})

test('a page of a large fleet keeps neither its other lines nor groups without end', () => {
  const page = new PlanPage({ limit: 10 })
  for (let number = 0; number < 3_000; number++) {
    const asset: PlannedAsset = { kind: 'tags', lineage: `l${number}`, name: 'Tag', action: 'create' }
    page.add({ locationId: `location${String(9_999 - number)}`, totals: { create: 1 }, assets: [asset], warnings: [] })
  }
  const { targets, groups, ungrouped, after } = page.result()
  assert.equal(targets.length, 10)
  assert.equal(targets[0]?.locationId, 'location7000')
  assert.equal(after, 'location7009:tags:l2990')
  assert.deepEqual([groups.length, ungrouped], [1_000, 2_000])
})

test('a group bears the name that most of its targets have for the asset', () => {
  const named = (name: string, n: number): PlannedTarget => ({
    locationId: `x${n}`,
    totals: { delete: 1 },
    assets: [{ kind: 'tags', lineage: 'a', name, action: 'delete' }],
    warnings: [],
  })
  const { groups } = pageOf(['Premium', 'VIP', 'VIP', 'VIP'].map(named), { limit: 10 })
  assert.deepEqual(
    groups.map(({ name, locations }) => [name, locations]),
    [['VIP', 4]],
  )
})
