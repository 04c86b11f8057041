import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { tasks } from '../../resources/records/tasks.ts'
import { loadTimeZone } from '../../scheduling/index.ts'
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
import { type Context, operation } from '../define.ts'
import { readMoment } from '../moments.ts'
import { ofThisWire } from '../other-wire.ts'
import { refuseStrangers } from '../people/index.ts'
import { DONE, Done, Id, Noun, orNull } from '../schemas.ts'
import { getChild, holdContact } from './children.ts'

const { read, write } = tasks.scopes
const common = { category: 'Contacts', token: 'location' } as const
const properties = ofThisWire(tasks.schema.properties)
const path = { contactId: Id(), taskId: Id() }
const DueDate = () => Type.String({ maxLength: 40, examples: ['2026-10-25T11:00:00Z'], description: 'ISO 8601.' })
const Task = Noun('Task', { id: Type.String(), ...properties, contactId: Type.String() })
const answer = Type.Object({ task: Task })

const toTask = ({ id, document }: RecordRow) => ({ id, ...ofThisWire(document) }) as never

/** Stored in UTC, as answers show it; one that says no offset is meant in the location's zone. */
async function toInstant(ctx: Context, name: string, text: string): Promise<string> {
  const moment = readMoment(text, await loadTimeZone(ctx))
  if (moment === null) throw invalid([`${name} must be a valid ISO 8601 date string`])
  return moment.at.toISOString()
}

/** wire/highlevel/contacts.json: get-all-tasks and its five neighbours. */
export const contactTaskOperations = [
  operation({
    ...common,
    name: 'contacts.listTasks',
    title: 'Get Contact Tasks',
    description: 'Retrieve all tasks for a contact',
    access: 'read',
    scope: [read, write],
    http: 'GET /contacts/:contactId/tasks',
    input: Type.Object(
      {
        contactId: Id(),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default all.' })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ tasks: Type.Array(Task) }),
    async run(ctx, { contactId, limit }) {
      await getRecord(ctx.db, contacts, ctx.locationId, contactId)
      const where = equals('contactId', contactId)
      const rows = await listRecords(ctx.db, tasks, ctx.locationId, { where, limit })
      return { tasks: rows.map(toTask) }
    },
  }),
  operation({
    ...common,
    name: 'contacts.getTask',
    title: 'Get Contact Task by ID',
    description: 'Get specific task details',
    access: 'read',
    scope: [read, write],
    http: 'GET /contacts/:contactId/tasks/:taskId',
    input: Type.Object(path, { additionalProperties: false }),
    output: answer,
    async run(ctx, { contactId, taskId }) {
      return { task: toTask(await getChild(ctx, tasks, contactId, taskId)) }
    },
  }),
  operation({
    ...common,
    name: 'contacts.createTask',
    title: 'Create Contact Task',
    description: 'Add a new task for a contact',
    access: 'write',
    scope: write,
    http: 'POST /contacts/:contactId/tasks',
    status: 201,
    input: Type.Object(
      {
        contactId: Id(),
        title: Type.String({ minLength: 1, maxLength: 500 }),
        body: properties.body,
        dueDate: DueDate(),
        completed: Type.Boolean(),
        assignedTo: properties.assignedTo,
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { contactId, dueDate, ...rest }) {
      await holdContact(ctx, contactId)
      await refuseStrangers(ctx, 'assignedTo', rest.assignedTo)
      const due = await toInstant(ctx, 'dueDate', dueDate)
      return { task: toTask(await createRecord(ctx.scope, tasks, { contactId, ...rest, dueDate: due })) }
    },
  }),
  operation({
    ...common,
    name: 'contacts.updateTask',
    title: 'Update Contact Task',
    description: 'Modify existing task details',
    access: 'write',
    scope: write,
    http: 'PUT /contacts/:contactId/tasks/:taskId',
    input: Type.Object(
      {
        ...path,
        title: Type.Optional(orNull(Type.String({ minLength: 1, maxLength: 500 }))),
        body: Type.Optional(orNull(Type.String({ maxLength: 20_000 }))),
        dueDate: Type.Optional(orNull(DueDate())),
        completed: Type.Optional(Type.Boolean()),
        assignedTo: Type.Optional(orNull(Type.String({ maxLength: 64 }))),
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { contactId, taskId, dueDate, ...rest }) {
      const { document: current } = await getChild(ctx, tasks, contactId, taskId)
      await refuseStrangers(ctx, 'assignedTo', rest.assignedTo, current.assignedTo)
      // Null stands for a field that a form left empty: what a task cannot be without stays, the rest goes.
      const { title, ...optional } = rest
      const changes = {
        ...optional,
        ...(title == null ? {} : { title }),
        ...(dueDate == null ? {} : { dueDate: await toInstant(ctx, 'dueDate', dueDate) }),
      }
      return {
        task: toTask(await updateRecord(ctx.scope, tasks, taskId, ({ document }) => ({ ...document, ...changes }))),
      }
    },
  }),
  operation({
    ...common,
    name: 'contacts.completeTask',
    title: 'Complete Contact Task',
    description: 'Mark task as complete',
    access: 'write',
    scope: write,
    http: 'PUT /contacts/:contactId/tasks/:taskId/completed',
    input: Type.Object({ ...path, completed: Type.Boolean() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { contactId, taskId, completed }) {
      await getChild(ctx, tasks, contactId, taskId)
      return {
        task: toTask(await updateRecord(ctx.scope, tasks, taskId, ({ document }) => ({ ...document, completed }))),
      }
    },
  }),
  operation({
    ...common,
    name: 'contacts.deleteTask',
    title: 'Delete Contact Task',
    description: 'Remove a task permanently',
    access: 'destructive',
    scope: write,
    http: 'DELETE /contacts/:contactId/tasks/:taskId',
    input: Type.Object(path, { additionalProperties: false }),
    output: Done(),
    async run(ctx, { contactId, taskId }) {
      await getChild(ctx, tasks, contactId, taskId)
      await deleteRecord(ctx.scope, tasks, taskId)
      await settleRefs(ctx.scope, tasks.kind, [taskId])
      return DONE
    },
  }),
]
