import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { type Actor, newLocation, readAll, readRows, type Story, startStory } from '../support/stories.ts'

let story: Story
let snapshot: { id: string; version: number }
let one: Actor

before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

beforeEach(async () => {
  const { agency, template } = story
  one = await newLocation(story, 'One')
  snapshot = await agency.capture(template.id)
})

test('snapshot-status shows processing with shrinking pending during a push and the truth after it', async () => {
  const { agency, server } = story
  const status = async () => (await agency.get(`/snapshot-status/${snapshot.id}/location/${one.id}`)).data
  await agency.client
    .get(agency.path(`/snapshot-status/${snapshot.id}/location/${one.id}`))
    .then((reply) => assert.equal(reply.status, 404))
  // Each kind waits a little, so that the push can be watched.
  await sql
    .raw(`
    create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(0.15); return null; end $$;
    create trigger dawdle after insert on asset for each statement execute function dawdle();`)
    .execute(server.owner())
  const { push } = await agency.post(`/${snapshot.id}/push`, { locationIds: [one.id] }, 202)
  const events = readEvents(`${server.url}${agency.path(`/pushes/${push.id}/events`)}`, story.demo.agencyToken)
  const seen: { status: string; pending: number }[] = []
  for (let state = 'pending'; state === 'pending' || state === 'processing'; ) {
    const data = await status()
    state = data.status
    seen.push({ status: state, pending: data.pending.length })
  }
  await sql.raw('drop trigger dawdle on asset; drop function dawdle()').execute(server.owner())
  const processing = seen.filter((look) => look.status === 'processing').map((look) => look.pending)
  assert.ok(new Set(processing).size >= 3, `pending was seen at ${[...new Set(processing)]}`)
  assert.deepEqual(
    processing,
    processing.toSorted((a, b) => b - a),
  )
  const end = await status()
  assert.deepEqual([end.status, end.pending], ['completed', []])
  assert.ok(end.completed.includes('workflows') && end.completed.includes('custom_fields'))
  const names = (await events).map((event) => event.name)
  assert.equal(names.filter((name) => name === 'target').length, 1)
  assert.ok(names.filter((name) => name === 'progress').length >= 2)
  assert.equal(names.at(-1), 'done')
  const day = new Date().toISOString().slice(0, 10)
  const [year, month, date] = day.split('-')
  for (const [from, to] of [
    [day, day],
    ['2020-01-01T00:00:00Z', new Date(Date.now() + 86_400_000).toISOString()],
    [`${month}-${date}-${year} 12:00 AM`, `${month}-${date}-${year} 11:59 PM`],
  ]) {
    const { data } = await agency.get(
      `/snapshot-status/${snapshot.id}?from=${encodeURIComponent(from!)}&to=${encodeURIComponent(to!)}&limit=10`,
    )
    assert.deepEqual(
      data.map((row: { id: string; locationId: string; status: string }) => [row.id, row.locationId, row.status]),
      [[end.id, one.id, 'completed']],
    )
  }
})

test('a cancelled push stops between pieces, and what it did can be rolled back', async () => {
  await using own = await startStory({ workerConcurrency: 1 })
  const { agency, server, template } = own
  const db = server.owner()
  const [fresh, standing] = [await newLocation(own, 'Fresh'), await newLocation(own, 'Standing')]
  const { id } = await agency.capture(template.id)
  await agency.push(id, [standing.id])
  const before = await readRows(own, standing.id)
  const form = (await readAll(own, template.id)).find((asset) => asset.kind === 'forms')!
  await template.client.put(`/forms/${form.id}`, { description: 'Other words' })
  await agency.refresh(id)
  // Targets that stand at a version go in a piece of their own, after the others; each piece dawdles at its end.
  await sql
    .raw(`
    create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(0.5); return null; end $$;
    create trigger dawdle after update on push_piece for each statement execute function dawdle();`)
    .execute(db)
  const { push } = await agency.post(`/${id}/push`, { locationIds: [fresh.id, standing.id] }, 202)
  while ((await agency.get(`/pushes/${push.id}`)).push.status === 'pending');
  await agency.post(`/pushes/${push.id}/cancel`, {}, 202)
  await sql.raw('drop trigger dawdle on push_piece; drop function dawdle()').execute(db)
  assert.equal((await agency.get(`/pushes/${push.id}`)).push.status, 'cancelled')
  assert.equal((await agency.outcomes(push.id, fresh.id)).status, 'completed')
  const { status, pending } = await agency.outcomes(push.id, standing.id)
  assert.equal(status, 'cancelled')
  assert.ok(pending.length > 0)
  assert.deepEqual(await readRows(own, standing.id), before)
  const rollback = await agency.rollback(push.id)
  assert.equal(rollback.status, 'completed')
  assert.deepEqual(await readRows(own, fresh.id), [])
  await agency.post(`/pushes/${push.id}/cancel`, {}, 409)
})

test('a cancel that comes when all is done finds the push completed', async () => {
  await using own = await startStory({ work: false })
  const { agency, server, template, empty } = own
  const { id } = await agency.capture(template.id)
  const { push } = await agency.post(`/${id}/push`, { locationIds: [empty.id] }, 202)
  // The moment between the last write and the end of the batch.
  await sql`update push set state = 'processing' where id = ${push.id}`.execute(server.app.platform.db)
  await sql`insert into push_piece (push_id, batch, step, totals, finished_at)
      values (${push.id}, 1, '*', '{}', now())`.execute(server.app.platform.db)
  const answer = await agency.post(`/pushes/${push.id}/cancel`, {}, 202)
  assert.equal(answer.push.status, 'completed')
  assert.equal((await agency.outcomes(push.id, empty.id)).status, 'completed')
})

async function readEvents(url: string, token: string): Promise<{ name: string }[]> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}`, version: '2021-07-28' } })
  assert.match(response.headers.get('content-type') ?? '', /text\/event-stream/)
  const text = await response.text()
  return [...text.matchAll(/^event: (\w+)\ndata: (.+)$/gm)].map((match) => ({
    name: match[1]!,
    data: JSON.parse(match[2]!),
  }))
}
