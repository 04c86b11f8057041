import { Type } from 'typebox'
import { EMAIL_STATES, emailSchedules, LETTER, SCHEDULE_STATES } from '../../resources/records/email-schedules.ts'
import {
  allOf,
  byCreation,
  type Condition,
  createRecord,
  deleteRecord,
  equals,
  getRecord,
  hasTerm,
  matchesWords,
  pageRecords,
  type RecordRow,
  settleRefs,
  updateRecord,
} from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { Id, Limit, Noun, Skip } from '../schemas.ts'

const { read, write } = emailSchedules.scopes
const common = { category: 'E-mail Templates', token: 'either' } as const
const { schedule: _, ...all } = emailSchedules.schema.properties
const properties = Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(LETTER, name))) as Omit<
  typeof all,
  keyof typeof LETTER
>
const Flag = () => Type.Optional(Type.Boolean())

/** wire/highlevel/emails.json: ScheduleDto. */
const Schedule = Noun('EmailSchedule', {
  id: Type.String(),
  _id: Type.String(),
  locationId: Type.String(),
  ...properties,
  parentId: Type.String(),
  templateId: Type.String(),
  templateType: Type.String(),
  repeatAfter: Type.String(),
  childCount: Type.Integer(),
  child: Type.Array(Type.String()),
  bulkActionVersion: Type.String(),
  deleted: Type.Boolean(),
  migrated: Type.Boolean(),
  documentId: Type.String(),
  downloadUrl: Type.String(),
  templateDataDownloadUrl: Type.String(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  __v: Type.Integer(),
})
const answer = Type.Object({ emailSchedule: Schedule })

const toSchedule = ({ id, document, createdAt, updatedAt }: RecordRow, locationId: string) =>
  ({
    parentId: '',
    templateId: '',
    templateType: '',
    repeatAfter: '',
    ...document,
    id,
    _id: id,
    locationId,
    childCount: 0,
    child: [],
    bulkActionVersion: 'v1',
    deleted: false,
    migrated: true,
    documentId: id,
    downloadUrl: '',
    templateDataDownloadUrl: '',
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    __v: 0,
  }) as never

const changeable = {
  status: Type.Optional(Type.Enum([...SCHEDULE_STATES])),
  emailStatus: Type.Optional(Type.Enum([...EMAIL_STATES])),
  parentId: properties.parentId,
  templateId: properties.templateId,
  templateType: properties.templateType,
  repeatAfter: properties.repeatAfter,
  sendDays: Type.Optional(properties.sendDays),
  archived: Flag(),
  hasTracking: Flag(),
  isPlainText: Flag(),
  hasUtmTracking: Flag(),
  enableResendToUnopened: Flag(),
}
export const STANDARD = {
  status: 'draft',
  emailStatus: 'not-started',
  campaignType: 'email',
  sendDays: [],
  archived: false,
  hasTracking: false,
  isPlainText: false,
  hasUtmTracking: false,
  enableResendToUnopened: false,
}

/** wire/highlevel/emails.json: fetch-campaigns. The specification only reads them; the writes are ours. */
export const emailScheduleOperations = [
  operation({
    ...common,
    name: 'emailSchedules.list',
    title: 'Get Campaigns',
    description: 'E-mail campaigns, newest first: by default the active ones that are not archived.',
    access: 'read',
    scope: [read, write],
    http: 'GET /emails/schedule',
    input: Type.Object(
      {
        locationId: Id(),
        limit: Limit(10, 100),
        offset: Skip(),
        status: Type.Optional(Type.Enum([...SCHEDULE_STATES], { description: 'Default active.' })),
        emailStatus: Type.Optional(Type.Enum(['all', ...EMAIL_STATES], { description: 'Default all.' })),
        name: Type.Optional(Type.String({ maxLength: 300, description: 'Words of the name.' })),
        parentId: Type.Optional(Id('A folder.')),
        archived: Type.Optional(Type.Boolean({ description: 'Default false.' })),
        campaignsOnly: Type.Optional(Type.Boolean({ description: 'True: no folders.' })),
        limitedFields: Type.Optional(Type.Boolean({ description: 'Accepted: they are all told.' })),
        showStats: Type.Optional(Type.Boolean({ description: 'Accepted: none are kept.' })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ schedules: Type.Array(Schedule), total: Type.Integer(), traceId: Type.String() }),
    async run(ctx, { locationId, limit = 10, offset, name = '', ...filter }) {
      const { status = 'active', emailStatus = 'all', parentId, archived = false, campaignsOnly = false } = filter
      const is = (field: string, value: string) => [
        hasTerm(locationId, field, value) as Condition,
        equals(field, value),
      ]
      const words = matchesWords(locationId, name)
      const where = allOf([
        ...is('status', status),
        ...is('archived', String(archived)),
        ...(emailStatus === 'all' ? [] : is('emailStatus', emailStatus)),
        ...(parentId === undefined ? [] : is('parentId', parentId)),
        ...(campaignsOnly ? is('campaignType', 'email') : []),
        ...(words === null ? [] : [words]),
      ])
      const order = [byCreation('desc')]
      const { records, total } = await pageRecords(ctx.db, emailSchedules, locationId, {
        where,
        order,
        limit,
        skip: offset,
      })
      return { schedules: records.map((row) => toSchedule(row, locationId)), total, traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'emailSchedules.create',
    title: 'Create Campaign',
    description: 'Stores an e-mail campaign, or a folder for such. Whoever delivers it says what becomes of it.',
    access: 'write',
    scope: write,
    http: 'POST /emails/schedule',
    status: 201,
    input: Type.Object(
      {
        locationId: Id(),
        name: properties.name,
        campaignType: Type.Optional(properties.campaignType),
        ...changeable,
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, parentId, ...rest }) {
      if (parentId !== undefined) await getRecord(ctx.db, emailSchedules, locationId, parentId)
      const document = { ...STANDARD, ...rest, parentId }
      return { emailSchedule: toSchedule(await createRecord(ctx.scope, emailSchedules, document), locationId) }
    },
  }),
  operation({
    ...common,
    locate: { kind: emailSchedules.kind, param: 'scheduleId' },
    name: 'emailSchedules.update',
    title: 'Update Campaign',
    description: 'Replaces what the body names.',
    access: 'write',
    scope: write,
    http: 'PUT /emails/schedule/:scheduleId',
    input: Type.Object(
      { scheduleId: Id(), name: Type.Optional(properties.name), ...changeable },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { scheduleId, ...changes }) {
      if (changes.parentId !== undefined) await getRecord(ctx.db, emailSchedules, ctx.locationId, changes.parentId)
      const row = await updateRecord(ctx.scope, emailSchedules, scheduleId, ({ document }) => ({
        ...document,
        ...changes,
      }))
      return { emailSchedule: toSchedule(row, ctx.locationId) }
    },
  }),
  operation({
    ...common,
    locate: { kind: emailSchedules.kind, param: 'scheduleId' },
    name: 'emailSchedules.delete',
    title: 'Delete Campaign',
    access: 'destructive',
    scope: write,
    http: 'DELETE /emails/schedule/:scheduleId',
    input: Type.Object({ scheduleId: Id() }, { additionalProperties: false }),
    output: Type.Object({ succeeded: Type.Boolean() }),
    async run(ctx, { scheduleId }) {
      await deleteRecord(ctx.scope, emailSchedules, scheduleId)
      await settleRefs(ctx.scope, emailSchedules.kind, [scheduleId])
      return { succeeded: true }
    },
  }),
]
