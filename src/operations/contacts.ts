import { Type } from 'typebox'
import { together } from '../db/session.ts'
import { readAgain } from '../db/transaction.ts'
import { contacts } from '../resources/records/contacts.ts'
import { getRecord, type RecordRow } from '../store/record-reads.ts'
import { settleRefs } from '../store/record-removal.ts'
import type { RecordDocument } from '../store/record-resource.ts'
import { newRow, nextRow } from '../store/record-rows.ts'
import { createRecord, deleteRecord, updateRecord, updateSeen } from '../store/records.ts'
import { applyChanges, BLANK, type ContactInput, toChanges } from './contacts-documents.ts'
import {
  allowsDuplicates,
  findMatches,
  identityOf,
  keepPrimary,
  leaveOut,
  lockIdentity,
  type Match,
  ownOf,
  refuseDuplicate,
  refuseMatch,
  writeUnlessKnown,
} from './contacts-duplicates.ts'
import { ensureTags, missingTags } from './contacts-tags.ts'
import { ContactAnswer, contactInput, toContact } from './contacts-wire.ts'
import { type Context, operation } from './define.ts'
import { Id } from './schemas.ts'

const { read, write } = contacts.scopes
const common = { category: 'Contacts', token: 'location' } as const
const path = { contactId: Id() }

const tagsOf = (changes: RecordDocument) => (changes.tags ?? []) as string[]

/** What must be known before a contact is written, in one go: who else has its e-mails and phones, and the tags that are not there yet. */
async function lookAround(ctx: Context, changes: RecordDocument): Promise<{ matches: Match[]; missing: string[] }> {
  const identity = identityOf(changes)
  const [, matches, missing] = await together(ctx.tx, () => [
    lockIdentity(ctx.tx, ctx.locationId, identity),
    findMatches(ctx, identity),
    missingTags(ctx, tagsOf(changes)),
  ])
  return { matches, missing }
}

/** Stores a new contact and the tags it brings along. The caller has settled whether it may exist. */
async function storeContact(ctx: Context, changes: RecordDocument, missing: readonly string[]): Promise<RecordRow> {
  await ensureTags(ctx, tagsOf(changes), missing)
  return createRecord(ctx.scope, contacts, applyChanges(BLANK, changes))
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
function createShort(ctx: Context, changes: RecordDocument): Short {
  const contact = newRow(ctx.author, contacts, { document: applyChanges(BLANK, changes) })
  return { contact, isNew: true, take: () => writeUnlessKnown(ctx, changes, null, contact) }
}

/** The same, or a change to the only one who is. Null: there is more to be settled. */
async function upsertShort(ctx: Context, changes: RecordDocument): Promise<Short | null> {
  const [match, ...others] = await findMatches(ctx, identityOf(changes))
  if (match === undefined) return createShort(ctx, changes)
  const known = match.contact
  const contact = others.length > 0 ? null : nextRow(ctx, contacts, known, applyChanges(known.document, keepPrimary(changes, known.document)))
  return contact && { contact, isNew: false, take: () => writeUnlessKnown(ctx, changes, known, contact) }
}

async function changeContact(ctx: Context, contact: RecordRow, changes: RecordDocument, missing: readonly string[]): Promise<RecordRow> {
  await ensureTags(ctx, tagsOf(changes), missing)
  return updateSeen(ctx.scope, contacts, contact, ({ document }) => applyChanges(document, changes))
}

/**
 * Updates the contact with this e-mail, else the one with this phone, else makes one. Where they lead to several contacts, the
 * first of `findMatches` it is, and what the others have stays with them. `known` is a contact found by other means.
 */
export async function upsertContact(
  ctx: Context,
  input: ContactInput,
  options: { createDuplicate?: boolean | undefined; known?: RecordRow | undefined } = {},
): Promise<Upserted> {
  const changes = await toChanges(ctx, input)
  const { matches, missing } = await lookAround(ctx, changes)
  const chosen = options.known ?? matches[0]?.contact
  if (chosen === undefined || (options.createDuplicate && (await allowsDuplicates(ctx))))
    return { contact: await storeContact(ctx, changes, missing), isNew: true }
  const others = matches.filter(({ contact }) => contact.id !== chosen.id)
  const taken = others.length === 0 || (await allowsDuplicates(ctx)) ? new Set<string>() : new Set(others.flatMap(({ shared }) => [...shared]))
  return { contact: await changeContact(ctx, chosen, keepPrimary(leaveOut(changes, taken), chosen.document), missing), isNew: false }
}

/** wire/highlevel/contacts.json: the contact itself. */
export const contactCrudOperations = [
  operation({
    ...common,
    name: 'contacts.get',
    title: 'Get Contact',
    description: 'Retrieve a specific contact by ID',
    access: 'read',
    scope: [read, write],
    http: 'GET /contacts/:contactId',
    input: Type.Object(path, { additionalProperties: false }),
    output: Type.Object({ contact: ContactAnswer }),
    async run(ctx, { contactId }) {
      return { contact: toContact(await getRecord(ctx.db, contacts, ctx.locationId, contactId), ctx.locationId) }
    },
  }),
  operation({
    ...common,
    name: 'contacts.create',
    title: 'Create Contact',
    description:
      'Add a new contact to the system. One whose e-mail or phone, additional ones included, another contact has is refused, unless the location allows duplicates.',
    access: 'write',
    scope: write,
    http: 'POST /contacts/',
    status: 201,
    input: Type.Object({ locationId: Id(), ...contactInput }, { additionalProperties: false }),
    output: Type.Object({ contact: ContactAnswer, traceId: Type.String() }),
    async run(ctx, { locationId, ...input }) {
      const changes = await toChanges(ctx, input)
      const { matches, missing } = await lookAround(ctx, changes)
      await refuseMatch(ctx, matches[0])
      return { contact: toContact(await storeContact(ctx, changes, missing), locationId), traceId: ctx.traceId }
    },
    async shortcut(ctx, { locationId, ...input }) {
      const { contact, take } = createShort(ctx, await toChanges(ctx, input))
      return { answer: { contact: toContact(contact, locationId), traceId: ctx.traceId }, take }
    },
  }),
  operation({
    ...common,
    name: 'contacts.update',
    title: 'Update Contact',
    description: 'Modify existing contact information. Tags are replaced as a whole; values of custom fields that the body does not name stay.',
    access: 'write',
    scope: write,
    http: 'PUT /contacts/:contactId',
    input: Type.Object({ ...path, ...contactInput }, { additionalProperties: false }),
    // The misspelt word is the wire's: UpdateContactsSuccessfulResponseDto.
    output: Type.Object({ succeded: Type.Boolean(), contact: ContactAnswer }),
    async run(ctx, { contactId, ...input }) {
      const { document } = await getRecord(ctx.db, contacts, ctx.locationId, contactId)
      const changes = await toChanges(ctx, input)
      const own = ownOf(identityOf(document))
      await refuseDuplicate(ctx, identityOf(leaveOut(changes, own)), contactId)
      await ensureTags(ctx, tagsOf(changes))
      const contact = await updateRecord(ctx.scope, contacts, contactId, (current) => {
        // Its own e-mails and phones were not asked for: they must still be its own.
        if (own.symmetricDifference(ownOf(identityOf(current.document))).size > 0) throw readAgain()
        return applyChanges(current.document, changes)
      })
      return { succeded: true, contact: toContact(contact, ctx.locationId) }
    },
  }),
  operation({
    ...common,
    name: 'contacts.delete',
    title: 'Delete Contact',
    description:
      'Remove a contact permanently, with all that is its own: tasks, notes, enrolments, opportunities, appointments, relations, conversation and files. Invoices stay, without it. What each was can be read from its history.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /contacts/:contactId',
    input: Type.Object(path, { additionalProperties: false }),
    output: Type.Object({ succeded: Type.Boolean() }),
    async run(ctx, { contactId }) {
      await deleteRecord(ctx.scope, contacts, contactId)
      await settleRefs(ctx.scope, contacts.kind, [contactId])
      return { succeded: true }
    },
  }),
  operation({
    ...common,
    name: 'contacts.upsert',
    title: 'Upsert Contact',
    description:
      'Create or update contact automatically: the one with the same e-mail, else the one with the same phone, else one that has either among its additional ones.',
    access: 'write',
    scope: write,
    http: 'POST /contacts/upsert',
    input: Type.Object({ locationId: Id(), ...contactInput, createNewIfDuplicateAllowed: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
    output: Type.Object({ new: Type.Boolean(), contact: ContactAnswer, traceId: Type.String() }),
    async run(ctx, { locationId, createNewIfDuplicateAllowed, ...input }) {
      const { contact, isNew } = await upsertContact(ctx, input, { createDuplicate: createNewIfDuplicateAllowed })
      return { new: isNew, contact: toContact(contact, locationId), traceId: ctx.traceId }
    },
    async shortcut(ctx, { locationId, createNewIfDuplicateAllowed, ...input }) {
      const short = createNewIfDuplicateAllowed ? null : await upsertShort(ctx, await toChanges(ctx, input))
      return short && { answer: { new: short.isNew, contact: toContact(short.contact, locationId), traceId: ctx.traceId }, take: short.take }
    },
  }),
]
