import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { RuleOptions, recurringTasks } from '../../resources/records/recurring-tasks.ts'
import { awaitNext, loadTimeZone, makeTasks, nextOccurrence, type RecurringTask } from '../../scheduling/index.ts'
import {
  createRecord,
  deleteRecord,
  getRecord,
  missingRecords,
  type RecordResource,
  type RecordRow,
  updateRecord,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { readMoment } from '../moments.ts'
import { faultsOfPeople } from '../people/index.ts'
import { Id, Noun } from '../schemas.ts'

const resource = recurringTasks as unknown as RecordResource
const { read, write } = recurringTasks.scopes
const common = { category: 'Contacts', token: 'either' } as const
const path = { locationId: Id(), id: Id() }
const Title = () => Type.String({ minLength: 1, maxLength: 500 })
const Rule = () => ({
  ...RuleOptions(),
  examples: [{ intervalType: 'daily', interval: 1, startDate: '2026-10-25T11:00:00Z', dueAfterSeconds: 600 }],
})
const details = {
  description: Type.Optional(Type.String({ maxLength: 20_000 })),
  contactIds: Type.Optional(Type.Array(Id(), { maxItems: 50 })),
  owners: Type.Optional(Type.Array(Id(), { maxItems: 10 })),
  ignoreTaskCreation: Type.Optional(
    Type.Boolean({ description: 'True: none is made now, though the rule has begun.' }),
  ),
}
const answer = Type.Object({
  recurringTask: Noun('RecurringTask', {
    id: Type.String(),
    locationId: Type.String(),
    ...recurringTasks.schema.properties,
    contactId: Type.Optional(Type.String()),
    assignedTo: Type.Optional(Type.String()),
    deleted: Type.Boolean(),
    createdAt: Type.String(),
    updatedAt: Type.String(),
  }),
})

/** The wire names one contact and one owner; all of them stand beside. */
function show({ id, document, createdAt, updatedAt }: RecordRow, locationId: string): never {
  const { contactIds, owners } = document as never as RecurringTask
  const recurringTask = {
    id,
    locationId,
    ...document,
    ...(contactIds[0] === undefined ? {} : { contactId: contactIds[0] }),
    ...(owners[0] === undefined ? {} : { assignedTo: owners[0] }),
    deleted: false,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
  return { recurringTask } as never
}

type Wanted = Partial<Pick<RecurringTask, 'contactIds' | 'owners' | 'rruleOptions'>>

/** What it names must be there, and its days must be days. Moments are stored in UTC. */
async function checked<W extends Wanted>(ctx: Context, wanted: W, owners: readonly string[] = []): Promise<W> {
  const faults: string[] = []
  for (const id of await missingRecords(ctx.db, contacts, ctx.locationId, wanted.contactIds ?? []))
    faults.push(`contactIds: there is no contact ${id} in this location`)
  faults.push(...(await faultsOfPeople(ctx, 'owners', wanted.owners, owners)))
  const rule = wanted.rruleOptions
  if (rule?.dayOfMonth === 0) faults.push('rruleOptions.dayOfMonth must not be 0')
  const zone = rule === undefined ? 'UTC' : await loadTimeZone(ctx)
  const instant = (name: 'startDate' | 'endDate') => {
    const text = rule?.[name]
    if (text === undefined) return {}
    const moment = readMoment(text, zone)
    if (moment !== null) return { [name]: moment.at.toISOString() }
    faults.push(`rruleOptions.${name} must be a valid ISO 8601 date string`)
    return {}
  }
  const moments = { ...instant('startDate'), ...instant('endDate') }
  if (faults.length > 0) throw invalid(faults)
  return rule === undefined ? wanted : { ...wanted, rruleOptions: { ...rule, ...moments } }
}

/** When it is next due to make tasks, strictly after now. */
async function nextOf(ctx: Context, rule: RecurringTask['rruleOptions']): Promise<{ nextAt: string | null }> {
  const next = nextOccurrence(rule, ctx.author.atMs, await loadTimeZone(ctx))
  return { nextAt: next === null ? null : new Date(next).toISOString() }
}

/** wire/highlevel/locations.json: create-recurring-task and its three neighbours. */
export const recurringTaskOperations = [
  operation({
    ...common,
    name: 'recurringTasks.create',
    title: 'Create Recurring Task',
    description: 'Makes tasks whenever the rule says; the first at once where the rule has begun.',
    access: 'write',
    scope: write,
    http: 'POST /locations/:locationId/recurring-tasks',
    status: 201,
    input: Type.Object(
      { locationId: Id(), title: Title(), ...details, rruleOptions: Rule() },
      { additionalProperties: false },
    ),
    output: answer,
    async run(
      ctx,
      { locationId, ignoreTaskCreation = false, description = '', contactIds = [], owners = [], ...rest },
    ) {
      const wanted = await checked(ctx, { ...rest, description, contactIds, owners })
      const begins = !ignoreTaskCreation && Date.parse(wanted.rruleOptions.startDate) <= ctx.author.atMs
      const next = await nextOf(ctx, wanted.rruleOptions)
      const row = await createRecord(ctx.scope, resource, { ...wanted, ...next, totalOccurrence: begins ? 1 : 0 })
      if (begins) await makeTasks(ctx.scope, row.id, row.document as never, ctx.author.atMs)
      await awaitNext(ctx.scope, row.id, next.nextAt ?? undefined)
      return show(row, locationId)
    },
  }),
  operation({
    ...common,
    name: 'recurringTasks.get',
    title: 'Get Recurring Task By Id',
    access: 'read',
    scope: [read, write],
    http: 'GET /locations/:locationId/recurring-tasks/:id',
    input: Type.Object(path, { additionalProperties: false }),
    output: answer,
    async run(ctx, { locationId, id }) {
      return show(await getRecord(ctx.db, resource, locationId, id), locationId)
    },
  }),
  operation({
    ...common,
    name: 'recurringTasks.update',
    title: 'Update Recurring Task',
    description: 'Replaces what the body names. Tasks that were made stay as they are.',
    access: 'write',
    scope: write,
    http: 'PUT /locations/:locationId/recurring-tasks/:id',
    input: Type.Object(
      { ...path, title: Type.Optional(Title()), ...details, rruleOptions: Type.Optional(Rule()) },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, id, ignoreTaskCreation: _, ...rest }) {
      const { document: current } = await getRecord(ctx.db, resource, locationId, id)
      const wanted = await checked(ctx, rest, (current as never as RecurringTask).owners)
      const next = wanted.rruleOptions === undefined ? {} : await nextOf(ctx, wanted.rruleOptions)
      const row = await updateRecord(ctx.scope, resource, id, ({ document }) => ({ ...document, ...wanted, ...next }))
      await awaitNext(ctx.scope, id, row.document.nextAt as string | undefined)
      return show(row, locationId)
    },
  }),
  operation({
    ...common,
    name: 'recurringTasks.delete',
    title: 'Delete Recurring Task',
    description: 'Ends it. Tasks that were made stay.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /locations/:locationId/recurring-tasks/:id',
    input: Type.Object(path, { additionalProperties: false }),
    output: Type.Object({ id: Type.String(), success: Type.Boolean() }),
    async run(ctx, { id }) {
      await deleteRecord(ctx.scope, resource, id)
      return { id, success: true }
    },
  }),
]
