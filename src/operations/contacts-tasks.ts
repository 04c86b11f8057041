import { Type } from 'typebox'
import { invalid } from '../errors.ts'
import { contacts } from '../resources/records/contacts.ts'
import { tasks } from '../resources/records/tasks.ts'
import { equals } from '../store/record-conditions.ts'
import { getRecord, listRecords, type RecordRow } from '../store/record-reads.ts'
import { createRecord, deleteRecord, updateRecord } from '../store/records.ts'
import { getChild, holdContact } from './contacts-children.ts'
import { operation } from './define.ts'
import { Id, Noun } from './schemas.ts'

const { read, write } = tasks.scopes
const common = { category: 'Contacts', token: 'location' } as const
const { properties } = tasks.schema
const path = { contactId: Id(), taskId: Id() }
const DueDate = () => Type.String({ maxLength: 40, examples: ['2026-10-25T11:00:00Z'], description: 'ISO 8601.' })
const Task = Noun('Task', { id: Type.String(), ...properties })
const answer = Type.Object({ task: Task })

const toTask = ({ id, document }: RecordRow) => ({ id, ...document }) as never

/** Stored in UTC, as answers show it. */
function toInstant(name: string, text: string): string {
  const date = new Date(text)
  if (Number.isNaN(date.getTime()) || Math.abs(date.getUTCFullYear()) > 9999) throw invalid([`${name} must be a valid ISO 8601 date string`])
  return date.toISOString()
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
    input: Type.Object({ contactId: Id() }, { additionalProperties: false }),
    output: Type.Object({ tasks: Type.Array(Task) }),
    async run(ctx, { contactId }) {
      await getRecord(ctx.db, contacts, ctx.locationId, contactId)
      return { tasks: (await listRecords(ctx.db, tasks, ctx.locationId, { where: equals('contactId', contactId) })).map(toTask) }
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
      return { task: toTask(await createRecord(ctx.scope, tasks, { contactId, ...rest, dueDate: toInstant('dueDate', dueDate) })) }
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
        title: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
        body: properties.body,
        dueDate: Type.Optional(DueDate()),
        completed: Type.Optional(Type.Boolean()),
        assignedTo: properties.assignedTo,
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { contactId, taskId, dueDate, ...rest }) {
      await getChild(ctx, tasks, contactId, taskId)
      const changes = { ...rest, ...(dueDate === undefined ? {} : { dueDate: toInstant('dueDate', dueDate) }) }
      return { task: toTask(await updateRecord(ctx.scope, tasks, taskId, ({ document }) => ({ ...document, ...changes }))) }
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
      return { task: toTask(await updateRecord(ctx.scope, tasks, taskId, ({ document }) => ({ ...document, completed }))) }
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
    // The misspelt word is the wire's: DeleteTaskSuccessfulResponseDto.
    output: Type.Object({ succeded: Type.Boolean() }),
    async run(ctx, { contactId, taskId }) {
      await getChild(ctx, tasks, contactId, taskId)
      await deleteRecord(ctx.scope, tasks, taskId)
      return { succeded: true }
    },
  }),
]
