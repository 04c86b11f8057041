import { AppError } from '../errors.ts'
import { contacts } from '../resources/records/contacts.ts'
import { findRecord, getRecord, type RecordRow } from '../store/record-reads.ts'
import type { RecordKind } from '../store/record-resource.ts'
import type { Context } from './define.ts'

/** A record that belongs to this contact. 404 when it is not there or belongs to another. */
export async function getChild(ctx: Context, resource: RecordKind, contactId: string, id: string): Promise<RecordRow> {
  const row = await findRecord(ctx.db, resource, ctx.locationId, id)
  if (row?.document.contactId === contactId) return row
  await getRecord(ctx.db, contacts, ctx.locationId, contactId)
  throw new AppError('not_found', { what: resource.noun, id })
}
