import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { idsIn, startPair } from '../support/ledger.ts'
import { makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

const describe = async (location: Actor, id: string, description: string) =>
  assert.equal((await location.client.put(`/forms/${id}`, { description })).status, 200)

test('plan, push, drift, difference, deletion and roll-back call a matched asset by the one lineage of the snapshot', async () => {
  const { agency, source, target, ledger } = await start()
  const other = await newLocation(story, 'Other')
  const [lineage, mine] = [(await makeForm(source, 'Ask', { description: 'S' })).id, (await makeForm(target, 'Ask')).id]
  const one = await agency.capture(source.id)
  const first = await ledger.push(one.id, target)
  assert.deepEqual(
    [first.totals, first.planned[0]?.lineage, first.report[0]?.lineage, first.report[0]?.id],
    [{ updated: 1 }, lineage, lineage, mine],
  )
  const { id: theirs } = await makeForm(other, 'Ask', { description: 'S' })
  const two = await agency.capture(other.id)
  assert.equal((await ledger.push(two.id, target)).report[0]?.lineage, theirs)
  const diffOf = async (id: string) => (await agency.get(`/${id}/diff?version=1&locationId=${target.id}`)).diff
  for (const { id } of [one, two]) assert.deepEqual(await diffOf(id), { added: [], removed: [], changed: [] })
  await describe(target, mine, 'T')
  for (const [snapshot, known] of [
    [one, lineage],
    [two, theirs],
  ] as const) {
    const { drift } = await agency.get(`/${snapshot.id}/drift`)
    const edited = { kind: 'forms', lineage: known, id: mine, name: 'Ask', change: 'edited', version: 1 }
    assert.deepEqual(drift[0].assets, [edited])
    const { changed } = await diffOf(snapshot.id)
    assert.deepEqual(changed, [
      { kind: 'forms', lineage: known, name: 'Ask', fields: [{ path: 'description', before: 'S', after: 'T' }] },
    ])
  }
  const back = await ledger.push(one.id, target, { policy: 'override' })
  const undone = await ledger.rollback(back.id, target)
  assert.deepEqual([undone.report[0]?.lineage, undone.report[0]?.id], [lineage, mine])
  await source.client.delete(`/forms/${lineage}`)
  await other.client.delete(`/forms/${theirs}`)
  await agency.refresh(two.id)
  await ledger.push(two.id, target, { deletions: true })
  await agency.refresh(one.id)
  const gone = await ledger.push(one.id, target, { deletions: 'all', policy: 'override' })
  assert.deepEqual([gone.totals, gone.report[0]?.lineage, gone.report[0]?.id], [{ deleted: 1 }, lineage, mine])
  const returned = await ledger.rollback(gone.id, target)
  assert.deepEqual(
    [returned.totals, returned.report[0]?.lineage, returned.report[0]?.id],
    [{ created: 1 }, lineage, mine],
  )
})

test('the plan shows what a conflict writes beside it, and fields that hang together come from one side', async () => {
  const { agency, source, target, ledger } = await start()
  const field = (location: Actor, body: object) =>
    location.client.post(`/locations/${location.id}/customFields`, { name: 'Season', model: 'contact', ...body })
  assert.equal(
    (await field(source, { dataType: 'SINGLE_OPTIONS', options: ['Summer', 'Winter'], placeholder: 'Choose' })).status,
    201,
  )
  assert.equal((await field(target, { dataType: 'TEXT' })).status, 201)
  const snapshot = await agency.capture(source.id)
  const push = await ledger.push(snapshot.id, target)
  assert.deepEqual(push.totals, { conflict: 1 })
  const fields = push.planned[0]?.fields as { path: string }[]
  assert.ok(fields.some(({ path }) => path === 'dataType'))
  assert.deepEqual(
    fields.filter(({ path }) => path === 'placeholder'),
    [{ path: 'placeholder', after: 'Choose' }],
    'what is written beside the conflict',
  )
  const { document } = await named(story, target, 'custom_fields', 'Season')
  assert.deepEqual([document.dataType, document.picklistOptions, document.placeholder], ['TEXT', undefined, 'Choose'])
  const forced = await ledger.push(snapshot.id, target, { policy: 'override' })
  assert.deepEqual(forced.totals, { updated: 1 })
  const after = (await named(story, target, 'custom_fields', 'Season')).document
  assert.deepEqual([after.dataType, after.picklistOptions], ['SINGLE_OPTIONS', ['Summer', 'Winter']])
})

for (const line of ['POST /locations/', 'PUT /locations/{id}', 'push']) {
  test(`a push that began with ${line} is found in the list, by snapshot, location and time, and can be rolled back`, async () => {
    const { agency, source, target } = await start()
    await makeTag(source, 'vip')
    const snapshot = await agency.capture(source.id)
    const { companyId } = agency
    let [locationId, pushId] = [target.id, '']
    if (line === 'push') pushId = (await agency.push(snapshot.id, [target.id])).id
    else {
      const reply = line.startsWith('POST')
        ? await agency.client.post('/locations/', { companyId, name: 'New', snapshotId: snapshot.id })
        : await agency.client.put(`/locations/${target.id}`, {
            companyId,
            snapshot: { id: snapshot.id, override: true },
          })
      assert.equal(reply.status, 200, JSON.stringify(reply.body))
      locationId = reply.body.id
      pushId = reply.body.pushId
    }
    await agency.ended(pushId)
    const status = (await agency.get(`/snapshot-status/${snapshot.id}/location/${locationId}`)).data
    assert.deepEqual([status.pushId, status.status], [pushId, 'completed'])
    for (const filter of [
      `snapshotId=${snapshot.id}`,
      `locationId=${locationId}`,
      `snapshotId=${snapshot.id}&status=completed`,
    ]) {
      const { pushes } = await agency.get(`/pushes?${filter}`)
      assert.deepEqual(
        pushes.map((push: { id: string }) => push.id),
        [pushId],
        filter,
      )
      assert.ok(pushes[0].actorName.length > 0)
    }
    assert.deepEqual((await agency.get(`/pushes?snapshotId=${snapshot.id}&status=failed`)).pushes, [])
    assert.deepEqual((await agency.rollback(pushId)).totals, { deleted: 1 })
    assert.deepEqual(await readAll(story, locationId), [])
  })
}

/** A form that a push made, and another one of the client's that it may be answered with. */
async function startAnswered() {
  const { agency, source, target, ledger } = await start()
  const { id: lineage } = await makeForm(source, 'Ask')
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const own = (await idsIn(story, target))['forms Ask']
  const other = await makeForm(target, 'Other')
  return {
    snapshot,
    target,
    ledger,
    own,
    other,
    matches: [{ kind: 'forms', lineage, locationId: target.id, id: other.id }],
  }
}

test('a report names the asset that lives, though the lineage was answered with another one that is deleted', async () => {
  const { snapshot, target, ledger, own, other, matches } = await startAnswered()
  await ledger.push(snapshot.id, target, { matches })
  await target.client.delete(`/forms/${other.id}`)
  const push = await ledger.push(snapshot.id, target)
  assert.deepEqual([push.totals, push.report[0]?.id], [{ unchanged: 1 }, own])
})

test('a report goes on naming the asset that an answer reached, though the one of the lineage itself is deleted later', async () => {
  const { snapshot, target, ledger, own, other, matches } = await startAnswered()
  await ledger.push(snapshot.id, target, { policy: 'override', matches })
  const push = await ledger.push(snapshot.id, target)
  assert.deepEqual([push.totals, push.report[0]?.id], [{ unchanged: 1 }, other.id])
  await target.client.delete(`/forms/${own}`)
  await ledger.check()
})
