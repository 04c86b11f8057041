import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Asked, countStanding, listRecords, type RecordDocument } from '../../src/store/records/index.ts'
import type { RecordsStanding } from '../../src/store/records/standing.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { CALENDARS, FIELDS, FLOWS, fillRecords, NOW, PIPELINES, STAGES, TAGS } from '../support/standing-records.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let places: string[]

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 4 })
  places = agency.locations.map(({ id }) => id)
  for (const locationId of places) await fillRecords(db(), locationId)
})
after(() => server?.[Symbol.asyncDispose]())

const db = () => server.app.platform.db

type Count = (kind: string, test: (document: Record<string, never>) => boolean) => Promise<RecordDocument[]>

/** One obvious count after the other. */
async function reference({ locationId, kind, id, name, within }: Asked): Promise<RecordsStanding[]> {
  const found: Count = async (of, isMeant) =>
    (await listRecords(db(), { kind: of, noun: '' }, locationId))
      .map(({ document }) => document)
      .filter((document) => isMeant(document as never))
  const tell = async (of: string, isMeant: (document: never) => boolean) => ({
    kind: of,
    count: (await found(of, isMeant as never)).length,
  })
  const is = (field: string) => (document: Record<string, unknown>) => document[field] === id
  const hasValue = (document: { customFields: { id: string }[] }) =>
    document.customFields.some((value) => value.id === id)
  const answers = async (): Promise<RecordsStanding[]> => {
    switch (kind) {
      case 'pipelines':
        return [await tell('opportunities', is('pipelineId'))]
      case 'stages':
        return [
          await tell(
            'opportunities',
            (deal: RecordDocument) =>
              is('pipelineStageId')(deal) && (within === undefined || deal.pipelineId === within),
          ),
        ]
      case 'tags':
        return [await tell('contacts', (document: { tags: string[] }) => document.tags.includes(name ?? ''))]
      case 'custom_fields':
        return [await tell('contacts', hasValue), await tell('opportunities', hasValue)]
      case 'workflows':
      case 'campaigns':
        return [
          await tell(
            'enrolments',
            (document: RecordDocument) => document.assetId === id && document.state === 'active',
          ),
        ]
      case 'calendars': {
        const booked = await found('appointments', is('calendarId'))
        const upcoming = booked.filter(
          ({ startTime, appointmentStatus }) =>
            Date.parse(startTime as string) >= NOW && !['cancelled', 'noshow'].includes(appointmentStatus as string),
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
  ...places.flatMap((locationId) =>
    ASKED.flatMap(([kind, ids]) => ids.map((id): Asked => ({ locationId, kind, id, name: id }))),
  ),
  ...places.flatMap((locationId) =>
    PIPELINES.flatMap((within) => STAGES.map((id): Asked => ({ locationId, kind: 'stages', id, within }))),
  ),
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
  const oldest = (await listRecords(db(), { kind: 'contacts', noun: '' }, one.locationId, { limit: 20 })) as {
    document: { customFields?: { id: string }[] }
  }[]
  assert.equal(
    contacts?.count,
    oldest.filter(({ document }) => document.customFields?.some(({ id }) => id === 'budget')).length,
  )
})
