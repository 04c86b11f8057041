import { sql } from 'kysely'
import { getLocation } from '../../auth/locations.ts'
import { together } from '../../db/session.ts'
import { AppError } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { emailKey, naturalKey } from '../../store/natural-key.ts'
import {
  type Condition,
  emailsOf,
  fieldText,
  findByIdentity,
  type Identity,
  lockIdentity,
  lockNames,
  ownOf,
  phonesOf,
  type RecordDocument,
  type RecordRow,
  writeGathered,
} from '../../store/records/index.ts'
import type { Writing } from '../define.ts'

export type MatchingField = 'email' | 'phone'

export interface Match {
  contact: RecordRow
  field: MatchingField
  /** What both call their own. */
  shared: ReadonlySet<string>
}

/** More than one match of an e-mail or phone exists only where duplicates are allowed; the oldest counts. */
const MOST = 20

export function identityOf({ email, phone, additionalEmails, additionalPhones }: RecordDocument): Identity {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  const list = (values: unknown) =>
    Array.isArray(values) ? values.filter((value) => text(value) !== undefined) : undefined
  return {
    email: text(email),
    phone: text(phone),
    additionalEmails: list(additionalEmails),
    additionalPhones: list(additionalPhones),
  }
}

export const hasEmail = (email: string): Condition =>
  sql<boolean>`lower(${fieldText('email')}) = ${emailKey(email)}::text`

/**
 * Contacts with one of these e-mails or phones, in one indexed statement: first whose primary e-mail is the primary one
 * asked for, then the primary phone; then those where an e-mail, then a phone, is an additional one; among equals the
 * oldest.
 */
export async function findMatches(ctx: Writing, identity: Identity, exceptId?: string): Promise<Match[]> {
  const emails = emailsOf(identity)
  const phones = phonesOf(identity)
  if (emails.length + phones.length === 0) return []
  const rows = await findByIdentity(ctx.db, ctx.locationId, {
    emails,
    phones,
    email: identity.email,
    phone: identity.phone,
    most: MOST,
  })
  const matches = rows.filter(({ id }) => id !== exceptId).map((contact) => toMatch(contact, identity))
  return matches.sort((a, b) => a.rank - b.rank)
}

export function toMatch(contact: RecordRow, identity: Identity): Match & { rank: number } {
  const theirs = identityOf(contact.document)
  const shared = ownOf(identity).intersection(ownOf(theirs))
  if (identity.email !== undefined && theirs.email !== undefined && emailKey(theirs.email) === emailKey(identity.email))
    return { contact, shared, field: 'email', rank: 0 }
  if (identity.phone !== undefined && theirs.phone === identity.phone)
    return { contact, shared, field: 'phone', rank: 1 }
  const isEmail = emailsOf(identity).some((one) => shared.has(one))
  return { contact, shared, field: isEmail ? 'email' : 'phone', rank: isEmail ? 2 : 3 }
}

const isIn = (value: unknown, values: ReadonlySet<string>) =>
  typeof value === 'string' && (values.has(value) || values.has(emailKey(value)))

/** The fields without these e-mails and phones. */
export function leaveOut(fields: RecordDocument, values: ReadonlySet<string>): RecordDocument {
  const left = Object.entries(fields).filter(([name, value]) => !(PRIMARY.includes(name) && isIn(value, values)))
  const lists = ADDITIONAL.filter((name) => Array.isArray(fields[name]))
  return Object.assign(
    Object.fromEntries(left),
    ...lists.map((name) => ({ [name]: (fields[name] as unknown[]).filter((value) => !isIn(value, values)) })),
  )
}

const PRIMARY = ['email', 'phone']
const ADDITIONAL = ['additionalEmails', 'additionalPhones']

/** Who is found by an additional e-mail or phone goes by the primary one as before. */
export function keepPrimary(
  fields: RecordDocument,
  { email, phone, additionalEmails, additionalPhones }: RecordDocument,
): RecordDocument {
  const known = ownOf(identityOf({ additionalEmails, additionalPhones }))
  const stays = (name: string) => (name === 'email' && email !== undefined) || (name === 'phone' && phone !== undefined)
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => !(stays(name) && isIn(value, known))))
}

/**
 * Writes a contact (`before` null: a new one) unless somebody else has the e-mails or phones that its changes bring, a
 * tag of them is not there yet, or it was written meanwhile. False: nothing was written.
 */
export function writeUnlessKnown(
  ctx: Writing,
  changes: RecordDocument,
  before: RecordRow | null,
  after: RecordRow,
): Promise<boolean> {
  const identity = identityOf(changes)
  return writeGathered(ctx.db, ctx.locationId, {
    resource: contacts,
    author: ctx.author,
    nowMs: () => ctx.clock.nowMs(),
    before,
    after,
    emails: emailsOf(identity),
    phones: phonesOf(identity),
    tags: ((changes.tags ?? []) as string[]).map(naturalKey),
    locks: lockNames(ctx.locationId, identity),
  })
}

export async function allowsDuplicates(ctx: Writing): Promise<boolean> {
  const { doc } = ctx.known?.location ?? (await getLocation(ctx.db, ctx.agencyId, ctx.locationId))
  return (doc.settings as { allowDuplicateContact?: boolean } | undefined)?.allowDuplicateContact === true
}

/** 400 with the other contact's id, unless the location allows duplicates. */
export async function refuseDuplicate(ctx: Writing, identity: Identity, exceptId?: string): Promise<void> {
  const [, [match]] = await together(ctx.tx, () => [
    lockIdentity(ctx.tx, ctx.locationId, identity),
    findMatches(ctx, identity, exceptId),
  ])
  await refuseMatch(ctx, match)
}

/** The same, once the matches are known. */
export async function refuseMatch(ctx: Writing, match: Match | undefined): Promise<void> {
  if (match === undefined || (await allowsDuplicates(ctx))) return
  throw new AppError('contact_duplicated', {}, { meta: { contactId: match.contact.id, matchingField: match.field } })
}
