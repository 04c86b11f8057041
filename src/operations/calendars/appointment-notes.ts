import { type Static, Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { appointmentNotes } from '../../resources/records/appointment-notes.ts'
import { appointments } from '../../resources/records/appointments.ts'
import { recurringAppointments } from '../../resources/records/recurring-appointments.ts'
import { users } from '../../resources/records/users.ts'
import { getEvent } from '../../scheduling/index.ts'
import {
  allOf,
  byCreation,
  createRecord,
  deleteRecord,
  getRecord,
  hasId,
  listRecords,
  type RecordRow,
  updateRecord,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { toUser, visible } from '../people/index.ts'
import { Id, Noun } from '../schemas.ts'
import { ofAppointment } from './events.ts'

const { read, write } = appointmentNotes.scopes
const locate = { kind: appointments.kind, others: [recurringAppointments.kind], param: 'appointmentId' }
const common = { category: 'Calendars & Appointments', token: 'either', locate } as const
const path = { appointmentId: Id() }
const body = { userId: Type.Optional(Id()), body: Type.String({ minLength: 1, maxLength: 5000 }) }
const Note = Noun('AppointmentNote', {
  id: Type.String(),
  body: Type.String(),
  userId: Type.Optional(Type.String()),
  dateAdded: Type.String(),
  contactId: Type.String(),
  createdBy: Type.Optional(Type.Object({ id: Type.String(), name: Type.Optional(Type.String()) })),
})

/** Notes in the order of the rows, each with the name of the user who wrote it. */
async function toNotes(ctx: Context, rows: readonly RecordRow[]): Promise<Static<typeof Note>[]> {
  const userIds = [...new Set(rows.map(({ document }) => document.userId).filter((id) => typeof id === 'string'))]
  const found =
    userIds.length === 0
      ? []
      : await listRecords(ctx.db, users, ctx.agencyId, { where: allOf([hasId(userIds), ...visible(ctx)]) })
  const names = new Map(found.map((row) => [row.id, toUser(ctx, row).name]))
  return rows.map(({ id, document, createdAt }) => {
    const { body: text, userId, contactId } = document as { body: string; userId?: string; contactId: string }
    const name = names.get(userId ?? '')
    const author =
      userId === undefined ? {} : { userId, createdBy: { id: userId, ...(name === undefined ? {} : { name }) } }
    return { id, body: text, ...author, dateAdded: createdAt.toISOString(), contactId }
  })
}

const toNote = async (ctx: Context, row: RecordRow) => ({ note: (await toNotes(ctx, [row]))[0] as Static<typeof Note> })

/** 404 where the note is another appointment's. */
async function checkNote(ctx: Context, appointmentId: string, noteId: string): Promise<void> {
  const { document } = await getRecord(ctx.db, appointmentNotes, ctx.locationId, noteId)
  if (document.appointmentId !== appointmentId)
    throw new AppError('not_found', { what: appointmentNotes.noun, id: noteId })
}

/** wire/highlevel/calendars.json: get-appointment-notes and its neighbours. */
export const appointmentNoteOperations = [
  operation({
    ...common,
    name: 'appointmentNotes.list',
    title: 'List Appointment Notes',
    description:
      'Get notes for appointments, the newest first: while others are added, `offset` repeats some and leaves out ' +
      'none.',
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/appointments/:appointmentId/notes',
    input: Type.Object(
      {
        ...path,
        limit: Type.Integer({ minimum: 1, maximum: 20 }),
        offset: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ notes: Type.Array(Note), hasMore: Type.Boolean() }),
    async run(ctx, { appointmentId, limit, offset }) {
      await getEvent(ctx, appointmentId)
      const where = ofAppointment(ctx, appointmentId)
      const rows = await listRecords(ctx.db, appointmentNotes, ctx.locationId, {
        where,
        order: [byCreation('desc')],
        skip: offset,
        limit: limit + 1,
      })
      return { notes: await toNotes(ctx, rows.slice(0, limit)), hasMore: rows.length > limit }
    },
  }),
  operation({
    ...common,
    name: 'appointmentNotes.create',
    title: 'Create Appointment Note',
    description: 'Add notes to appointments',
    access: 'write',
    scope: write,
    http: 'POST /calendars/appointments/:appointmentId/notes',
    status: 201,
    input: Type.Object({ ...path, ...body }, { additionalProperties: false }),
    output: Type.Object({ note: Note }),
    async run(ctx, { appointmentId, ...note }) {
      const { document } = await getEvent(ctx, appointmentId)
      return toNote(
        ctx,
        await createRecord(ctx.scope, appointmentNotes, { appointmentId, contactId: document.contactId, ...note }),
      )
    },
  }),
  operation({
    ...common,
    name: 'appointmentNotes.update',
    title: 'Update Appointment Note',
    description: 'Edit appointment notes',
    access: 'write',
    scope: write,
    http: 'PUT /calendars/appointments/:appointmentId/notes/:noteId',
    input: Type.Object({ ...path, noteId: Id(), ...body }, { additionalProperties: false }),
    output: Type.Object({ note: Note }),
    async run(ctx, { appointmentId, noteId, ...changes }) {
      await checkNote(ctx, appointmentId, noteId)
      return toNote(
        ctx,
        await updateRecord(ctx.scope, appointmentNotes, noteId, ({ document }) => ({ ...document, ...changes })),
      )
    },
  }),
  operation({
    ...common,
    name: 'appointmentNotes.delete',
    title: 'Delete Appointment Note',
    description: 'Remove appointment notes',
    access: 'destructive',
    scope: write,
    http: 'DELETE /calendars/appointments/:appointmentId/notes/:noteId',
    input: Type.Object({ ...path, noteId: Id() }, { additionalProperties: false }),
    output: Type.Object({ success: Type.Boolean() }),
    async run(ctx, { appointmentId, noteId }) {
      await checkNote(ctx, appointmentId, noteId)
      await deleteRecord(ctx.scope, appointmentNotes, noteId)
      return { success: true }
    },
  }),
]
