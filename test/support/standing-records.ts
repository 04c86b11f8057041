import type { Db } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { createDice } from '../../src/demo/index.ts'
import { RECORDS } from '../../src/resources/records/index.ts'
import { deleteRecords } from '../../src/store/records/deletion.ts'
import {
  createRecords,
  hasId,
  type NewRecord,
  type RecordDocument,
  type RecordResource,
} from '../../src/store/records/index.ts'

export const NOW = Date.UTC(2026, 5, 1)
const dice = createDice(23)
export const PIPELINES = ['pipeOne', 'pipeTwo']
// Terms do not tell the last two apart.
export const STAGES = ['stage1', 'stage2', 'stage3', 'stageX', 'STAGEx']
export const CALENDARS = ['calendarA', 'calendarB', 'CALENDARb']
export const TAGS = ['vip', 'caf\u00e9', "o'hara & co"]
export const FIELDS = ['budget', 'likes', 'rare']
export const FLOWS = ['flowOne', 'flowTwo']

export const resource = (kind: string) => RECORDS.get(kind) as RecordResource

const some = (values: readonly string[], sides: number) => values.filter(() => dice.once(sides))

async function store(db: Db, locationId: string, kind: string, documents: RecordDocument[]) {
  const author = { actor: 'test', cause: null, atMs: NOW - 86_400_000 }
  const records = documents.map((document, n): NewRecord => ({ document, createdAtMs: NOW - 90_000_000 - n }))
  const rows = await inTransaction(db, (tx) => createRecords({ tx, locationId, author }, resource(kind), records))
  const gone = rows.filter(() => dice.once(8)).map(({ id }) => id)
  await inTransaction(db, (tx) => deleteRecords({ tx, locationId, author }, resource(kind), hasId(gone)))
}

/** Records of every kind that assets are named in, the same ones on every run. */
export async function fillRecords(db: Db, locationId: string) {
  const count = 80 + dice.roll(120)
  const times = <T>(make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))
  const at = '2026-03-03T09:00:00.000Z'
  await store(
    db,
    locationId,
    'contacts',
    times((n) => {
      const customFields = some(FIELDS, 3).map((id) => ({ id, value: n }))
      return { email: `p${n}@post.example`, type: 'lead', tags: some(TAGS, 3), customFields, dnd: false, followers: [] }
    }),
  )
  await store(
    db,
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
    return {
      calendarId: dice.pick(CALENDARS),
      contactId: `contact${n}`,
      title: 'Meeting',
      startTime,
      endTime: startTime,
      appointmentStatus,
      ...people,
    }
  }
  await store(db, locationId, 'appointments', times(booking))
  await store(
    db,
    locationId,
    'recurring_appointments',
    times((n) => ({ ...booking(n), rrule: 'RRULE:FREQ=WEEKLY', revision: 0 })),
  )
  await store(
    db,
    locationId,
    'schedules',
    times((n) => ({ name: 'Hours', userId: `user${n}`, timezone: 'UTC', rules: [], calendarIds: some(CALENDARS, 2) })),
  )
  await store(
    db,
    locationId,
    'enrolments',
    times((n) => {
      const assetKind = dice.pick(['workflows', 'campaigns'])
      const state = dice.pick(['active', 'completed', 'removed'])
      return {
        contactId: `contact${n}`,
        assetKind,
        assetId: `${assetKind}-${dice.pick(FLOWS)}`,
        name: 'Welcome',
        state,
        enteredAt: at,
        history: [],
      }
    }),
  )
}
