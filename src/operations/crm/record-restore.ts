import { Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { findDeletedRecord } from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { restoreObject } from './restoring.ts'
import { openShelf } from './shelf.ts'

/** Kinds of records that come back, and their types on the HubSpot wire: what holds there holds here. */
const TYPES: Readonly<Record<string, string>> = {
  contacts: 'contacts',
  businesses: 'companies',
  opportunities: 'deals',
  appointments: 'meetings',
}

export const recordRestore = operation({
  category: 'Locations',
  name: 'records.restore',
  title: 'Restore Record',
  description:
    'A contact, business, opportunity or appointment that was deleted comes back as it was, under its id. What was ' +
    'deleted with it, or let go of, does not; what it names and is gone is left out. Refused where another contact ' +
    'has its e-mail by now; nobody looks whether the time of an appointment is still free.',
  access: 'write',
  token: 'location',
  scope: ['contacts.write', 'businesses.write', 'opportunities.write', 'calendars/events.write'],
  http: 'POST /locations/:locationId/records/:kind/:recordId/restore',
  input: Type.Object(
    { locationId: Id(), kind: Id('contacts, businesses, opportunities or appointments'), recordId: Id() },
    { additionalProperties: false },
  ),
  output: Type.Object({ id: Type.String(), restored: Type.Boolean() }),
  async run(ctx, { locationId, kind, recordId }) {
    const type = TYPES[kind]
    if (type === undefined) throw new AppError('not_found', { what: 'kind of record that comes back', id: kind })
    const shelf = await openShelf(ctx, type, 'write')
    const row = await findDeletedRecord(ctx.db, shelf.resource, locationId, recordId)
    if (row === null) throw new AppError('not_found', { what: `deleted ${shelf.resource.noun}`, id: recordId })
    const { id } = await restoreObject(ctx, shelf, row)
    return { id, restored: true }
  },
})
