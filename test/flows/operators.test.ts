import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeTag, startTagged } from '../support/made-assets.ts'
import { newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

test('whoever makes five sub-accounts from a snapshot finds the push of each, and undoes one', async () => {
  const { agency } = story
  const { snapshot } = await startTagged(story, 'Five')
  const made: { id: string; pushId: string; version: number; name: string }[] = []
  for (let number = 1; number <= 5; number++) {
    const { status, body } = await agency.client.post('/locations/', {
      companyId: agency.companyId,
      name: `Client ${number}`,
      snapshotId: snapshot.id,
    })
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual([typeof body.pushId, body.version], ['string', 1])
    made.push(body)
  }
  for (const { pushId } of made) assert.equal((await agency.ended(pushId)).status, 'completed')
  const { pushes, after } = await agency.get(`/pushes?snapshotId=${snapshot.id}`)
  assert.deepEqual(
    pushes.map((push: { id: string }) => push.id),
    made.map((one) => one.pushId).reverse(),
  )
  assert.equal(after, null)
  const [newest] = pushes
  assert.equal(newest.snapshotName, 'Five')
  assert.match(newest.actor, /^token:/)
  assert.ok(newest.actorName.length > 0)
  assert.deepEqual([newest.totals, newest.targets], [{ created: 1 }, { completed: 1 }])

  const third = made[2]!
  const found = await agency.get(`/pushes?locationId=${third.id}`)
  assert.deepEqual(
    found.pushes.map((push: { id: string }) => push.id),
    [third.pushId],
  )
  const undone = await agency.rollback(third.pushId)
  assert.equal(undone.reverts, third.pushId)
  assert.deepEqual(await readAll(story, third.id), [])
  const of = async (query: string) =>
    (await agency.get(`/pushes?snapshotId=${snapshot.id}&${query}`)).pushes.map((push: { id: string }) => push.id)
  assert.deepEqual(await of('status=rolled_back'), [third.pushId])
  assert.deepEqual(await of(`locationId=${third.id}`), [undone.id, third.pushId])
  assert.deepEqual(await of('from=2100-01-01'), [])
  assert.equal((await of('from=2020-01-01&to=2100-01-01')).length, 6)
  await agency.get('/pushes?from=yesterday', 422)
  await agency.get('/pushes?after=unknown0000000000000', 422)
})

test('both status lines and an update with a snapshot tell which push it is', async () => {
  const { agency } = story
  const { snapshot } = await startTagged(story, 'Told')
  const target = await newLocation(story, 'Told target')
  const { body } = await agency.client.put(`/locations/${target.id}`, {
    companyId: agency.companyId,
    snapshot: { id: snapshot.id },
  })
  const push = await agency.ended(body.pushId)
  assert.deepEqual([push.status, body.version], ['completed', 1])
  const { data } = await agency.get(`/snapshot-status/${snapshot.id}?from=2020-01-01&to=2100-01-01`)
  assert.deepEqual(
    data.map((row: { pushId: string; version: number; locationName: string }) => [
      row.pushId,
      row.version,
      row.locationName,
    ]),
    [[push.id, 1, 'Told target']],
  )
  const latest = (await agency.get(`/snapshot-status/${snapshot.id}/location/${target.id}`)).data
  assert.deepEqual([latest.pushId, latest.version, latest.locationName], [push.id, 1, 'Told target'])
})

test('everything that has an id has its name beside it', async () => {
  const { agency } = story
  const { source, snapshot } = await startTagged(story, 'Named')
  assert.equal(snapshot.sourceLocationName, 'Named source')
  const target = await newLocation(story, 'Named target')
  const plan = await agency.plan(snapshot.id, [target.id])
  assert.equal(plan.targets[0].locationName, 'Named target')
  const push = await agency.push(snapshot.id, [target.id])
  const { targets } = await agency.get(`/pushes/${push.id}/targets`)
  assert.equal(targets[0].locationName, 'Named target')
  assert.equal((await agency.outcomes(push.id, target.id)).locationName, 'Named target')
  const events: string = (await agency.client.get(agency.path(`/pushes/${push.id}/events`))).body
  assert.match(events, /event: target\ndata: .*"locationName":"Named target"/)

  const tag = (await readAll(story, target.id))[0]!
  await target.client.put(`/locations/${target.id}/tags/${tag.id}`, { name: 'vips' })
  const { drift } = await agency.get(`/${snapshot.id}/drift`)
  assert.equal(drift[0].locationName, 'Named target')
  const token = await agency.client.post(`/tokens/?companyId=${agency.companyId}`, {
    name: 'Short-lived',
    locationId: target.id,
    scopes: ['*'],
  })
  await story.server.client(token.body.secret).delete(`/locations/${target.id}/tags/${tag.id}`)
  await agency.client.delete(`/tokens/${token.body.token.id}?companyId=${agency.companyId}`)
  const { history } = (await target.client.get(`/locations/${target.id}/assets/tags/${tag.id}/history`)).body
  assert.deepEqual(
    history.map((entry: { actorName: string }) => entry.actorName),
    ['Short-lived', 'Named target', 'Named (version 1)'],
  )
  await agency.client.delete(`/locations/${source.id}?companyId=${agency.companyId}`)
  assert.equal(
    (await agency.get(`/${snapshot.id}`)).snapshot.sourceLocationName,
    'Named source',
    'also when it is gone',
  )
})

test('three snapshots of one name are told apart, and versions have names and notes', async () => {
  const { agency } = story
  const { source, snapshot } = await startTagged(story, 'Studio')
  await makeTag(source, 'late')
  await agency.refresh(snapshot.id)
  const path = agency.path(`/${snapshot.id}/versions/2`)
  const { status, body } = await agency.client.put(path, { name: 'Black Friday forms', note: 'Without the old tags' })
  assert.deepEqual([status, body.version.name, body.version.version], [200, 'Black Friday forms', 2])
  const listed = (await agency.get('/')).snapshots.find((one: { id: string }) => one.id === snapshot.id)
  assert.deepEqual(
    [listed.version, listed.versionName, listed.sourceLocationId, listed.sourceLocationName, listed.assets],
    [2, 'Black Friday forms', source.id, 'Studio source', { tags: 2 }],
  )
  assert.ok(listed.createdAt < listed.updatedAt)
  const shown = (await agency.get(`/${snapshot.id}`)).snapshot
  assert.deepEqual([shown.versionName, shown.versionNote], ['Black Friday forms', 'Without the old tags'])
  assert.equal((await agency.get(`/${snapshot.id}?version=1`)).snapshot.versionName, undefined)
  await agency.client.put(path, { note: null })
  const { versions } = await agency.get(`/${snapshot.id}/versions`)
  assert.deepEqual([versions[0].name, versions[0].note, versions[1].name], ['Black Friday forms', undefined, undefined])
  assert.equal((await agency.client.put(agency.path(`/${snapshot.id}/versions/9`), { name: 'None' })).status, 404)
  assert.equal(
    (await agency.push(snapshot.id, [(await newLocation(story, 'Studio target')).id])).versionName,
    'Black Friday forms',
  )
})

test('which version is where, and how far behind, follows pushes and roll-backs', async () => {
  const { agency } = story
  const { source, snapshot } = await startTagged(story, 'Standing')
  const [old, fresh, undone] = [
    await newLocation(story, 'Old'),
    await newLocation(story, 'Fresh'),
    await newLocation(story, 'Undone'),
  ]
  await agency.push(snapshot.id, [old.id, undone.id])
  await makeTag(source, 'late')
  await agency.refresh(snapshot.id)
  await agency.push(snapshot.id, [fresh.id])
  await agency.rollback((await agency.push(snapshot.id, [undone.id])).id)
  const standing = async (query = '') => agency.get(`/${snapshot.id}/standing${query}`)
  const byName = async () =>
    Object.fromEntries(
      (await standing()).locations.map((one: { locationName: string; version: number; behind: number }) => [
        one.locationName,
        [one.version, one.behind],
      ]),
    )
  assert.deepEqual(await byName(), { Old: [1, 1], Fresh: [2, 0], Undone: [1, 1] })
  const ids: string[] = []
  let after: string | null = ''
  while (after !== null) {
    const page: { locations: { locationId: string }[]; after: string | null } = await standing(
      `?limit=1${after === '' ? '' : `&after=${after}`}`,
    )
    ids.push(...page.locations.map((one) => one.locationId))
    after = page.after
  }
  assert.deepEqual(ids, [old.id, fresh.id, undone.id].sort())
})

test('targets and assets of a push are found by what became of them', async () => {
  const { agency } = story
  const { source, snapshot } = await startTagged(story, 'Filtered')
  const [calm, edited] = [await newLocation(story, 'Calm'), await newLocation(story, 'Edited')]
  await agency.push(snapshot.id, [calm.id, edited.id])
  const tag = (await readAll(story, edited.id))[0]!
  await edited.client.put(`/locations/${edited.id}/tags/${tag.id}`, { name: 'ours' })
  await makeTag(source, 'late')
  await agency.refresh(snapshot.id)
  const push = await agency.push(snapshot.id, [calm.id, edited.id])
  const targets = async (query: string) =>
    (await agency.get(`/pushes/${push.id}/targets?${query}`)).targets.map(
      (one: { locationName: string }) => one.locationName,
    )
  assert.deepEqual(await targets('outcome=kept'), ['Edited'])
  assert.deepEqual((await targets('outcome=created')).sort(), ['Calm', 'Edited'])
  assert.deepEqual(await targets('outcome=conflict'), [])
  assert.deepEqual(await targets('outcome=kept&status=failed'), [])
  await agency.get(`/pushes/${push.id}/targets?outcome=fine`, 422)
  assert.deepEqual(await targets('sort=name'), ['Calm', 'Edited'])
  assert.deepEqual(await targets('sort=name&limit=1'), ['Calm'])
  assert.deepEqual(await targets(`sort=name&after=${calm.id}`), ['Edited'])
  await agency.client.put(`/locations/${calm.id}`, { companyId: agency.companyId, name: 'Zen' })
  assert.deepEqual(await targets('sort=name'), ['Edited', 'Zen'])
  assert.deepEqual(await targets(`sort=name&after=${edited.id}`), ['Zen'])
  assert.deepEqual(await targets('query=zE'), ['Zen'])
  assert.deepEqual([await targets(`query=${edited.id}`), await targets('query=nobody')], [['Edited'], []])
  const assets = async (query: string) =>
    (await agency.get(`/pushes/${push.id}/targets/${edited.id}?${query}`)).target.assets.map(
      (one: { name: string }) => one.name,
    )
  assert.deepEqual(await assets('outcome=kept'), ['vip'])
  assert.deepEqual(await assets('outcome=created&kind=tags'), ['late'])
  assert.deepEqual(await assets('kind=forms'), [])
})

test('drift calls an asset what the snapshot calls it, so that the answer can be used in the next push', async () => {
  const { agency } = story
  const { source, snapshot } = await startTagged(story, 'Matched')
  const target = await newLocation(story, 'Matched target')
  const own = await makeTag(target, 'vip')
  await agency.push(snapshot.id, [target.id])
  await target.client.put(`/locations/${target.id}/tags/${own}`, { name: 'gold' })
  const lineage = (await readAll(story, source.id))[0]!.id
  const drifted = (await agency.get(`/${snapshot.id}/drift`)).drift[0].assets
  assert.deepEqual(
    drifted.map((asset: { lineage: string; id: string; change: string }) => [asset.lineage, asset.id, asset.change]),
    [[lineage, own, 'edited']],
  )
  const { history } = await agency.get(`/${snapshot.id}/assets/tags/${lineage}/history?locationId=${target.id}`)
  assert.equal(history[0].op, 'update')
  await agency.push(snapshot.id, [target.id], { policies: { [`tags/${drifted[0].lineage}`]: 'override' } })
  assert.equal((await readAll(story, target.id))[0]!.name, 'vip')
})

test('a sub-account is found by a part of its name, and a list tells how long it is', async () => {
  const { agency } = story
  for (const name of ['Rivers Dental', 'Hill dental', 'Baker']) await newLocation(story, name)
  const search = async (query: string) =>
    (await agency.client.get(`/locations/search?companyId=${agency.companyId}&${query}`)).body
  const found = await search('query=DENTAL&limit=1')
  assert.deepEqual([found.locations.map((one: { name: string }) => one.name), found.total], [['Rivers Dental'], 2])
  const { id } = found.locations[0]
  assert.deepEqual([(await search(`query=${id}`)).locations[0].id, (await search('query=%25')).total], [id, 0])
})
