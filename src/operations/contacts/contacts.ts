import { Type } from 'typebox'
import { readAgain } from '../../db/transaction.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { deleteRecord, getRecord, ownOf, settleRefs, updateRecord } from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { DONE, Done, doneFields, Id } from '../schemas.ts'
import { applyChanges, toChanges } from './documents.ts'
import { identityOf, leaveOut, refuseDuplicate, refuseMatch } from './duplicates.ts'
import { ensureTags } from './tags.ts'
import { createShort, lookAround, refuseNameless, storeContact, tagsOf, upsertContact, upsertShort } from './upsert.ts'
import { ContactAnswer, contactInput, toContact } from './wire.ts'

const { read, write } = contacts.scopes
const common = { category: 'Contacts', token: 'location' } as const
const path = { contactId: Id() }

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
      'Add a new contact to the system. One whose e-mail or phone, additional ones included, another contact has ' +
      'is refused, unless the location allows duplicates.',
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
    description:
      'Modify existing contact information. Tags are replaced as a whole; values of custom fields that the body ' +
      'does not name stay.',
    access: 'write',
    scope: write,
    http: 'PUT /contacts/:contactId',
    input: Type.Object({ ...path, ...contactInput }, { additionalProperties: false }),
    output: Type.Object({ ...doneFields, contact: ContactAnswer }),
    async run(ctx, { contactId, ...input }) {
      const { document } = await getRecord(ctx.db, contacts, ctx.locationId, contactId)
      const changes = await toChanges(ctx, input, document)
      const own = ownOf(identityOf(document))
      await refuseDuplicate(ctx, identityOf(leaveOut(changes, own)), contactId)
      await ensureTags(ctx, tagsOf(changes))
      const contact = await updateRecord(ctx.scope, contacts, contactId, (current) => {
        // Its own e-mails and phones were not asked for: they must still be its own.
        if (own.symmetricDifference(ownOf(identityOf(current.document))).size > 0) throw readAgain()
        return applyChanges(current.document, changes)
      })
      return { ...DONE, contact: toContact(contact, ctx.locationId) }
    },
  }),
  operation({
    ...common,
    name: 'contacts.delete',
    title: 'Delete Contact',
    description:
      'Remove a contact permanently, with all that is its own: tasks, notes, enrolments, opportunities, ' +
      'appointments, relations, conversation and files. Invoices stay, without it. What each was can be read from ' +
      'its history.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /contacts/:contactId',
    input: Type.Object(path, { additionalProperties: false }),
    output: Done(),
    async run(ctx, { contactId }) {
      await deleteRecord(ctx.scope, contacts, contactId)
      await settleRefs(ctx.scope, contacts.kind, [contactId])
      return DONE
    },
  }),
  operation({
    ...common,
    name: 'contacts.upsert',
    title: 'Upsert Contact',
    description:
      'Create or update contact automatically: the one with the same e-mail, else the one with the same phone, ' +
      'else one that has either among its additional ones.',
    access: 'write',
    scope: write,
    http: 'POST /contacts/upsert',
    input: Type.Object(
      { locationId: Id(), ...contactInput, createNewIfDuplicateAllowed: Type.Optional(Type.Boolean()) },
      { additionalProperties: false },
    ),
    output: Type.Object({ ...doneFields, new: Type.Boolean(), contact: ContactAnswer, traceId: Type.String() }),
    async run(ctx, { locationId, createNewIfDuplicateAllowed, ...input }) {
      refuseNameless(input)
      const { contact, isNew } = await upsertContact(ctx, input, { createDuplicate: createNewIfDuplicateAllowed })
      return { ...DONE, new: isNew, contact: toContact(contact, locationId), traceId: ctx.traceId }
    },
    async shortcut(ctx, { locationId, createNewIfDuplicateAllowed, ...input }) {
      refuseNameless(input)
      const short = createNewIfDuplicateAllowed ? null : await upsertShort(ctx, await toChanges(ctx, input))
      return (
        short && {
          answer: { ...DONE, new: short.isNew, contact: toContact(short.contact, locationId), traceId: ctx.traceId },
          take: short.take,
        }
      )
    },
  }),
]
