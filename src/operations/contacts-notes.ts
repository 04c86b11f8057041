import { Type } from 'typebox'
import { contacts } from '../resources/records/contacts.ts'
import { notes } from '../resources/records/notes.ts'
import { equals } from '../store/record-conditions.ts'
import { getRecord, listRecords, type RecordRow } from '../store/record-reads.ts'
import { createRecord, deleteRecord, updateRecord } from '../store/records.ts'
import { getChild, holdContact } from './contacts-children.ts'
import { operation } from './define.ts'
import { Id, Instant, Noun } from './schemas.ts'

const { read, write } = notes.scopes
const common = { category: 'Contacts', token: 'location' } as const
const { properties } = notes.schema
const path = { contactId: Id(), id: Id() }
const Note = Noun('Note', { id: Type.String(), ...properties, dateAdded: Instant() })
const answer = Type.Object({ note: Note })
const changeable = { userId: properties.userId, title: properties.title, color: properties.color, pinned: Type.Optional(Type.Boolean()) }

const toNote = ({ id, document, createdAt }: RecordRow) => ({ id, ...document, dateAdded: createdAt.toISOString() }) as never

/** wire/highlevel/contacts.json: get-all-notes and its four neighbours. */
export const contactNoteOperations = [
  operation({
    ...common,
    name: 'contacts.listNotes',
    title: 'Get Contact Notes',
    description: 'List all notes for a contact',
    access: 'read',
    scope: [read, write],
    http: 'GET /contacts/:contactId/notes',
    input: Type.Object({ contactId: Id() }, { additionalProperties: false }),
    output: Type.Object({ notes: Type.Array(Note) }),
    async run(ctx, { contactId }) {
      await getRecord(ctx.db, contacts, ctx.locationId, contactId)
      return { notes: (await listRecords(ctx.db, notes, ctx.locationId, { where: equals('contactId', contactId) })).map(toNote) }
    },
  }),
  operation({
    ...common,
    name: 'contacts.getNote',
    title: 'Get Contact Note by ID',
    description: 'Retrieve specific note details',
    access: 'read',
    scope: [read, write],
    http: 'GET /contacts/:contactId/notes/:id',
    input: Type.Object(path, { additionalProperties: false }),
    output: answer,
    async run(ctx, { contactId, id }) {
      return { note: toNote(await getChild(ctx, notes, contactId, id)) }
    },
  }),
  operation({
    ...common,
    name: 'contacts.createNote',
    title: 'Create Contact Note',
    description: 'Add notes to contact records',
    access: 'write',
    scope: write,
    http: 'POST /contacts/:contactId/notes',
    status: 201,
    input: Type.Object({ contactId: Id(), body: properties.body, ...changeable }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { contactId, ...rest }) {
      await holdContact(ctx, contactId)
      return { note: toNote(await createRecord(ctx.scope, notes, { contactId, pinned: false, ...rest })) }
    },
  }),
  operation({
    ...common,
    name: 'contacts.updateNote',
    title: 'Update Contact Note',
    description: 'Edit existing notes',
    access: 'write',
    scope: write,
    http: 'PUT /contacts/:contactId/notes/:id',
    input: Type.Object({ ...path, body: Type.Optional(properties.body), ...changeable }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { contactId, id, ...changes }) {
      await getChild(ctx, notes, contactId, id)
      return { note: toNote(await updateRecord(ctx.scope, notes, id, ({ document }) => ({ ...document, ...changes }))) }
    },
  }),
  operation({
    ...common,
    name: 'contacts.deleteNote',
    title: 'Delete Contact Note',
    description: 'Remove notes from contacts',
    access: 'destructive',
    scope: write,
    http: 'DELETE /contacts/:contactId/notes/:id',
    input: Type.Object(path, { additionalProperties: false }),
    // The misspelt word is the wire's: DeleteNoteSuccessfulResponseDto.
    output: Type.Object({ succeded: Type.Boolean() }),
    async run(ctx, { contactId, id }) {
      await getChild(ctx, notes, contactId, id)
      await deleteRecord(ctx.scope, notes, id)
      return { succeded: true }
    },
  }),
]
