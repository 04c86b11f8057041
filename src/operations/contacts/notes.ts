import { Type } from 'typebox'
import { contacts } from '../../resources/records/contacts.ts'
import { notes } from '../../resources/records/notes.ts'
import {
  createRecord,
  deleteRecord,
  equals,
  getRecord,
  listRecords,
  type RecordRow,
  settleRefs,
  updateRecord,
} from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { ofThisWire } from '../other-wire.ts'
import { DONE, Done, Id, Instant, Noun } from '../schemas.ts'
import { getChild, holdContact } from './children.ts'

const { read, write } = notes.scopes
const common = { category: 'Contacts', token: 'location' } as const
const properties = ofThisWire(notes.schema.properties)
const path = { contactId: Id(), id: Id() }
const Note = Noun('Note', {
  id: Type.String(),
  ...properties,
  userId: Type.Union([Type.String(), Type.Null()]),
  bodyText: Type.String({ description: 'The body without its markup.' }),
  relations: Type.Array(Type.Unknown()),
  dateAdded: Instant(),
})
const answer = Type.Object({ note: Note })
const changeable = {
  // Nobody, as a note without an author is shown.
  userId: Type.Optional(Type.Union([Id(), Type.Null()])),
  title: properties.title,
  color: properties.color,
  pinned: Type.Optional(Type.Boolean()),
}

const toNote = ({ id, document, createdAt }: RecordRow) =>
  ({
    id,
    userId: null,
    ...ofThisWire(document),
    bodyText: withoutMarkup(String(document.body)),
    relations: [],
    dateAdded: createdAt.toISOString(),
  }) as never

const withoutMarkup = (text: string) => text.replace(/<[^<>]*>/g, '').trim()

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
      return {
        notes: (await listRecords(ctx.db, notes, ctx.locationId, { where: equals('contactId', contactId) })).map(
          toNote,
        ),
      }
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
    input: Type.Object(
      { ...path, body: Type.Optional(properties.body), ...changeable },
      { additionalProperties: false },
    ),
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
    output: Done(),
    async run(ctx, { contactId, id }) {
      await getChild(ctx, notes, contactId, id)
      await deleteRecord(ctx.scope, notes, id)
      await settleRefs(ctx.scope, notes.kind, [id])
      return DONE
    },
  }),
]
