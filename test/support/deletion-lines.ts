import { inTransaction } from '../../src/db/transaction.ts'
import { RECORDS } from '../../src/resources/records/index.ts'
import { hasId, type RecordDocument, type RecordResource, removeRecords } from '../../src/store/records/index.ts'
import type { Client } from './client.ts'
import type { TestServer } from './server.ts'

/** How one thing of a kind is made, and deleted at a line of the API; `remove`: where no line deletes one alone. */
export interface Deletion {
  path: string
  make: () => Promise<string>
  by?: () => Client
  remove?: (id: string) => Promise<void>
}

/** Who makes them, known once the server runs. */
export interface Makers {
  server: () => TestServer
  here: () => string
  staff: () => Client
  boss: () => Client
  /** A contact that stays. */
  contactId: () => string
  nextLocation: () => string
  make(resource: RecordResource, changes?: RecordDocument): Promise<string>
  makeAsset(kind: string): Promise<string>
}

const kindOf = (kind: string) => RECORDS.get(kind) as RecordResource
const ALONE = ['tickets', 'crm_products', 'line_items', 'quotes', 'orders', 'leads', 'messages', 'invoices']

/** How each thing that others refer to is deleted. */
export function deletionLines({ make, makeAsset, ...makers }: Makers): Record<string, Deletion> {
  const plain = (path: string, kind: string): Deletion => ({ path, make: () => make(kindOf(kind)) })
  const ofContact = (kind: string): Deletion => ({
    get path() {
      return `/contacts/${makers.contactId()}/${kind}/`
    },
    make: () => make(kindOf(kind), { contactId: makers.contactId() }),
  })
  const alone = (kind: string): Deletion => ({
    ...plain('', kind),
    remove: (id) => {
      const { db, clock } = makers.server().app.platform
      const author = { actor: 'test', cause: null, atMs: clock.nowMs() }
      return inTransaction(db, (tx) =>
        removeRecords({ tx, locationId: makers.here(), author, records: RECORDS }, kindOf(kind), hasId([id])),
      )
    },
  })
  let objectId: string | undefined
  return {
    ...Object.fromEntries(ALONE.map((kind) => [kind, alone(kind)])),
    tasks: ofContact('tasks'),
    notes: ofContact('notes'),
    contacts: plain('/contacts/', 'contacts'),
    opportunities: plain('/opportunities/', 'opportunities'),
    businesses: plain('/businesses/', 'businesses'),
    object_records: {
      path: '/objects/custom_objects.venue/records/',
      async make() {
        const known = await makers.staff().get(`/objects/custom_objects.venue?locationId=${makers.here()}`)
        objectId ??= known.status === 200 ? (known.body.object.id as string) : await makeAsset('objects')
        return make(kindOf('object_records'), { objectId })
      },
    },
    appointments: plain('/calendars/events/', 'appointments'),
    recurring_appointments: plain('/calendars/events/', 'recurring_appointments'),
    calendars: { path: '/calendars/', make: () => makeAsset('calendars') },
    email_schedules: plain('/emails/schedule/', 'email_schedules'),
    associations: { path: '/associations/', make: () => makeAsset('associations') },
    users: {
      path: '/users/',
      make: () => make(kindOf('users'), { email: `${Math.random()}@x.example`, locationIds: [makers.here()] }),
      by: makers.boss,
    },
    locations: { path: '/locations/', make: async () => makers.nextLocation(), by: makers.boss },
  }
}
