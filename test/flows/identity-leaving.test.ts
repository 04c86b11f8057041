import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, idsIn, namesIn, startPair, told } from '../support/ledger.ts'
import { make, makeFlow, makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

interface Kind {
  make: (location: Actor, name: string) => Promise<string>
  edit: (location: Actor, id: string) => Promise<{ status: number }>
  drop: (location: Actor, id: string) => Promise<{ status: number }>
}

const KINDS: Record<string, Kind> = {
  tags: {
    make: makeTag,
    edit: (location, id) => location.client.put(`/locations/${location.id}/tags/${id}`, { name: 'edited' }),
    drop: (location, id) => location.client.delete(`/locations/${location.id}/tags/${id}`),
  },
  forms: {
    make: async (location, name) => (await makeForm(location, name)).id,
    edit: (location, id) => location.client.put(`/forms/${id}`, { description: 'edited' }),
    drop: (location, id) => location.client.delete(`/forms/${id}`),
  },
  pipelines: {
    make: async (location, name) =>
      (await make(location, '/opportunities/pipelines', { name, stages: [{ name: 'New' }] })).id,
    edit: (location, id) => location.client.put(`/opportunities/pipelines/${id}`, { showInFunnel: false }),
    drop: (location, id) => location.client.delete(`/opportunities/pipelines/${id}`),
  },
}

const OUTCOMES = [
  { came: 'pushed', edited: false, policy: 'merge', deletions: true, outcome: 'deleted' },
  { came: 'pushed', edited: false, policy: 'merge', deletions: 'all', outcome: 'deleted' },
  { came: 'pushed', edited: true, policy: 'merge', deletions: true, outcome: 'conflict' },
  { came: 'pushed', edited: true, policy: 'override', deletions: true, outcome: 'deleted' },
  { came: 'pushed', edited: true, policy: 'skip', deletions: 'all', outcome: 'skipped' },
  { came: 'matched', edited: false, policy: 'merge', deletions: true, outcome: 'released' },
  { came: 'matched', edited: true, policy: 'override', deletions: true, outcome: 'released' },
  { came: 'matched', edited: false, policy: 'merge', deletions: 'all', outcome: 'deleted' },
  { came: 'matched', edited: true, policy: 'merge', deletions: 'all', outcome: 'conflict' },
  { came: 'born here', edited: false, policy: 'merge', deletions: true, outcome: 'released' },
  { came: 'born here', edited: false, policy: 'merge', deletions: 'all', outcome: 'deleted' },
] as const

for (const [kind, { make: makeOne, edit, drop }] of Object.entries(KINDS)) {
  for (const { came, edited, policy, deletions, outcome } of OUTCOMES) {
    test(`${kind} that leave the snapshot, ${came}${edited ? ' and edited' : ''}, are ${outcome} by deletions ${deletions} under ${policy}`, async () => {
      const { agency, source, target, ledger } = await start()
      const theirs = await makeOne(came === 'born here' ? target : source, 'vip')
      if (came === 'matched') await makeOne(target, 'vip')
      const snapshot = await agency.capture(came === 'born here' ? target.id : source.id)
      const first = await ledger.push(snapshot.id, target)
      const [mine] = Object.values(await idsIn(story, target)) as [string]
      if (came === 'born here') {
        // Captured without it, and brought back as itself.
        await drop(target, theirs)
        await agency.refresh(snapshot.id)
        await ledger.push(snapshot.id, target, { version: 1, policy: 'override' })
      } else {
        if (edited) assert.equal((await edit(target, mine)).status, 200)
        await drop(source, theirs)
        await agency.refresh(snapshot.id)
      }
      assert.deepEqual((await ledger.push(snapshot.id, target)).totals, {}, 'nothing leaves unasked')
      const before = await readAll(story, target.id)
      const push = await ledger.push(snapshot.id, target, { deletions, policy })
      assert.deepEqual(
        [push.totals, push.report[0]?.lineage, push.report[0]?.id],
        [{ [outcome]: 1 }, first.report[0]?.lineage, mine],
      )
      const isGone = outcome === 'deleted'
      assert.deepEqual(await readAll(story, target.id), isGone ? [] : before)
      if (outcome === 'released') {
        assert.match(push.planned[0]?.reason ?? '', /it was there before the first push/)
        await edit(target, mine)
        assert.deepEqual(await driftIn(story, snapshot.id, target), [], 'nobody follows it any more')
        assert.deepEqual(
          (await ledger.push(snapshot.id, target, { deletions: 'all', policy: 'override' })).totals,
          {},
          'nor takes it',
        )
      }
      await ledger.rollback(push.id, target)
      if (outcome !== 'released') assert.deepEqual(await readAll(story, target.id), before)
      assert.deepEqual(Object.values(await idsIn(story, target)), [mine])
    })
  }
}

test('what another snapshot held by an answer that is taken back leaves with the push that takes it back', async () => {
  const { agency, source, target, ledger } = await start()
  const { id } = await makeForm(source, 'Ask')
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  await source.client.delete(`/forms/${id}`)
  const again = (await makeForm(source, 'Ask', { description: 'Anew' })).id
  const other = await agency.capture(source.id)
  await ledger.push(other.id, target)
  await agency.refresh(snapshot.id)
  const matches = [{ locationId: target.id, kind: 'forms', lineage: again, id: null }]
  const push = await ledger.push(snapshot.id, target, { deletions: true, policy: 'override', matches })
  assert.deepEqual(push.totals, { created: 1, deleted: 1 }, JSON.stringify(push.report))
  await ledger.rollback(push.id, target)
  assert.deepEqual(
    (await ledger.push(snapshot.id, target, { deletions: true })).totals,
    { unchanged: 1 },
    'the other snapshot holds it again',
  )
})

test('what came along as a dependency alone stays when nothing names it any more', async () => {
  const { agency, source, target, ledger } = await start()
  const [first, second] = [await makeForm(source, 'First'), await makeForm(source, 'Second')]
  const flow = await makeFlow(source, 'Flow', { trigger: { type: 'form_submitted', formId: first.id } })
  const snapshot = await agency.post(
    '/',
    { name: 'Flows', locationId: source.id, assets: [{ kind: 'workflows', id: flow.id }] },
    201,
  )
  await ledger.push(snapshot.snapshot.id, target)
  await source.client.put(`/workflows/${flow.id}`, { trigger: { type: 'form_submitted', formId: second.id } })
  await agency.refresh(snapshot.snapshot.id)
  const push = await ledger.push(snapshot.snapshot.id, target, { deletions: 'all', policy: 'override' })
  assert.deepEqual(push.totals, { created: 1, updated: 1 })
  assert.deepEqual(await namesIn(story, target, 'forms'), ['First', 'Second'])
})

for (const shared of ['of one source', 'of two sources'] as const) {
  for (const deletions of [true, 'all'] as const) {
    test(`what two snapshots ${shared} brought goes when the second one lets go of it, not before (${deletions})`, async () => {
      const { agency, source, target, ledger } = await start()
      const other = shared === 'of one source' ? source : await newLocation(story, 'Other')
      const ids = [await makeTag(source, 'x')]
      if (other !== source) ids.push(await makeTag(other, 'x'))
      const [one, two] = [
        await agency.capture(source.id, { name: 'One' }),
        await agency.capture(other.id, { name: 'Two' }),
      ]
      await ledger.push(one.id, target)
      await ledger.push(two.id, target)
      await KINDS.tags?.drop(source, ids[0] as string)
      if (ids[1] !== undefined) await KINDS.tags?.drop(other, ids[1])
      await agency.refresh(one.id)
      const kept = await ledger.push(one.id, target, { deletions })
      assert.deepEqual(
        [told(kept.report), kept.report[0]?.reason],
        [['x: kept'], 'left the snapshot; stays, as Two brought it too'],
      )
      assert.deepEqual(await namesIn(story, target, 'tags'), ['x'])
      await agency.refresh(two.id)
      const gone = await ledger.push(two.id, target, { deletions })
      const isAlias = shared === 'of two sources' && deletions === true
      assert.deepEqual(told(gone.report), [isAlias ? 'x: released' : 'x: deleted'])
      assert.deepEqual(await namesIn(story, target, 'tags'), isAlias ? ['x'] : [])
      await ledger.rollback(gone.id, target)
      assert.deepEqual(await namesIn(story, target, 'tags'), ['x'])
    })
  }
}

for (const { is, becomes } of [
  { is: 'only skipped', becomes: 'skipped' },
  { is: 'never told apart', becomes: 'ambiguous' },
  { is: 'only left deleted', becomes: 'kept' },
] as const) {
  for (const other of ['dropped', 'rolled back'] as const) {
    for (const deletions of [true, 'all'] as const) {
      test(`what a snapshot has ${is} does not leave with it, though one that is ${other} has brought it there (${deletions})`, async () => {
        const { agency, source, target, ledger } = await start()
        const { id: lineage } = await makeForm(source, 'Ask', { description: 'Theirs' })
        const [one, two] = [await agency.capture(source.id), await agency.capture(source.id)]
        let mine: string | null = null
        if (is === 'only left deleted') {
          await ledger.push(two.id, target)
          await KINDS.forms?.drop(target, (await named(story, target, 'forms', 'Ask')).id)
        } else mine = (await makeForm(target, 'Ask', { description: 'Mine' })).id
        if (is === 'never told apart') await makeForm(target, 'Ask', { description: 'Mine, too' })
        const policy = is === 'only skipped' ? 'skip' : 'merge'
        assert.deepEqual((await ledger.push(one.id, target, { policy })).totals, { [becomes]: 1 })
        const matches = mine === null ? [] : [{ kind: 'forms', lineage, id: mine, locationId: target.id }]
        const brought = await ledger.push(two.id, target, { policy: 'override', matches })
        if (other === 'dropped') assert.equal((await agency.client.delete(agency.path(`/${two.id}`))).status, 200)
        else {
          await KINDS.forms?.edit(target, brought.report[0]?.id as string)
          assert.deepEqual((await ledger.rollback(brought.id, target)).totals, { kept: 1 })
        }
        await KINDS.forms?.drop(source, lineage)
        await agency.refresh(one.id)
        const before = await readAll(story, target.id)
        const push = await ledger.push(one.id, target, { deletions, policy: 'override' })
        assert.deepEqual([push.totals, await readAll(story, target.id)], [{}, before], JSON.stringify(push.report))
      })
    }
  }
}

test('a tag that a push deletes is missed by name: the plan counts the workflows and contacts that name it, and the list of broken references says so', async () => {
  const { agency, source, target, ledger } = await start()
  const x = await makeTag(source, 'x')
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const mine = (await named(story, target, 'tags', 'x')).id
  await makeFlow(target, 'Ours', { trigger: { type: 'contact_tag', tagIds: [mine] } })
  await make(target, '/contacts/', { email: 'ann@example.com', tags: ['x'] })
  await KINDS.tags?.drop(source, x)
  await agency.refresh(snapshot.id)
  const plan = await agency.plan(snapshot.id, [target.id], { deletions: true })
  const warnings = plan.targets[0].warnings.map(
    ({ name, why, records }: { name: string; why: string; records?: object }) => ({ name, why, records }),
  )
  assert.deepEqual(warnings, [
    { name: 'x', why: 'the tag goes, and records name it', records: { kind: 'contacts', count: 1 } },
    { name: 'x', why: 'the tag goes, and workflows "Ours" would refer to nothing', records: undefined },
  ])
  const push = await ledger.push(snapshot.id, target, { deletions: true })
  const broken = async () =>
    (await target.client.get(`/locations/${target.id}/broken-references`)).body.brokenReferences
  assert.deepEqual(
    (await broken()).map((row: { name: string; missingName: string }) => [row.name, row.missingName]),
    [['Ours', 'x']],
  )
  await ledger.rollback(push.id, target)
  assert.deepEqual(await broken(), [])
})

for (const policy of ['merge', 'skip']) {
  test(`what the snapshot holds again is in no conflict about having left it (policy ${policy})`, async () => {
    const { agency, source, target, ledger } = await start()
    const { id } = await makeForm(source, 'Ask', { description: 'Theirs' })
    await makeForm(source, 'Other')
    const snapshot = await agency.capture(source.id)
    await source.client.delete(`/forms/${id}`)
    await agency.refresh(snapshot.id)
    await ledger.push(snapshot.id, target, { version: 1 })
    const mine = (await named(story, target, 'forms', 'Ask')).id
    await target.client.put(`/forms/${mine}`, { description: 'Mine' })
    assert.equal((await ledger.push(snapshot.id, target, { deletions: true })).totals.conflict, 1)
    const open = async () => (await agency.get(`/${snapshot.id}/conflicts`)).conflicts.length
    assert.equal(await open(), 1)
    const again = await ledger.push(snapshot.id, target, { version: 1, deletions: true, policy })
    assert.deepEqual(again.report.map(({ reason }) => reason).filter(Boolean), ['changed in the target only'])
    assert.equal(await open(), 0, 'to take the side of the snapshot would mean to delete what it holds')
    await ledger.rollback(again.id, target)
    assert.equal(await open(), 1)
  })
}
