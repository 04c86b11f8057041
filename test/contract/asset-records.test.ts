import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { createDice } from '../../src/operations/demo-records-people.ts'
import { RECORDS } from '../../src/resources/records/index.ts'
import { type Asked, countStanding, type RecordsStanding } from '../../src/store/asset-records.ts'
import { listChanges } from '../../src/store/changes.ts'
import { type Move, moveOpportunities, revertMoves } from '../../src/store/opportunity-moves.ts'
import { hasId } from '../../src/store/record-conditions.ts'
import { deltaOf } from '../../src/store/record-delta.ts'
import { listRecords } from '../../src/store/record-reads.ts'
import type { RecordDocument, RecordResource } from '../../src/store/record-resource.ts'
import type { NewRecord } from '../../src/store/record-rows.ts'
import { termsOf } from '../../src/store/record-terms.ts'
import { createRecords, deleteRecords, updateRecords } from '../../src/store/records.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

const NOW = Date.UTC(2026, 5, 1)
const dice = createDice(23)
const PIPELINES = ['pipeOne', 'pipeTwo']
// Terms do not tell the last two apart.
const STAGES = ['stage1', 'stage2', 'stage3', 'stageX', 'STAGEx']
const CALENDARS = ['calendarA', 'calendarB', 'CALENDARb']
const TAGS = ['vip', 'caf\u00e9', "o'hara & co"]
const FIELDS = ['budget', 'likes', 'rare']
const FLOWS = ['flowOne', 'flowTwo']

let server: TestServer
let agency: TestAgency
let places: string[]

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 4 })
  places = agency.locations.map(({ id }) => id)
  for (const locationId of places) await fill(locationId)
})
after(() => server?.[Symbol.asyncDispose]())

const db = () => server.app.platform.db
const resource = (kind: string) => RECORDS.get(kind) as RecordResource
const some = (values: readonly string[], sides: number) => values.filter(() => dice.once(sides))

async function store(locationId: string, kind: string, documents: RecordDocument[]) {
  const author = { actor: 'test', cause: null, atMs: NOW - 86_400_000 }
  const records = documents.map((document, n): NewRecord => ({ document, createdAtMs: NOW - 90_000_000 - n }))
  const rows = await inTransaction(db(), (tx) => createRecords({ tx, locationId, author }, resource(kind), records))
  const gone = rows.filter(() => dice.once(8)).map(({ id }) => id)
  await inTransaction(db(), (tx) => deleteRecords({ tx, locationId, author }, resource(kind), hasId(gone)))
}

async function fill(locationId: string) {
  const count = 80 + dice.roll(120)
  const times = <T>(make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))
  const at = '2026-03-03T09:00:00.000Z'
  await store(
    locationId,
    'contacts',
    times((n) => {
      const customFields = some(FIELDS, 3).map((id) => ({ id, value: n }))
      return { email: `p${n}@post.example`, type: 'lead', tags: some(TAGS, 3), customFields, dnd: false, followers: [] }
    }),
  )
  await store(
    locationId,
    'opportunities',
    times((n) => ({
      name: `Deal ${n}`,
      pipelineId: dice.pick(PIPELINES),
      ...(dice.once(9) ? {} : { pipelineStageId: dice.pick(STAGES) }),
      status: dice.pick(['open', 'won']),
      contactId: `contact${n}`,
      customFields: some(FIELDS, 4).map((id) => ({ id, fieldValue: 'x' })),
      followers: [],
      lastStatusChangeAt: at,
      lastStageChangeAt: at,
    })),
  )
  const booking = (n: number) => {
    const startTime = new Date(NOW + (dice.roll(60) - 30) * 3_600_000).toISOString()
    const appointmentStatus = dice.pick(['new', 'confirmed', 'cancelled', 'noshow'])
    const people = { users: [], assignedResources: [], createdBy: { source: 'third_party' } }
    return { calendarId: dice.pick(CALENDARS), contactId: `contact${n}`, title: 'Meeting', startTime, endTime: startTime, appointmentStatus, ...people }
  }
  await store(locationId, 'appointments', times(booking))
  await store(
    locationId,
    'recurring_appointments',
    times((n) => ({ ...booking(n), rrule: 'RRULE:FREQ=WEEKLY', revision: 0 })),
  )
  await store(
    locationId,
    'schedules',
    times((n) => ({ name: 'Hours', userId: `user${n}`, timezone: 'UTC', rules: [], calendarIds: some(CALENDARS, 2) })),
  )
  await store(
    locationId,
    'enrolments',
    times((n) => {
      const assetKind = dice.pick(['workflows', 'campaigns'])
      const state = dice.pick(['active', 'completed', 'removed'])
      return { contactId: `contact${n}`, assetKind, assetId: `${assetKind}-${dice.pick(FLOWS)}`, name: 'Welcome', state, enteredAt: at, history: [] }
    }),
  )
}

type Count = (kind: string, test: (document: Record<string, never>) => boolean) => Promise<RecordDocument[]>

/** One obvious count after the other. */
async function reference({ locationId, kind, id, name, within }: Asked): Promise<RecordsStanding[]> {
  const found: Count = async (of, isMeant) =>
    (await listRecords(db(), { kind: of, noun: '' }, locationId)).map(({ document }) => document).filter((document) => isMeant(document as never))
  const tell = async (of: string, isMeant: (document: never) => boolean) => ({ kind: of, count: (await found(of, isMeant as never)).length })
  const is = (field: string) => (document: Record<string, unknown>) => document[field] === id
  const hasValue = (document: { customFields: { id: string }[] }) => document.customFields.some((value) => value.id === id)
  const answers = async (): Promise<RecordsStanding[]> => {
    switch (kind) {
      case 'pipelines':
        return [await tell('opportunities', is('pipelineId'))]
      case 'stages':
        return [await tell('opportunities', (deal: RecordDocument) => is('pipelineStageId')(deal) && (within === undefined || deal.pipelineId === within))]
      case 'tags':
        return [await tell('contacts', (document: { tags: string[] }) => document.tags.includes(name ?? ''))]
      case 'custom_fields':
        return [await tell('contacts', hasValue), await tell('opportunities', hasValue)]
      case 'workflows':
      case 'campaigns':
        return [await tell('enrolments', (document: RecordDocument) => document.assetId === id && document.state === 'active')]
      case 'calendars': {
        const booked = await found('appointments', is('calendarId'))
        const upcoming = booked.filter(
          ({ startTime, appointmentStatus }) => Date.parse(startTime as string) >= NOW && !['cancelled', 'noshow'].includes(appointmentStatus as string),
        )
        return [
          { kind: 'appointments', count: booked.length, upcoming: upcoming.length },
          await tell('recurring_appointments', is('calendarId')),
          await tell('schedules', (document: { calendarIds: string[] }) => document.calendarIds.includes(id)),
        ]
      }
      default:
        return []
    }
  }
  return (await answers()).filter(({ count }) => count > 0)
}

const ASKED: [string, string[]][] = [
  ['pipelines', [...PIPELINES, 'none']],
  ['stages', [...STAGES, 'none']],
  ['calendars', [...CALENDARS, 'none']],
  ['tags', [...TAGS, 'nobody has it']],
  ['custom_fields', [...FIELDS, 'none']],
  ['workflows', FLOWS.map((flow) => `workflows-${flow}`)],
  ['campaigns', FLOWS.map((flow) => `campaigns-${flow}`)],
  ['forms', ['form']],
]
const asked = () => [
  ...places.flatMap((locationId) => ASKED.flatMap(([kind, ids]) => ids.map((id): Asked => ({ locationId, kind, id, name: id })))),
  ...places.flatMap((locationId) => PIPELINES.flatMap((within) => STAGES.map((id): Asked => ({ locationId, kind: 'stages', id, within })))),
]
const byKind = (records: readonly RecordsStanding[]) => records.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))

test('what stands in stages, books calendars, bears tags and has values, over several locations', async () => {
  const all = asked()
  const standing = await countStanding(db(), all, { nowMs: NOW })
  assert.equal(standing.length, all.length)
  let total = 0
  for (const [index, one] of all.entries()) {
    const { records, ...which } = standing[index]!
    assert.deepEqual(which, { locationId: one.locationId, kind: one.kind, id: one.id })
    assert.deepEqual(byKind(records), byKind(await reference(one)), `${one.kind} ${one.id}`)
    for (const { count } of records) total += count
  }
  assert.ok(total > 2000)
  assert.deepEqual(await countStanding(db(), [], { nowMs: NOW }), [])
})

test('a tag without a name is counted by that of its asset, and as it is typed', async () => {
  const locationId = places[0] as string
  const client = server.client(agency.locations[0]?.token)
  const { id } = (await client.post(`/locations/${locationId}/tags`, { name: ' Cafe\u0301' })).body.tag
  const [[known], [typed]] = await Promise.all([
    countStanding(db(), [{ locationId, kind: 'tags', id }], { nowMs: NOW }),
    countStanding(db(), [{ locationId, kind: 'tags', id: 'x', name: 'CAF\u00c9 ' }], { nowMs: NOW }),
  ])
  assert.deepEqual(known?.records, await reference({ locationId, kind: 'tags', id, name: 'caf\u00e9' }))
  assert.deepEqual(typed?.records, known?.records)
})

test('values of custom fields are looked for in so many records', async () => {
  const one = { locationId: places[1] as string, kind: 'custom_fields', id: 'budget' }
  const [bounded] = await countStanding(db(), [one], { nowMs: NOW, mostRead: 20 })
  const [contacts] = bounded!.records
  assert.equal(contacts?.atLeast, true)
  const oldest = (await listRecords(db(), { kind: 'contacts', noun: '' }, one.locationId, { limit: 20 })) as { document: { customFields?: { id: string }[] } }[]
  assert.equal(contacts?.count, oldest.filter(({ document }) => document.customFields?.some(({ id }) => id === 'budget')).length)
})

interface Deal {
  id: string
  document: RecordDocument
  terms: string[]
}
async function deals(locationId: string): Promise<Deal[]> {
  const terms = await query(
    db(),
    sql<{ id: string; terms: string[] }>`select id, tsvector_to_array(terms) as terms from record where location_id = ${locationId} and kind = 'opportunities'`,
  )
  const byId = new Map(terms.map((row) => [row.id, row.terms]))
  return (await listRecords(db(), { kind: 'opportunities', noun: '' }, locationId)).map(({ id, document }) => ({ id, document, terms: byId.get(id) ?? [] }))
}

test('moves happen at once, with terms and history; a roll-back takes back what nobody has moved since', async () => {
  const moves: Move[] = places.slice(0, 3).flatMap((locationId) => [
    { locationId, pipelineId: 'pipeOne', fromStageId: 'stage1', toStageId: 'stage2' },
    { locationId, pipelineId: 'pipeOne', fromStageId: 'stage2', toStageId: 'stage1' },
    { locationId, pipelineId: 'pipeOne', fromStageId: 'stage3', toStageId: 'stageNew' },
    { locationId, pipelineId: 'pipeOne', fromStageId: 'stageX', toStageId: 'stage3' },
    { locationId, pipelineId: 'pipeTwo', fromStageId: 'stage3', toStageId: 'stage1', toPipelineId: 'pipeOne' },
  ])
  const before = new Map<string, Deal[]>()
  for (const locationId of places) before.set(locationId, await deals(locationId))
  const push = { actor: 'push:p1', cause: 'p1', atMs: NOW }
  const counts = await inTransaction(db(), (tx) => moveOpportunities(tx, push, moves))
  const movedIds = new Map<string, string[]>()
  for (const locationId of places) {
    const now = new Map((await deals(locationId)).map((deal) => [deal.id, deal]))
    for (const { id, document } of before.get(locationId) ?? []) {
      const move = moves.find((one) => one.locationId === locationId && one.pipelineId === document.pipelineId && one.fromStageId === document.pipelineStageId)
      const place = move && {
        pipelineId: move.toPipelineId ?? move.pipelineId,
        pipelineStageId: move.toStageId,
        lastStageChangeAt: new Date(NOW).toISOString(),
      }
      const expected = { ...document, ...place }
      const deal = now.get(id) as Deal
      assert.deepEqual(deal.document, expected)
      assert.deepEqual(deal.terms.toSorted(), termsOf(resource('opportunities'), locationId, expected).toSorted())
      const log = await listChanges(db(), { locationId, kind: 'opportunities', entityId: id, limit: 5 })
      assert.equal(log.length, move === undefined ? 1 : 2)
      if (move === undefined) continue
      assert.deepEqual([log[0]?.op, log[0]?.actor, log[0]?.cause, log[0]?.delta], ['update', 'push:p1', 'p1', deltaOf(document, expected)])
      movedIds.set(locationId, [...(movedIds.get(locationId) ?? []), id])
    }
  }
  for (const [index, { locationId, pipelineId, fromStageId, count }] of counts.entries()) {
    const move = moves[index] as Move
    assert.deepEqual([locationId, pipelineId, fromStageId], [move.locationId, move.pipelineId, move.fromStageId])
    const stood = before.get(locationId)?.filter(({ document }) => document.pipelineId === pipelineId && document.pipelineStageId === fromStageId)
    assert.equal(count, stood?.length)
  }
  assert.ok(counts.every(({ count }) => count > 0) && !movedIds.has(places[3] as string))

  // One is moved on by hand, one away and back again, one is renamed.
  const locationId = places[0] as string
  const [on, again, renamed] = movedIds.get(locationId) as [string, string, string]
  const touch = (id: string, more: RecordDocument) =>
    inTransaction(db(), (tx) =>
      updateRecords({ tx, locationId, author: { actor: 'test', cause: null, atMs: NOW + 1000 } }, resource('opportunities'), hasId([id]), ({ document }) => ({
        ...document,
        ...more,
      })),
    )
  const byHand = new Date(NOW + 1000).toISOString()
  await touch(on, { pipelineStageId: 'elsewhere', lastStageChangeAt: byHand })
  await touch(again, { lastStageChangeAt: byHand })
  await touch(renamed, { name: 'Another name' })
  const revert = { cause: 'p1', since: new Date(NOW), locationIds: places.slice(0, 2) }
  const author = { actor: 'push:p2', cause: 'p2', atMs: NOW + 2000 }
  const reverted = await inTransaction(db(), (tx) => revertMoves(tx, author, revert))
  assert.deepEqual(reverted, [
    { locationId: places[0], count: movedIds.get(places[0] as string)!.length - 2 },
    { locationId: places[1], count: movedIds.get(places[1] as string)!.length },
  ])
  for (const place of places.slice(0, 2)) {
    const now = new Map((await deals(place)).map((deal) => [deal.id, deal]))
    for (const { id, document } of before.get(place) ?? []) {
      if (id === on || id === again) continue
      const { document: found, terms } = now.get(id) as Deal
      assert.deepEqual(found, id === renamed ? { ...document, name: 'Another name' } : document)
      assert.deepEqual(terms.toSorted(), termsOf(resource('opportunities'), place, found).toSorted())
    }
  }
  assert.equal((await deals(locationId)).find(({ id }) => id === on)?.document.pipelineStageId, 'elsewhere')
  assert.deepEqual(
    (await inTransaction(db(), (tx) => revertMoves(tx, author, revert))).map(({ count }) => count),
    [0, 0],
  )
  // A roll-back can be rolled back.
  const undone = await inTransaction(db(), (tx) => revertMoves(tx, { ...author, cause: 'p3', atMs: NOW + 3000 }, { ...revert, cause: 'p2' }))
  assert.deepEqual(undone, reverted)
})
