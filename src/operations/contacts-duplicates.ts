import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { getLocation } from '../auth/locations.ts'
import { type Tx, texts } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { contacts } from '../resources/records/contacts.ts'
import { anyOf, type Condition, equals, fieldText } from '../store/record-conditions.ts'
import { listRecords, type RecordRow } from '../store/record-reads.ts'
import type { RecordDocument } from '../store/record-resource.ts'
import type { Context } from './define.ts'

/** What tells contacts apart. An empty e-mail or phone is nobody's. */
export interface Identity {
  email?: string | undefined
  phone?: string | undefined
}

export type MatchingField = 'email' | 'phone'

export interface Match {
  contact: RecordRow
  field: MatchingField
}

/** More than one match of an e-mail or phone exists only where duplicates are allowed; the oldest counts. */
const MOST = 20

export function identityOf({ email, phone }: RecordDocument): Identity {
  return { ...(typeof email === 'string' && email !== '' ? { email } : {}), ...(typeof phone === 'string' && phone !== '' ? { phone } : {}) }
}

export const hasEmail = (email: string): Condition => sql<boolean>`lower(${fieldText('email')}) = lower(${email}::text)`

/** Contacts with this e-mail or phone, e-mail first, then the oldest. One indexed statement. */
export async function findMatches(ctx: Context, { email, phone }: Identity, exceptId?: string): Promise<Match[]> {
  const conditions = [...(email === undefined ? [] : [hasEmail(email)]), ...(phone === undefined ? [] : [equals('phone', phone)])]
  if (conditions.length === 0) return []
  const rows = await listRecords(ctx.db, contacts, ctx.locationId, { where: anyOf(conditions), order: OLDEST, limit: MOST })
  const sameEmail = (row: RecordRow) => email !== undefined && String(row.document.email).toLowerCase() === email.toLowerCase()
  const matches = rows.filter(({ id }) => id !== exceptId).map((contact): Match => ({ contact, field: sameEmail(contact) ? 'email' : 'phone' }))
  return [...matches.filter(({ field }) => field === 'email'), ...matches.filter(({ field }) => field === 'phone')]
}

/** An expression, so that the planner does not walk the index by creation in search of a rare e-mail. */
const OLDEST = [{ key: sql`(created_at + interval '0')`, type: 'instant', descending: false, nullable: false }] as const

/**
 * Lets one writer at a time ask for and take an e-mail or phone, until its transaction ends: of two simultaneous requests
 * for one person the second finds what the first made.
 */
export async function lockIdentity(tx: Tx, locationId: string, { email, phone }: Identity): Promise<void> {
  const keys = [email?.toLowerCase(), phone].filter((value) => value !== undefined).map((value) => lockKey(`${locationId}/${value}`))
  if (keys.length > 0) await sql`select pg_advisory_xact_lock(key::bigint) from unnest(${texts(keys.sort())}) key`.execute(tx)
}

const lockKey = (text: string) => createHash('sha256').update(text).digest().readBigInt64BE().toString()

export async function allowsDuplicates(ctx: Context): Promise<boolean> {
  const { doc } = await getLocation(ctx.db, ctx.agencyId, ctx.locationId)
  return (doc.settings as { allowDuplicateContact?: boolean } | undefined)?.allowDuplicateContact === true
}

/** 400 with the other contact's id, unless the location allows duplicates. */
export async function refuseDuplicate(ctx: Context, identity: Identity, exceptId?: string): Promise<void> {
  await lockIdentity(ctx.tx, ctx.locationId, identity)
  const [match] = await findMatches(ctx, identity, exceptId)
  if (match === undefined || (await allowsDuplicates(ctx))) return
  throw new AppError('contact_duplicated', {}, { meta: { contactId: match.contact.id, matchingField: match.field } })
}
