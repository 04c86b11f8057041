import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, idsIn, namesIn, startPair } from '../support/ledger.ts'
import { formOf, makeForm, makeTag, named } from '../support/made-assets.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

const UNKNOWN = 'unknown0000000000000'

test('an answer, a policy or a choice that names what is not there is refused with its path, by plan and push alike', async () => {
  const { agency, source, target } = await start()
  const { id: lineage } = await makeForm(source, 'Ask')
  const mine = await makeForm(target, 'Tell')
  const elsewhere = await makeForm(await newLocation(story, 'Elsewhere'), 'Tell')
  const snapshot = await agency.capture(source.id)
  const match = { kind: 'forms', lineage, id: mine.id, locationId: target.id }
  for (const [options, path] of [
    [{ matches: [{ ...match, id: UNKNOWN }] }, 'matches[0].id'],
    [{ matches: [{ ...match, id: elsewhere.id }] }, 'matches[0].id'],
    [{ matches: [match, { ...match, lineage: UNKNOWN }] }, 'matches[1].lineage'],
    [{ matches: [{ ...match, kind: 'surveys' }] }, 'matches[0].lineage'],
    [{ matches: [{ ...match, kind: 'unicorns' }] }, 'matches'],
    [{ matches: [{ ...match, locationId: source.id }] }, 'matches[0].locationId'],
    [{ matches: [match, { ...match, id: null }] }, 'matches[1]'],
    [{ policies: { [`forms/${UNKNOWN}`]: 'override' } }, `policies.forms/${UNKNOWN}`],
    [{ policies: { unicorns: 'override' } }, 'policies'],
    [{ only: [{ kind: 'forms', lineage: UNKNOWN }] }, 'only[0].lineage'],
  ] as const) {
    for (const verb of ['plan', 'push']) {
      const { message } = await agency.post(`/${snapshot.id}/${verb}`, { locationIds: [target.id], ...options }, 422)
      assert.ok(JSON.stringify(message).includes(path), `${verb} ${path}: ${JSON.stringify(message)}`)
    }
  }
  assert.deepEqual(await namesIn(story, target, 'forms'), ['Tell'])
})

for (const how of ['pushed', 'matched', 'answered'] as const) {
  test(`an asset that another entry is already (${how}) cannot be the answer, unless that one is answered too`, async () => {
    const { agency, source, target, ledger } = await start()
    const [ask, tell] = [
      await makeForm(source, 'Ask', { description: 'A' }),
      await makeForm(source, 'Tell', { description: 'T' }),
    ]
    if (how === 'matched') await makeForm(target, 'Ask', { description: 'A' })
    const mine = how === 'answered' ? (await makeForm(target, 'Other')).id : null
    const snapshot = await agency.capture(source.id, { kinds: ['forms'] })
    const answer = (lineage: string, id: string | null) => ({ kind: 'forms', lineage, id, locationId: target.id })
    await ledger.push(snapshot.id, target, mine === null ? {} : { policy: 'override', matches: [answer(ask.id, mine)] })
    const ids = await idsIn(story, target)
    const [a, t] = [ids['forms Ask'] as string, ids['forms Tell'] as string]
    const { message } = await agency.post(
      `/${snapshot.id}/push`,
      { locationIds: [target.id], matches: [answer(tell.id, a)] },
      422,
    )
    assert.match(
      JSON.stringify(message),
      new RegExp(`matches\\[0\\]\\.id: ${a} is forms/${ask.id} of the snapshot already`),
    )
    await agency.post(
      `/${snapshot.id}/push`,
      { locationIds: [target.id], matches: [answer(tell.id, a), answer(ask.id, a)] },
      422,
    )
    const swapped = await ledger.push(snapshot.id, target, {
      policy: 'override',
      matches: [answer(tell.id, a), answer(ask.id, t)],
    })
    assert.deepEqual(swapped.totals, { updated: 2 })
    assert.deepEqual(await idsIn(story, target), { 'forms Ask': t, 'forms Tell': a })
    assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { unchanged: 2 }, 'and it stays so')
    await ledger.rollback(swapped.id, target)
    assert.deepEqual(await idsIn(story, target), ids)
    assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { unchanged: 2 })
  })
}

for (const undone of [false, true]) {
  test(`a wrong answer is taken back by another one${undone ? ', also after the push was rolled back' : ''}`, async () => {
    const { agency, source, target, ledger } = await start()
    const { id: lineage } = await makeForm(source, 'Ask', { description: 'From the snapshot' })
    const [wrong, right] = [
      await makeForm(target, 'Wrong', { description: 'Mine' }),
      await makeForm(target, 'Right', { description: 'Mine too' }),
    ]
    const snapshot = await agency.capture(source.id)
    const matches = (id: string | null) => [{ kind: 'forms', lineage, id, locationId: target.id }]
    const mistake = await ledger.push(snapshot.id, target, { policy: 'override', matches: matches(wrong.id) })
    assert.deepEqual([mistake.totals, mistake.report[0]?.id], [{ updated: 1 }, wrong.id])
    if (undone) {
      await ledger.rollback(mistake.id, target)
      assert.equal((await formOf(target, wrong.id)).description, 'Mine')
    }
    const corrected = await ledger.push(snapshot.id, target, { policy: 'override', matches: matches(right.id) })
    assert.deepEqual([corrected.totals, corrected.report[0]?.id], [{ updated: 1 }, right.id])
    const fresh = await ledger.push(snapshot.id, target, { matches: matches(null) })
    assert.deepEqual(fresh.totals, { created: 1 })
    const made = fresh.report[0]?.id as string
    assert.ok(made !== right.id && made !== wrong.id)
    await target.client.put(`/forms/${made}`, { description: 'Edited' })
    assert.deepEqual(
      await driftIn(story, snapshot.id, target),
      ['Ask: edited'],
      'the new one is followed, and no other',
    )
    const last = await ledger.push(snapshot.id, target, { policy: 'override' })
    assert.deepEqual([last.totals, last.report[0]?.id], [{ updated: 1 }, made])
    await ledger.rollback(last.id, target)
    await ledger.rollback(fresh.id, target, { override: true })
    assert.equal(
      (await ledger.push(snapshot.id, target)).report[0]?.id,
      right.id,
      'without the new one it is the right one again',
    )
  })
}

test('a match by name that was rolled back is not remembered: what the client renamed meanwhile is no longer it', async () => {
  const { agency, source, target, ledger } = await start()
  await makeTag(source, 'vip')
  const mine = await makeTag(target, 'VIP')
  const snapshot = await agency.capture(source.id)
  const push = await ledger.push(snapshot.id, target, { policy: 'override' })
  assert.equal(push.report[0]?.id, mine)
  await ledger.rollback(push.id, target)
  await target.client.put(`/locations/${target.id}/tags/${mine}`, { name: 'guest' })
  assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { created: 1 })
  assert.deepEqual(await namesIn(story, target, 'tags'), ['guest', 'vip'])
})

test('two of one name here or there are ambiguous until somebody says which, for one target or for all', async () => {
  const { agency, source, target, ledger } = await start()
  const second = await newLocation(story, 'Second')
  const { id: lineage } = await makeForm(source, 'Ask', { description: 'S' })
  const twins = [await makeForm(target, 'Ask'), await makeForm(target, 'ask')]
  const own = await makeForm(second, 'Ask', { description: 'S' })
  const snapshot = await agency.capture(source.id)
  const push = await ledger.push(snapshot.id, [target, second])
  assert.deepEqual(push.totals, { ambiguous: 1, unchanged: 1 })
  assert.match(push.report[0]?.reason ?? '', /2 candidates/)
  const matches = [{ kind: 'forms', lineage, id: twins[1]?.id, locationId: target.id }]
  const answered = await ledger.push(snapshot.id, [target, second], { matches })
  assert.deepEqual([answered.totals.unchanged, answered.report[0]?.id], [1, twins[1]?.id])
  assert.deepEqual(
    [(await formOf(target, twins[1]?.id as string)).description, (await formOf(second, own.id)).description],
    ['S', 'S'],
  )
  const all = await ledger.push(snapshot.id, [target, second], { matches: [{ kind: 'forms', lineage, id: null }] })
  assert.deepEqual(all.totals, { created: 2 })
})

test('the lineage that drift tells is the one that policies, choices and settings take', async () => {
  const { agency, source, target, ledger } = await start()
  await makeForm(source, 'Ask', { description: 'One' })
  await makeForm(source, 'Tell', { description: 'One' })
  await makeForm(target, 'Ask', { description: 'One' })
  await makeForm(target, 'Tell', { description: 'One' })
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  for (const name of ['Ask', 'Tell'])
    await target.client.put(`/forms/${(await named(story, target, 'forms', name)).id}`, { description: 'Mine' })
  const { drift } = await agency.get(`/${snapshot.id}/drift`)
  const [ask, tell] = drift[0].assets as { name: string; kind: string; lineage: string }[]
  const push = await ledger.push(snapshot.id, target, { policies: { [`forms/${ask?.lineage}`]: 'override' } })
  assert.deepEqual(push.totals, { updated: 1, kept: 1 })
  assert.deepEqual(await driftIn(story, snapshot.id, target), ['Tell: edited'])
  const rest = await ledger.push(snapshot.id, target, {
    policy: 'override',
    only: [{ kind: 'forms', lineage: tell?.lineage }],
  })
  assert.deepEqual(rest.totals, { updated: 1 })
  assert.deepEqual(await driftIn(story, snapshot.id, target), [])
})

test('what is said to be new and is here by its own lineage already stays itself, and no other of its name is taken for it', async () => {
  const { agency, source, target, ledger } = await start()
  const [one, two] = [
    await makeForm(source, 'Ask', { description: 'One' }),
    await makeForm(source, 'Ask', { description: 'Two' }),
  ]
  const snapshot = await agency.capture(source.id)
  const first = await ledger.push(snapshot.id, target)
  const idOf = (lineage: string) => first.report.find((line) => line.lineage === lineage)?.id as string
  assert.equal((await target.client.delete(`/forms/${idOf(one.id)}`)).status, 200)
  const matches = [{ kind: 'forms', lineage: two.id, id: null, locationId: target.id }]
  const push = await ledger.push(snapshot.id, target, { matches })
  assert.deepEqual(push.totals, { kept: 1, unchanged: 1 })
  assert.equal((await formOf(target, idOf(two.id))).description, 'Two')
  assert.deepEqual(await driftIn(story, snapshot.id, target), ['Ask: deleted'])
})

test('what one entry reaches by its own lineage is given to another one only if the first gets another asset', async () => {
  const { agency, source, target, ledger } = await start()
  const [one, two] = [
    await makeForm(source, 'Ask', { description: 'One' }),
    await makeForm(source, 'Tell', { description: 'Two' }),
  ]
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const told = await named(story, target, 'forms', 'Tell')
  const answers = (id: string | null) => [
    { kind: 'forms', lineage: one.id, id: told.id, locationId: target.id },
    { kind: 'forms', lineage: two.id, id, locationId: target.id },
  ]
  const { message } = await agency.post(
    `/${snapshot.id}/plan`,
    { locationIds: [target.id], matches: answers(null) },
    422,
  )
  assert.match(
    JSON.stringify(message),
    /matches\[0\]\.id: .* of the snapshot already: answer that one, too, with another asset/,
  )
  const asked = await named(story, target, 'forms', 'Ask')
  assert.deepEqual(
    (await ledger.push(snapshot.id, target, { policy: 'override', matches: answers(asked.id) })).totals,
    { updated: 2 },
  )
})
