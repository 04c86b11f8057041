import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, idsIn, namesIn, startPair, told } from '../support/ledger.ts'
import { makeTag } from '../support/made-assets.ts'
import { type Actor, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

/** Kinds whose key people can change. */
const KINDS = {
  tags: {
    make: makeTag,
    rename: (location: Actor, id: string, name: string) =>
      location.client.put(`/locations/${location.id}/tags/${id}`, { name }),
    drop: (location: Actor, id: string) => location.client.delete(`/locations/${location.id}/tags/${id}`),
  },
  calendar_groups: {
    make: async (location: Actor, name: string) => {
      const reply = await location.client.post('/calendars/groups', {
        locationId: location.id,
        name,
        description: '',
        slug: name,
      })
      assert.equal(reply.status, 201, JSON.stringify(reply.body))
      return reply.body.group.id as string
    },
    rename: (location: Actor, id: string, name: string) =>
      location.client.put(`/calendars/groups/${id}`, { name, description: '', slug: name }),
    drop: (location: Actor, id: string) => location.client.delete(`/calendars/groups/${id}`),
  },
}
type Kind = keyof typeof KINDS

async function rename(kind: Kind, location: Actor, id: string, name: string): Promise<void> {
  const reply = await KINDS[kind].rename(location, id, name)
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
}

async function makeAll(kind: Kind, location: Actor, names: readonly string[]): Promise<Record<string, string>> {
  const ids: Record<string, string> = {}
  for (const name of names) ids[name] = await KINDS[kind].make(location, name)
  return ids
}

/** Whom the target had before the push: nobody, or its own of the same names. */
const MEETINGS = ['pushed', 'matched'] as const

for (const kind of Object.keys(KINDS) as Kind[]) {
  for (const meeting of MEETINGS) {
    for (const [what, moves] of [
      ['swapped', { alpha: 'beta', beta: 'alpha' }],
      ['shifted round', { alpha: 'beta', beta: 'gamma', gamma: 'alpha' }],
      ['shifted along', { alpha: 'beta', beta: 'gamma', gamma: 'delta' }],
    ] as [string, Record<string, string>][]) {
      test(`names of ${kind} that are ${what} in the source are so in a target that was ${meeting}, and back by a roll-back`, async () => {
        const { agency, source, target, ledger } = await start()
        const names = Object.keys(moves)
        const ids = await makeAll(kind, source, names)
        if (meeting === 'matched') await makeAll(kind, target, names)
        const snapshot = await agency.capture(source.id)
        await ledger.push(snapshot.id, target)
        const before = await idsIn(story, target)
        for (const name of names) await rename(kind, source, ids[name] as string, `${name} for now`)
        for (const [from, to] of Object.entries(moves)) await rename(kind, source, ids[from] as string, to)
        await agency.refresh(snapshot.id)
        const push = await ledger.push(snapshot.id, target)
        assert.deepEqual(push.totals, { updated: names.length })
        const expected = Object.fromEntries(
          Object.entries(moves).map(([from, to]) => [`${kind} ${to}`, before[`${kind} ${from}`]]),
        )
        assert.deepEqual(await idsIn(story, target), expected)
        assert.deepEqual(await driftIn(story, snapshot.id, target), [])
        assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { unchanged: names.length })
        await ledger.rollback(push.id, target)
        assert.deepEqual(await idsIn(story, target), before)
      })
    }

    test(`a name of ${kind} that a deletion frees in the same push goes to the one that takes it (${meeting})`, async () => {
      const { agency, source, target, ledger } = await start()
      const ids = await makeAll(kind, source, ['alpha', 'beta'])
      if (meeting === 'matched') await makeAll(kind, target, ['alpha', 'beta'])
      const snapshot = await agency.capture(source.id)
      await ledger.push(snapshot.id, target)
      const before = await idsIn(story, target)
      await KINDS[kind].drop(source, ids.beta as string)
      await rename(kind, source, ids.alpha as string, 'beta')
      await agency.refresh(snapshot.id)
      assert.deepEqual(
        (await ledger.push(snapshot.id, target)).totals,
        { ambiguous: 1 },
        'beta stays, as deletions do not travel',
      )
      const push = await ledger.push(snapshot.id, target, { deletions: 'all' })
      assert.deepEqual(push.totals, { updated: 1, deleted: 1 })
      assert.deepEqual(await idsIn(story, target), { [`${kind} beta`]: before[`${kind} alpha`] })
      await ledger.rollback(push.id, target)
      assert.deepEqual(await idsIn(story, target), before)
    })
  }

  for (const [policy, totals, names] of [
    ['merge', { kept: 1, ambiguous: 1 }, ['fresh']],
    ['skip', { kept: 1, ambiguous: 1 }, ['fresh']],
    ['override', { updated: 1, created: 1 }, ['fresh', 'old']],
  ] as const) {
    test(`a new name of ${kind} that the client gave to what was pushed is not given twice (${policy})`, async () => {
      const { agency, source, target, ledger } = await start()
      await makeAll(kind, source, ['old'])
      const snapshot = await agency.capture(source.id)
      await ledger.push(snapshot.id, target)
      const mine = (await idsIn(story, target))[`${kind} old`] as string
      await rename(kind, target, mine, 'fresh')
      await makeAll(kind, source, ['fresh'])
      await agency.refresh(snapshot.id)
      const push = await ledger.push(snapshot.id, target, { policy })
      assert.deepEqual(push.totals, totals)
      assert.deepEqual(await namesIn(story, target, kind), names)
      if (policy === 'override') return
      assert.match(
        push.report.find((line) => line.outcome === 'ambiguous')?.reason ?? '',
        /another (tag|calendar group) with the key fresh/,
      )
      assert.deepEqual(
        (await ledger.push(snapshot.id, target, { policy })).totals,
        totals,
        'the next push says so, too',
      )
      await rename(kind, target, mine, 'ours')
      assert.deepEqual((await ledger.push(snapshot.id, target, { policy })).totals, { kept: 1, created: 1 })
      assert.deepEqual(await namesIn(story, target, kind), ['fresh', 'ours'])
    })

    test(`two ${kind} that are renamed to one name, here one and there the other, stay two (${policy})`, async () => {
      const { agency, source, target, ledger } = await start()
      const ids = await makeAll(kind, source, ['one', 'two'])
      const snapshot = await agency.capture(source.id)
      await ledger.push(snapshot.id, target)
      const mine = await idsIn(story, target)
      await rename(kind, target, mine[`${kind} two`] as string, 'three')
      await rename(kind, source, ids.one as string, 'three')
      await agency.refresh(snapshot.id)
      const push = await ledger.push(snapshot.id, target, { policy })
      assert.deepEqual(push.totals, policy === 'override' ? { updated: 2 } : { kept: 1, ambiguous: 1 })
      assert.deepEqual(await namesIn(story, target, kind), policy === 'override' ? ['three', 'two'] : ['one', 'three'])
      assert.deepEqual(Object.values(await idsIn(story, target)).sort(), Object.values(mine).sort())
    })
  }

  test(`a roll-back does not give a name of ${kind} back that the client has given to another one meanwhile`, async () => {
    const { agency, source, target, ledger } = await start()
    const ids = await makeAll(kind, source, ['red'])
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    await rename(kind, source, ids.red as string, 'blue')
    await agency.refresh(snapshot.id)
    const push = await ledger.push(snapshot.id, target)
    const [own] = Object.values(await makeAll(kind, target, ['red'])) as [string]
    const undone = await ledger.rollback(push.id, target)
    assert.deepEqual(undone.totals, { kept: 1 })
    assert.match(undone.report[0]?.reason ?? '', /another (tag|calendar group) with the key red/)
    assert.deepEqual(await namesIn(story, target, kind), ['blue', 'red'])
    await rename(kind, target, own, 'crimson')
    await ledger.rollback(undone.id, target)
    const again = await ledger.rollback(push.id, target)
    assert.deepEqual(again.totals, { updated: 1 })
    assert.deepEqual(await namesIn(story, target, kind), ['crimson', 'red'])
  })
}

for (const deletions of [true, 'all']) {
  test(`one lineage is one asset, also when what left the snapshot (${deletions}) comes again and the leaving is rolled back`, async () => {
    const { agency, source, target, ledger } = await start()
    const { x } = await makeAll('tags', source, ['x'])
    await makeAll('tags', source, ['y'])
    const mine = await makeTag(target, 'x')
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    await KINDS.tags.drop(source, x as string)
    await agency.refresh(snapshot.id)
    const left = await ledger.push(snapshot.id, target, { deletions })
    assert.deepEqual(told(left.report, 'tags').sort(), [
      `x: ${deletions === 'all' ? 'deleted' : 'released'}`,
      'y: unchanged',
    ])
    const back = await ledger.push(snapshot.id, target, { version: 1 })
    assert.deepEqual(back.totals, deletions === 'all' ? { created: 1, unchanged: 1 } : { unchanged: 2 })
    assert.equal((await idsIn(story, target))['tags x'], mine, 'under its old id')
    await ledger.rollback(left.id, target)
    assert.deepEqual(await namesIn(story, target, 'tags'), ['x', 'y'])
    assert.deepEqual((await ledger.push(snapshot.id, target, { version: 1 })).totals, { unchanged: 2 })
    assert.equal((await idsIn(story, target))['tags x'], mine)
  })
}

for (const [what, here, there] of [
  ['composed and decomposed letters', 'Caf\u00e9', 'Cafe\u0301'],
  ['a no-break space', 'new lead', 'new\u00a0lead'],
  ['two spaces', 'new lead', 'new  lead'],
  ['capitals', 'New Lead', 'new lead'],
] as const) {
  test(`names that differ in ${what} are one, by hand and by a push`, async () => {
    const { agency, source, target, ledger } = await start()
    await makeTag(source, here)
    const mine = await makeTag(target, there)
    assert.equal((await target.client.post(`/locations/${target.id}/tags`, { name: here })).status, 400)
    const snapshot = await agency.capture(source.id)
    const push = await ledger.push(snapshot.id, target)
    assert.deepEqual(Object.values(await idsIn(story, target)), [mine])
    assert.equal(push.report[0]?.id, mine)
  })
}
