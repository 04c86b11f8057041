import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { idsIn, Ledger } from '../support/ledger.ts'
import { flowOf, formOf, makeFlow, makeForm, makeTag } from '../support/made-assets.ts'
import { newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

/** A form that could be one of two of the target, and a workflow that names it. */
async function start() {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const ask = (await makeForm(source, 'Ask', { description: 'Theirs' })).id
  await makeFlow(source, 'Greet', { trigger: { type: 'form_submitted', formId: ask } })
  const twins = [
    await makeForm(target, 'Ask', { description: 'One' }),
    await makeForm(target, 'ask ', { description: 'Two' }),
  ].map(({ id }) => id) as [string, string]
  const snapshot = await agency.capture(source.id)
  const ledger = new Ledger(story, source, target)
  const open = async (query = '') => (await agency.get(`/${snapshot.id}/conflicts${query}`)).conflicts
  const key = { locationId: target.id, kind: 'forms', lineage: ask }
  return { agency, source, target, ask, twins, snapshot, ledger, open, key }
}

test('an ambiguity is found in the inbox until it is answered, with its candidates', async () => {
  const { agency, target, ask, twins, snapshot, ledger, open } = await start()
  const push = await ledger.push(snapshot.id, target)
  assert.deepEqual(push.totals, { ambiguous: 1, created: 1 })
  const [one] = await open()
  assert.deepEqual(
    [one.outcome, one.kind, one.lineage, one.name, one.version, one.pushId, one.fields],
    ['ambiguous', 'forms', ask, 'Ask', 1, push.id, []],
  )
  assert.deepEqual(one.candidates.map(({ id }: { id: string }) => id).sort(), [...twins].sort())
  assert.deepEqual(one.candidates.map(({ name }: { name: string }) => name).sort(), ['Ask', 'ask'])
  assert.match(one.reason, /2 candidates/)
  assert.equal((await open('?outcome=ambiguous')).length, 1)
  assert.deepEqual(await open('?outcome=conflict'), [])
  await agency.get(`/${snapshot.id}/conflicts?outcome=fine`, 422)
  await ledger.push(snapshot.id, target)
  assert.equal((await open()).length, 1, 'a second push asks the same')
  await ledger.push(snapshot.id, target, {
    policy: 'override',
    matches: [{ kind: 'forms', lineage: ask, id: twins[1] }],
  })
  assert.deepEqual(await open(), [])
})

for (const policy of ['merge', 'skip']) {
  test(`an answer settles it also where nothing is written, or a conflict comes of it (${policy})`, async () => {
    const { target, ask, twins, snapshot, ledger, open } = await start()
    await ledger.push(snapshot.id, target)
    const [before] = await open()
    const answered = await ledger.push(snapshot.id, target, {
      policy,
      matches: [{ kind: 'forms', lineage: ask, id: twins[0] }],
    })
    assert.deepEqual(
      (await open()).map(({ outcome, candidates }: Record<string, unknown>) => [outcome, candidates]),
      policy === 'skip' ? [] : [['conflict', undefined]],
    )
    await ledger.rollback(answered.id, target)
    assert.deepEqual(await open(), [before], 'a roll-back asks again')
  })
}

test('it is settled when it disappears: in the target, in the snapshot, and with the push that told of it', async () => {
  const begun = await start()
  const first = await begun.ledger.push(begun.snapshot.id, begun.target)
  await begun.ledger.rollback(first.id, begun.target)
  assert.deepEqual(await begun.open(), [])
  await begun.ledger.push(begun.snapshot.id, begun.target)
  await begun.target.client.delete(`/forms/${begun.twins[0]}`)
  await begun.ledger.push(begun.snapshot.id, begun.target, { policy: 'override' })
  assert.deepEqual(await begun.open(), [])

  const { agency, source, target, ask, snapshot, ledger, open } = await start()
  await ledger.push(snapshot.id, target)
  await source.client.delete(`/workflows/${(await idsIn(story, source))['workflows Greet']}`)
  await makeTag(source, 'vip')
  await source.client.delete(`/forms/${ask}`)
  await agency.refresh(snapshot.id)
  await ledger.push(snapshot.id, target, {
    only: [{ kind: 'tags', lineage: (await idsIn(story, source))['tags vip'] }],
  })
  assert.equal((await open()).length, 1, 'single assets say nothing of the rest')
  await ledger.push(snapshot.id, target)
  assert.deepEqual(await open(), [])
})

test('an open conflict is not forgotten for an ambiguity of the same asset', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const tag = await makeTag(source, 'vip')
  const snapshot = await agency.capture(source.id)
  const ledger = new Ledger(story, source, target)
  await ledger.push(snapshot.id, target)
  await target.client.put(`/locations/${target.id}/tags/${(await idsIn(story, target))['tags vip']}`, { name: 'mine' })
  const rename = async (name: string, options: object = {}) => {
    await source.client.put(`/locations/${source.id}/tags/${tag}`, { name })
    await agency.refresh(snapshot.id)
    return ledger.push(snapshot.id, target, options)
  }
  assert.deepEqual((await rename('gold')).totals, { conflict: 1 })
  const open = async () => (await agency.get(`/${snapshot.id}/conflicts`)).conflicts
  const before = await open()
  await makeTag(target, 'silver')
  assert.deepEqual((await rename('silver', { policy: 'override' })).totals, { ambiguous: 1 })
  assert.deepEqual(await open(), before)
  const gold = await makeTag(target, 'gold')
  const decide = async () => {
    const { push } = await agency.post(
      `/${snapshot.id}/conflicts`,
      { decisions: [{ locationId: target.id, kind: 'tags', lineage: tag, take: 'source' }] },
      202,
    )
    return (await agency.ended(push.id)).totals
  }
  assert.deepEqual(
    [await decide(), await open()],
    [{ ambiguous: 1 }, before],
    'a decision that could not be carried out settles nothing',
  )
  await target.client.delete(`/locations/${target.id}/tags/${gold}`)
  assert.deepEqual([await decide(), await open()], [{ updated: 1 }, []])
})

test('a decision answers it with one of the candidates, or with a new one, and can be rolled back', async () => {
  for (const answer of ['candidate', 'new']) {
    const { agency, target, twins, snapshot, ledger, open, key } = await start()
    await ledger.push(snapshot.id, target)
    const before = await open()
    const match = answer === 'new' ? null : twins[1]
    const { plan } = await agency.post(`/${snapshot.id}/conflicts`, { decisions: [{ ...key, match }], preview: true })
    assert.deepEqual(
      [plan.totals, plan.targets[0].assets.length],
      [{ [answer === 'new' ? 'create' : 'conflict']: 1 }, 1],
    )
    const { push } = await agency.post(`/${snapshot.id}/conflicts`, { decisions: [{ ...key, match }] }, 202)
    const decided = await ledger.ended(push.id, target)
    assert.deepEqual(decided.totals, { [answer === 'new' ? 'created' : 'conflict']: 1 })
    const id = decided.report[0]?.id as string
    if (match !== null) assert.equal(id, match)
    assert.equal((await formOf(target, id)).description, answer === 'new' ? 'Theirs' : 'Two')
    const flow = await flowOf(target, (await idsIn(story, target))['workflows Greet'] as string)
    assert.equal(flow.trigger.formId, id, 'what names it finds it')
    assert.equal((await open('?outcome=ambiguous')).length, 0)
    await ledger.rollback(push.id, target)
    assert.deepEqual(await open(), before)
  }
})

test('an answer where none is asked for, or that is none, is refused with its path', async () => {
  const { agency, target, twins, snapshot, ledger, key } = await start()
  await ledger.push(snapshot.id, target)
  const decide = async (decision: object) =>
    (await agency.post(`/${snapshot.id}/conflicts`, { decisions: [{ ...key, ...decision }] }, 422)).message
  assert.match((await decide({ take: 'source' }))[0], /^decisions\[0\]\.take: .*match/)
  assert.match((await decide({}))[0], /^decisions\[0\]/)
  assert.match((await decide({ take: 'source', match: null }))[0], /^decisions\[0\]/)
  assert.match((await decide({ match: 'unknown0000000000000' }))[0], /^decisions\[0\]\.match: /)
  await ledger.push(snapshot.id, target, { matches: [{ kind: 'forms', lineage: key.lineage, id: twins[0] }] })
  assert.match((await decide({ match: null }))[0], /^decisions\[0\]\.match: /)
})

for (const deletions of [true, 'all'] as const) {
  for (const policy of ['merge', 'override'] as const) {
    test(`what an ambiguous asset may be does not go until somebody has said (deletions: ${deletions}, ${policy})`, async () => {
      const { agency } = story
      const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
      const old = [await makeForm(source, 'Ask'), await makeForm(source, 'Ask')]
      await makeForm(source, 'Rest')
      const snapshot = await agency.capture(source.id)
      const ledger = new Ledger(story, source, target)
      await ledger.push(snapshot.id, target)
      const ids = (await readAll(story, target.id)).filter(({ name }) => name === 'Ask').map(({ id }) => id)
      for (const { id } of old) await source.client.delete(`/forms/${id}`)
      const { id: lineage } = await makeForm(source, 'Ask', { description: 'New' })
      await agency.refresh(snapshot.id)
      for (let times = 0; times < 2; times++) {
        const unclear = await ledger.push(snapshot.id, target, { deletions, policy })
        assert.deepEqual(unclear.totals, { ambiguous: 1, kept: 2, unchanged: 1 })
        assert.equal(
          unclear.report.find(({ outcome }) => outcome === 'kept')?.reason,
          'left the snapshot; stays, as it may be the form "Ask", which is ambiguous',
        )
      }
      const only = [{ kind: 'forms', lineage: old[1]?.id as string }]
      const asked = await ledger.push(snapshot.id, target, { deletions, policy, only })
      assert.deepEqual(asked.totals, { deleted: 1 }, 'a push that is not about what is ambiguous')
      await ledger.rollback(asked.id, target)
      const said = await ledger.push(snapshot.id, target, {
        deletions,
        policy,
        matches: [{ kind: 'forms', lineage, id: ids[0] as string }],
      })
      assert.deepEqual([said.totals.deleted, said.totals.kept], [1, undefined])
      await ledger.rollback(said.id, target)
      const fresh = await ledger.push(snapshot.id, target, {
        deletions,
        policy,
        matches: [{ kind: 'forms', lineage, id: null }],
      })
      assert.deepEqual(fresh.totals, { created: 1, deleted: 2, unchanged: 1 })
      assert.deepEqual((await ledger.push(snapshot.id, target, { deletions, policy })).totals, { unchanged: 2 })
    })
  }
}
