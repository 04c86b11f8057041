import { AppError } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { findRecord, getRecord, holdRecord, type RecordKind, type RecordRow } from '../../store/records/index.ts'
import type { Context } from '../define.ts'

/** The contact that something new is to belong to: it stays until the call ends. 404 when it is not there. */
export async function holdContact(ctx: Context, contactId: string): Promise<RecordRow> {
  const row = await holdRecord(ctx.scope, contacts, contactId)
  if (row === null) throw new AppError('not_found', { what: contacts.noun, id: contactId })
  return row
}

/** A record that belongs to this contact. 404 when it is not there or belongs to another. */
export async function getChild(ctx: Context, resource: RecordKind, contactId: string, id: string): Promise<RecordRow> {
  const row = await findRecord(ctx.db, resource, ctx.locationId, id)
  if (row?.document.contactId === contactId) return row
  await getRecord(ctx.db, contacts, ctx.locationId, contactId)
  throw new AppError('not_found', { what: resource.noun, id })
}
