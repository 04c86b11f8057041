import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { type Actor, newLocation, readAll, readRows, type Story, startStory } from '../support/stories.ts'

let story: Story
let snapshot: { id: string; version: number }
let [one, two]: Actor[] = []

before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

beforeEach(async () => {
  const { agency, template } = story
  one = await newLocation(story, 'One')
  two = await newLocation(story, 'Two')
  snapshot = await agency.capture(template.id)
})

/** Edits the template's assets so that the next version differs. */
async function changeTemplate(text: string): Promise<void> {
  const { template, agency } = story
  const form = (await readAll(story, template.id)).find((asset) => asset.kind === 'forms')!
  assert.equal((await template.client.put(`/forms/${form.id}`, { description: text })).status, 200)
  await agency.refresh(snapshot.id)
}

const firstForm = async (location: Actor) =>
  (await readAll(story, location.id)).find((asset) => asset.kind === 'forms')!

test('one asset that fails and one target that fails stop nothing else; the push is partial; retry redoes only those', async () => {
  const { agency, server } = story
  const db = server.owner()
  // A fault of the database itself, for one asset of one target.
  await sql
    .raw(`
    create function refuse() returns trigger language plpgsql as $$ begin
      if new.location_id = '${one!.id}' and new.kind = 'tags'
        and new.name = 'vip' then raise exception 'the disk of this tag is full'; end if; return new; end $$;
    create trigger refuse before insert on asset for each row execute function refuse();`)
    .execute(db)
  // A location that is deleted between the request and the work: the deletion is not committed when the push is
  // accepted.
  const doomed = (await agency.client.post('/locations/', { companyId: agency.companyId, name: 'Doomed' })).body.id
  const other = await server.app.database.pool.connect()
  await other.query('begin')
  await other.query('update location set deleted_at = now() where id = $1', [doomed])
  const { push: started } = await agency.post(`/${snapshot.id}/push`, { locationIds: [one!.id, two!.id, doomed] }, 202)
  await other.query('commit')
  other.release()
  const push = await agency.ended(started.id)
  const tag = async () =>
    (await agency.outcomes(push.id, one!.id)).assets.find(
      (asset: { kind: string; name: string }) => asset.kind === 'tags' && asset.name === 'vip',
    )
  assert.equal(push.status, 'partial')
  assert.equal(push.totals.failed, 1)
  const target = await agency.outcomes(push.id, one!.id)
  assert.equal(target.status, 'partial')
  assert.deepEqual(target.failed, ['tags'])
  assert.match((await tag()).reason, /the disk of this tag is full/)
  assert.equal((await agency.outcomes(push.id, two!.id)).status, 'completed')
  const { targets } = await agency.get(`/pushes/${push.id}/targets?status=failed`)
  assert.deepEqual(
    targets.map((row: { locationId: string; error: string }) => [row.locationId, row.error]),
    [[doomed, 'The location was deleted.']],
  )
  const [rowsOne, rowsTwo] = [await readRows(story, one!.id), await readRows(story, two!.id)]
  assert.equal(rowsOne.length, rowsTwo.length - 1)

  await sql.raw('drop trigger refuse on asset; drop function refuse()').execute(db)
  const changes = async () =>
    (await sql<{ count: number }>`select count(*) as count from change where cause = ${push.id}`.execute(db)).rows[0]!
      .count
  const before = await changes()
  await agency.post(`/pushes/${push.id}/retry`, {}, 202)
  const retried = await agency.ended(push.id)
  assert.equal(retried.status, 'partial', 'the deleted location fails again')
  assert.equal((await agency.outcomes(push.id, one!.id)).status, 'completed')
  assert.equal(await changes(), before + 1, 'one asset was written')
  assert.equal((await tag()).outcome, 'created')
  assert.deepEqual(retried.totals, { created: rowsTwo.length * 2 })
  assert.equal((await readRows(story, one!.id)).length, rowsTwo.length)
  await server.app.database.pool.query('update location set deleted_at = null where id = $1', [doomed])
  await agency.post(`/pushes/${push.id}/retry`, {}, 202)
  assert.equal((await agency.ended(push.id)).status, 'completed')
  assert.equal((await readRows(story, doomed)).length, rowsTwo.length)
  await agency.post(`/pushes/${push.id}/retry`, {}, 409)
})

test("a plan's hash is accepted while the target is as planned, and 409 after somebody edited it", async () => {
  const { agency } = story
  await agency.push(snapshot.id, [one!.id])
  await changeTemplate('Planned')
  const plan = await agency.plan(snapshot.id, [one!.id])
  const other = await one!.client.post(`/locations/${one!.id}/tags`, { name: 'unrelated' })
  assert.ok(other.status < 300)
  assert.equal(
    (await agency.plan(snapshot.id, [one!.id])).hash,
    plan.hash,
    'what the push does not touch does not count',
  )
  const { name } = await firstForm(story.template)
  const form = (await readAll(story, one!.id)).find((asset) => asset.kind === 'forms' && asset.name === name)!
  await one!.client.put(`/forms/${form.id}`, { description: 'Edited since' })
  const before = await readRows(story, one!.id)
  await agency.post(`/${snapshot.id}/push`, { locationIds: [one!.id], planHash: plan.hash }, 409)
  assert.deepEqual(await readRows(story, one!.id), before)
  const fresh = await agency.plan(snapshot.id, [one!.id])
  assert.notEqual(fresh.hash, plan.hash)
  const push = await agency.push(snapshot.id, [one!.id], { planHash: fresh.hash })
  assert.equal(push.status, 'completed')
})

test('rollback restores what was there byte for byte, leaves later edits alone and lists them; a rollback can be rolled back', async () => {
  const { agency, byHand } = story
  const before = await readAll(story, byHand.id)
  const push = await agency.push(snapshot.id, [byHand.id])
  const pushed = await readAll(story, byHand.id)
  assert.notDeepEqual(pushed, before)
  const rollback = await agency.rollback(push.id)
  assert.equal(rollback.status, 'completed')
  assert.equal(rollback.reverts, push.id)
  assert.equal(JSON.stringify(await readAll(story, byHand.id)), JSON.stringify(before))
  assert.equal((await agency.get(`/pushes/${push.id}`)).push.status, 'rolled_back')
  await agency.post(`/pushes/${push.id}/rollback`, {}, 409)

  const redo = await agency.rollback(rollback.id)
  assert.equal(redo.status, 'completed')
  assert.deepEqual(await readAll(story, byHand.id), pushed)
  assert.equal((await agency.get(`/pushes/${push.id}`)).push.status, 'completed')

  const form = await firstForm(byHand)
  await byHand.client.put(`/forms/${form.id}`, { description: 'Edited after the push' })
  const second = await agency.rollback(push.id)
  const { assets } = await agency.outcomes(second.id, byHand.id)
  const kept = assets.filter((asset: { outcome: string }) => asset.outcome === 'kept')
  assert.deepEqual(
    kept.map((asset: { id: string; reason: string }) => [asset.id, asset.reason]),
    [[form.id, 'changed since the push']],
  )
  const now = await readAll(story, byHand.id)
  assert.equal(now.find((asset) => asset.id === form.id)!.document.description, 'Edited after the push')
  assert.equal(now.length, before.length)
  const forced = await agency.rollback(second.id).then(() => agency.rollback(push.id, { override: true }))
  assert.ok(!forced.totals.kept)
  assert.equal(JSON.stringify(await readAll(story, byHand.id)), JSON.stringify(before))
})

test('a target that cannot be rolled back fails alone, and a retry of the roll-back restores it', async () => {
  const { agency, server } = story
  const push = await agency.push(snapshot.id, [one!.id, two!.id])
  await sql
    .raw(
      `create function keep() returns trigger language plpgsql as $$ begin if old.location_id = '${one!.id}' then raise
          exception 'held'; end if; return old; end $$;
      create trigger keep before delete on asset for each row execute function keep()`,
    )
    .execute(server.owner())
  const rollback = await agency.rollback(push.id)
  await sql.raw('drop trigger keep on asset; drop function keep()').execute(server.owner())
  assert.equal(rollback.status, 'partial')
  const target = await agency.outcomes(rollback.id, one!.id)
  assert.deepEqual([target.status, target.error], ['failed', 'held'])
  assert.deepEqual(await readRows(story, two!.id), [])
  assert.equal((await agency.get(`/pushes/${push.id}`)).push.status, 'completed', 'one target still stands')
  await agency.post(`/pushes/${rollback.id}/retry`, {}, 202)
  assert.equal((await agency.ended(rollback.id)).status, 'completed')
  assert.deepEqual(await readRows(story, one!.id), [])
  assert.equal((await agency.get(`/pushes/${push.id}`)).push.status, 'rolled_back')
})

test('drift lists exactly what was edited locally; a push that is completed leaves none', async () => {
  const { agency } = story
  await agency.push(snapshot.id, [one!.id, two!.id])
  const driftOf = async () => (await agency.get(`/${snapshot.id}/drift`)).drift
  assert.deepEqual(await driftOf(), [])
  const form = await firstForm(one!)
  await one!.client.put(`/forms/${form.id}`, { description: 'Our own' })
  await one!.client.post('/forms/', { locationId: one!.id, name: 'Not of the snapshot' })
  const drift = await driftOf()
  assert.deepEqual(
    drift.map((row: { locationId: string }) => row.locationId),
    [one!.id],
  )
  assert.deepEqual(drift[0].assets, [
    { kind: 'forms', lineage: drift[0].assets[0].lineage, id: form.id, name: form.name, change: 'edited', version: 1 },
  ])
  assert.deepEqual((await agency.get(`/${snapshot.id}/drift?locationId=${two!.id}`)).drift, [])
  const diff = (await agency.get(`/${snapshot.id}/diff?version=1&locationId=${one!.id}`)).diff
  assert.deepEqual(
    diff.changed.map((asset: { name: string }) => asset.name),
    [form.name],
  )
  assert.equal(diff.changed[0].fields[0].after, 'Our own')
  const push = await agency.push(snapshot.id, [one!.id, two!.id], { policy: 'override' })
  assert.equal(push.status, 'completed')
  assert.deepEqual(push.totals.updated, 1)
  assert.deepEqual(await driftOf(), [])
})

test('of a chain of roll-backs, every second push stands', async () => {
  const { agency } = story
  const chain = [(await agency.push(snapshot.id, [one!.id])).id]
  for (let n = 0; n < 4; n++) chain.push((await agency.rollback(chain.at(-1)!)).id)
  const states = await Promise.all(chain.map(async (id) => (await agency.get(`/pushes/${id}`)).push.status))
  assert.deepEqual(states, ['completed', 'rolled_back', 'completed', 'rolled_back', 'completed'])
  const targets = await Promise.all(chain.map(async (id) => (await agency.outcomes(id, one!.id)).status))
  assert.deepEqual(targets, states)
})
