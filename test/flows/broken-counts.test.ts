import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { inTransaction } from '../../src/db/transaction.ts'
import { countDue } from '../../src/snapshots/broken-counts.ts'
import { until } from '../support/connections.ts'
import { breakReferences, brokenIn, dropTag, makeFlow, makeTag } from '../support/made-assets.ts'
import { startTestServer } from '../support/server.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'
import { createAgency } from '../support/tenants.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const read = async (query = '') => {
  const { agency } = story
  const { status, body } = await agency.client.get(`/fleet?companyId=${agency.companyId}&${query}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body
}
const brokenOf = async ({ id }: Actor) => (await read(`query=${id}`)).locations[0].broken
const untilBroken = (location: Actor, count: number) =>
  until(async () => (await brokenOf(location)) === count, `${count} broken references`)

/** A location of which so many references lead nowhere. */
async function broken(name: string, count: number): Promise<Actor> {
  const location = await newLocation(story, name)
  await breakReferences(location, count)
  return location
}

test('the fleet tells how many references lead nowhere, and is sorted and filtered by it', async () => {
  const [one, three] = [await broken('Broken once', 1), await broken('Broken thrice', 3)]
  const whole = await newLocation(story, 'Broken never')
  await makeTag(whole, 'there')
  await untilBroken(one, 1)
  await untilBroken(three, 3)
  await untilBroken(whole, 0)
  assert.equal((await brokenIn(three)).length, 3, 'as the sub-account itself lists them')
  const named = async (query: string) =>
    (await read(`query=Broken&${query}`)).locations.map((row: { locationName: string }) => row.locationName)
  assert.deepEqual(await named('sort=broken&order=desc'), ['Broken thrice', 'Broken once', 'Broken never'])
  assert.deepEqual(await named('hasBroken=true'), ['Broken once', 'Broken thrice'])
  assert.deepEqual(await named('hasBroken=false'), ['Broken never'])
  assert.deepEqual(await named('hasBroken=true&state=current'), [])
  const { total, totals, withBroken } = await read('query=Broken')
  assert.deepEqual([total, totals, withBroken], [3, { none: 3 }, 2])
  const filtered = await read('query=Broken&hasBroken=true&limit=1&skip=1')
  assert.deepEqual(
    [filtered.locations.map((row: { broken: number }) => row.broken), filtered.total, filtered.totals],
    [[3], 2, { none: 2 }],
  )

  // A push to all that the filter leaves means the same.
  const { agency } = story
  const { id } = await agency.capture(whole.id, { name: 'Whole' })
  const { plan } = await agency.post(`/${id}/plan`, {
    locationIds: 'all',
    filter: { query: 'Broken', hasBroken: true },
  })
  assert.deepEqual(
    plan.targets.map((target: { locationId: string }) => target.locationId).sort(),
    [one.id, three.id].sort(),
  )

  // Mended: the workflow names them no more.
  const { client, id: locationId } = one
  const [flow] = (await client.get(`/workflows/?locationId=${locationId}`)).body.workflows
  const mended = await client.put(`/workflows/${flow.id}`, { steps: [] })
  assert.equal(mended.status, 200, JSON.stringify(mended.body))
  await untilBroken(one, 0)
})

test('a push that brings what was missing, and its roll-back, are counted too', async () => {
  const { agency } = story
  const source = await newLocation(story, 'Bringer')
  const tagId = await makeTag(source, 'brought')
  await makeFlow(source, 'Names it', { steps: [{ type: 'add_tag', tagIds: [tagId] }] })
  const { id } = await agency.capture(source.id, { name: 'Tagged' })
  const target = await newLocation(story, 'Taker')
  await agency.push(id, [target.id])
  await untilBroken(target, 0)
  const [tag] = (await target.client.get(`/locations/${target.id}/tags`)).body.tags
  await dropTag(target, tag.id)
  await untilBroken(target, 1)
  const again = await agency.push(id, [target.id], { policy: 'override' })
  await untilBroken(target, 0)
  await agency.rollback(again.id)
  await untilBroken(target, 1)
})

test('who writes is not waited for, and what was written meanwhile stays due', async () => {
  // Nobody else counts here.
  await using server = await startTestServer({ work: false })
  const agency = await createAgency(server.app, { locations: 1 })
  const [{ id = '', token = '' } = {}] = agency.locations
  const location = { id, client: server.client(token) }
  const { db } = server.app.platform
  const tagId = await makeTag(location, 'gone')
  await makeFlow(location, 'Names it', { steps: [{ type: 'add_tag', tagIds: [tagId] }] })
  const counted = async () => {
    const { rows } = await sql<{ broken: number | null; isDue: boolean }>`
      select broken, is_due as "isDue" from broken_count where location_id = ${id}`.execute(db)
    return rows[0]
  }
  const all = async () => {
    while ((await countDue(db)) > 0) if ((await counted())?.isDue === false) return
  }
  assert.deepEqual(await counted(), { broken: null, isDue: true })
  await all()
  assert.deepEqual(await counted(), { broken: 0, isDue: false })

  await makeTag(location, 'another')
  await inTransaction(db, async (tx) => {
    await sql`delete from asset where location_id = ${id} and kind = 'tags'`.execute(tx)
    await countDue(db)
    assert.deepEqual(await counted(), { broken: 0, isDue: true })
  })
  await all()
  assert.deepEqual(await counted(), { broken: 1, isDue: false })

  // It has read what is due, and not yet what it counts.
  await makeTag(location, 'a third')
  const counting = await inTransaction(db, async (tx) => {
    await sql`lock table asset in access exclusive mode`.execute(tx)
    const running = countDue(db)
    await until(async () => {
      const waits = await sql`select 1 from pg_locks where relation = 'asset'::regclass and not granted
        and database = (select oid from pg_database where datname = current_database())`.execute(db)
      return waits.rows.length > 0
    }, 'the count waits')
    await sql`delete from asset where location_id = ${id}`.execute(tx)
    return { running }
  })
  assert.equal(await counting.running, 1)
  assert.deepEqual(await counted(), { broken: 1, isDue: true })
  await all()
  assert.deepEqual(await counted(), { broken: 0, isDue: false })
})
