import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { until } from '../support/event-stream.ts'
import { type AgencyActor, newLocation, type Story, startStory } from '../support/stories.ts'

const PENDING = 5

let story: Story
before(async () => {
  story = await startStory({ work: false, uploads: 10, pendingJobs: PENDING, bodyBytes: 200_000, workerConcurrency: 1 })
})
after(() => story?.[Symbol.asyncDispose]())

/** Captures a location and makes so many others. */
async function fleet(
  agency: AgencyActor,
  locationId: string,
  size: number,
): Promise<{ snapshotId: string; targets: string[] }> {
  const snapshotId = (await agency.capture(locationId)).id
  const targets: string[] = []
  for (let number = 0; number < size; number++)
    targets.push(
      (await agency.client.post('/locations/', { companyId: agency.companyId, name: `Fleet ${number}` })).body.id,
    )
  return { snapshotId, targets }
}

const start = async (agency: AgencyActor, snapshotId: string, locationId: string): Promise<string> =>
  (await agency.post(`/${snapshotId}/push`, { locationIds: [locationId] }, 202)).push.id

test('an agency with much work waiting starts no more of it, is told when to come again, and others notice nothing', async () => {
  const { agency, partner, demo } = story
  const { snapshotId, targets } = await fleet(agency, story.template.id, PENDING)
  const pushes: string[] = []
  for (const target of targets) pushes.push(await start(agency, snapshotId, target))
  const listed = async () => (await agency.get('/pushes?limit=100')).pushes.length
  const before = await listed()
  const body = { locationIds: [targets[0]] }
  const created = { companyId: agency.companyId, name: 'One more', snapshotId }
  for (const refused of [
    await agency.client.post(agency.path(`/${snapshotId}/push`), body),
    await agency.client.post('/locations/', created),
  ]) {
    assert.equal(refused.status, 429, JSON.stringify(refused.body))
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.match(refused.body.message, /waiting batches .*: at most 5/)
  }
  assert.equal(await listed(), before)
  await agency.plan(snapshotId, targets)
  const theirs = await fleet(partner, demo.partner.locations[0]!.id, 1)
  await start(partner, theirs.snapshotId, theirs.targets[0]!)

  // Now a worker comes: one job at a time.
  await story.server.app.work()
  for (const push of pushes) assert.equal((await agency.ended(push)).status, 'completed')
  const ended = await finished()
  assert.ok(
    ended.findIndex((row) => row.agencyId === partner.companyId) <= 1,
    'the other agency had to wait for all of them',
  )
  assert.equal((await agency.client.post(agency.path(`/${snapshotId}/push`), body)).status, 202, 'what waited is done')
})

const finished = () =>
  query(
    story.server.app.platform.db,
    sql<{
      agencyId: string
    }>`select agency_id as "agencyId" from push where finished_at is not null order by finished_at`,
  )

test('two agencies that both have much to do get their turns, whoever came first', async () => {
  await using other = await startStory({ work: false, workerConcurrency: 1 })
  const { agency, partner, demo } = other
  const [mine, theirs] = [
    await fleet(agency, other.template.id, 4),
    await fleet(partner, demo.partner.locations[0]!.id, 4),
  ]
  for (const target of mine.targets) await start(agency, mine.snapshotId, target)
  const last: string[] = []
  for (const target of theirs.targets) last.push(await start(partner, theirs.snapshotId, target))
  for (const target of mine.targets) await start(agency, mine.snapshotId, target)
  await other.server.app.work()
  for (const push of last) await partner.ended(push)
  await until(async () => (await ends(other)).length === 12, 'all end', 60_000)
  const order = (await ends(other)).map((id) => (id === agency.companyId ? 'a' : 'p')).join('')
  assert.ok(
    [2, 4, 8].every((place) => Math.abs(order.slice(0, place).split('a').length - 1 - place / 2) <= 1),
    order,
  )
})

const ends = async ({ server }: Story) =>
  (
    await query(
      server.app.platform.db,
      sql<{ id: string }>`select agency_id as id from push where finished_at is not null order by finished_at`,
    )
  ).map(({ id }) => id)

/** Begins a request with a body that is announced and does not come. */
function begin(
  path: string,
  token: string,
  { type, bytes }: { type: string; bytes: number },
): { socket: Socket; status: () => string } {
  const { hostname, port } = new URL(story.server.url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (data) => {
    text += data
  })
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nversion: 2021-07-28\r\ncontent-type: ${type}\r\ncontent-length: ${bytes}\r\nauthorization: Bearer ${token}\r\n\r\n`,
  )
  return { socket, status: () => text.slice(9, 12) + (/^retry-after: \d+/im.test(text) ? ' later' : '') }
}

test('a tenant sends a share of all uploads at a time; beyond it is refused before the body comes', async () => {
  const { demo, agency, partner } = story
  const archive = { type: 'application/octet-stream', bytes: 1_000_000 }
  const mine = Array.from({ length: 3 }, () =>
    begin(`/snapshots/import-file?companyId=${agency.companyId}`, demo.agencyToken, archive),
  )
  await until(() => mine.some(({ status }) => status() !== ''), 'one is refused')
  assert.deepEqual(mine.map(({ status }) => status()).sort(), ['', '', '429 later'])
  const form = { type: 'multipart/form-data; boundary=x', bytes: 1_000_000 }
  const file = begin('/conversations/messages/upload', demo.locations[0]!.token, form)
  await until(() => file.status() === '429 later', 'a file of a location of the same agency')
  const theirs = begin(`/snapshots/import-file?companyId=${partner.companyId}`, demo.partner.agencyToken, archive)
  await pause(200)
  assert.equal(theirs.status(), '', 'the other agency sends its own')
  for (const { socket } of mine) socket.destroy()
  await until(async () => {
    const again = begin('/conversations/messages/upload', demo.locations[0]!.token, form)
    await pause(150)
    again.socket.destroy()
    return again.status() === ''
  }, 'the places are free again')
  file.socket.destroy()
  theirs.socket.destroy()
})

test('a tenant has so many large bodies in memory at a time and no more; small ones come through', async () => {
  const target = await newLocation(story, 'Large')
  const { token } = story.demo.locations[0]!
  const large = Array.from({ length: 9 }, () =>
    begin('/workflows/', token, { type: 'application/json', bytes: 200_000 }),
  )
  await until(() => large.some(({ status }) => status() !== ''), 'one is refused')
  assert.deepEqual(
    large.map(({ status }) => status()).filter((status) => status !== ''),
    ['429 later'],
  )
  assert.equal((await target.client.post(`/locations/${target.id}/tags`, { name: 'small' })).status, 200)
  for (const { socket } of large) socket.destroy()
})

test('a tenant brings so many bytes in large bodies in a while and no more, and others notice nothing', async () => {
  const [mine] = story.demo.locations
  const body = JSON.stringify({ name: 'Large', nonsense: 'x'.repeat(190_000) })
  const send = async (token: string) => {
    const headers = { 'content-type': 'application/json', version: '2021-07-28', authorization: `Bearer ${token}` }
    const reply = await fetch(`${story.server.url}/workflows/`, { method: 'POST', headers, body })
    return { status: reply.status, after: Number(reply.headers.get('retry-after')), text: await reply.text() }
  }
  let [last, sent] = [await send(mine?.token as string), 1]
  // What the test before it had under way is given back in its time.
  for (; !/in a while/.test(last.text) && sent < 100; sent++) last = await send(mine?.token as string)
  assert.equal(last.status, 429, last.text)
  assert.ok(last.after >= 1 && last.after <= 10, `${last.after} s`)
  assert.match(last.text, /large bodies of yours in a while: at most 2000000 in 10 s/)
  assert.notEqual((await send(story.demo.partner.locations[0]?.token as string)).status, 429)
})
