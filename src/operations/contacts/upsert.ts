import { together } from '../../db/session.ts'
import { invalid } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { trimmedName } from '../../store/natural-key.ts'
import {
  createRecord,
  lockIdentity,
  newRow,
  nextRow,
  type RecordDocument,
  type RecordRow,
  updateSeen,
} from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { applyChanges, BLANK, type ContactInput, toChanges } from './documents.ts'
import {
  allowsDuplicates,
  findMatches,
  identityOf,
  keepPrimary,
  leaveOut,
  type Match,
  writeUnlessKnown,
} from './duplicates.ts'
import { ensureTags, missingTags } from './tags.ts'

export const tagsOf = (changes: RecordDocument) => (changes.tags ?? []) as string[]

/**
 * What must be known before a contact is written, in one go: who else has its e-mails and phones, and the tags that are
 * not there yet.
 */
export async function lookAround(
  ctx: Context,
  changes: RecordDocument,
): Promise<{ matches: Match[]; missing: string[] }> {
  const identity = identityOf(changes)
  const [, matches, missing] = await together(ctx.tx, () => [
    lockIdentity(ctx.tx, ctx.locationId, identity),
    findMatches(ctx, identity),
    missingTags(ctx, tagsOf(changes)),
  ])
  return { matches, missing }
}

/** Stores a new contact and the tags it brings along. The caller has settled whether it may exist. */
export async function storeContact(
  ctx: Context,
  changes: RecordDocument,
  missing: readonly string[],
): Promise<RecordRow> {
  await ensureTags(ctx, tagsOf(changes), missing)
  return createRecord(ctx.scope, contacts, applyChanges(BLANK, changes))
}

/** An upsert that names neither e-mail nor phone could meet nobody, and would make another contact each time (422). */
export function refuseNameless({ email, phone, additionalEmails = [], additionalPhones = [] }: ContactInput): void {
  const given = [email, phone, additionalEmails, additionalPhones].flat()
  if (!given.some((one) => typeof one === 'string' && trimmedName(one) !== ''))
    throw invalid(['email or phone should not be empty: a contact is found by either'])
}

export interface Upserted {
  contact: RecordRow
  isNew: boolean
}

/** What most writes come to: worked out beforehand, and written in one trip if nothing stands in the way. */
interface Short extends Upserted {
  take(): Promise<boolean>
}

/** A new contact, where nobody is known by what is its own. */
export function createShort(ctx: Context, changes: RecordDocument): Short {
  const contact = newRow(ctx.author, contacts, { document: applyChanges(BLANK, changes) })
  return { contact, isNew: true, take: () => writeUnlessKnown(ctx, changes, null, contact) }
}

/** The same, or a change to the only one who is. Null: there is more to be settled. */
export async function upsertShort(ctx: Context, changes: RecordDocument): Promise<Short | null> {
  const [match, ...others] = await findMatches(ctx, identityOf(changes))
  if (match === undefined) return createShort(ctx, changes)
  const known = match.contact
  const contact =
    others.length > 0
      ? null
      : nextRow(ctx, contacts, known, applyChanges(known.document, keepPrimary(changes, known.document)))
  return contact && { contact, isNew: false, take: () => writeUnlessKnown(ctx, changes, known, contact) }
}

async function changeContact(
  ctx: Context,
  contact: RecordRow,
  changes: RecordDocument,
  missing: readonly string[],
): Promise<RecordRow> {
  await ensureTags(ctx, tagsOf(changes), missing)
  return updateSeen(ctx.scope, contacts, contact, ({ document }) => applyChanges(document, changes))
}

/**
 * Updates the contact with this e-mail, else the one with this phone, else makes one. Where they lead to several
 * contacts, the first of `findMatches` it is, and what the others have stays with them. `known` is a contact found by
 * other means.
 */
export async function upsertContact(
  ctx: Context,
  input: ContactInput,
  options: {
    createDuplicate?: boolean | undefined
    known?: RecordRow | undefined
    /** What a new contact has besides. */
    begins?: RecordDocument | undefined
  } = {},
): Promise<Upserted> {
  const changes = await toChanges(ctx, input)
  const { matches, missing } = await lookAround(ctx, changes)
  const chosen = options.known ?? matches[0]?.contact
  if (chosen === undefined || (options.createDuplicate && (await allowsDuplicates(ctx))))
    return { contact: await storeContact(ctx, { ...options.begins, ...changes }, missing), isNew: true }
  const others = matches.filter(({ contact }) => contact.id !== chosen.id)
  const taken =
    others.length === 0 || (await allowsDuplicates(ctx))
      ? new Set<string>()
      : new Set(others.flatMap(({ shared }) => [...shared]))
  return {
    contact: await changeContact(ctx, chosen, keepPrimary(leaveOut(changes, taken), chosen.document), missing),
    isNew: false,
  }
}
