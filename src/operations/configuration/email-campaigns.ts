import { Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { emailTemplates } from '../../resources/email-templates.ts'
import { emailSchedules, LETTER } from '../../resources/records/email-schedules.ts'
import { findTimeZone } from '../../scheduling/index.ts'
import { type AssetResource, getAsset } from '../../store/assets/index.ts'
import {
  allOf,
  byCreation,
  createRecord,
  deleteRecord,
  equals,
  getRecord,
  matchesWords,
  pageRecords,
  settleRefs,
  updateRecord,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id, Limit, Skip } from '../schemas.ts'
import { AbTest, Day, faultsOfPlan, Meta, Recipients, RssConfig, ScheduleConfig } from './email-campaigns-plan.ts'
import {
  CAMPAIGN_STATES,
  EmailCampaign,
  inState,
  ListedCampaign,
  toCampaign,
  toWholeCampaign,
  WholeCampaign,
} from './email-campaigns-wire.ts'
import { STANDARD } from './email-schedules.ts'
import { withEditor } from './email-templates-wire.ts'

export const at = '/emails/locations/:locationId/campaigns'
const path = { locationId: Id(), campaignId: Id() }
export const common = { category: 'E-mail Templates', token: 'either' } as const
const scope = {
  read: ['emails/campaigns.readonly', 'emails/campaigns.write'],
  write: 'emails/campaigns.write',
} as const
const { name } = emailSchedules.schema.properties
const editorType = Type.Enum(['html', 'text'])
const one = Type.Object({ ...EmailCampaign, traceId: Type.String() })
export const page = {
  limit: Limit(10, 20),
  offset: Skip(),
  search: Type.Optional(Type.String({ maxLength: 200, description: 'Words of the name.' })),
}

/** An e-mail campaign, and no folder of such. */
async function getCampaign(ctx: Context, campaignId: string) {
  const row = await getRecord(ctx.db, emailSchedules, ctx.locationId, campaignId)
  if (row.document.campaignType !== 'email') throw new AppError('not_found', { what: 'campaign', id: campaignId })
  return row
}

/** New with v3 (highlevel-api-docs, apps/v3/emails-v3.json); there for all versions. */
export const emailCampaignOperations = [
  operation({
    ...common,
    name: 'emailCampaigns.list',
    title: 'List E-mail Campaigns',
    description: 'E-mail campaigns, newest first.',
    access: 'read',
    scope: scope.read,
    http: `GET ${at}/emails`,
    input: Type.Object(
      { locationId: Id(), ...page, status: Type.Optional(Type.Enum(['all', ...CAMPAIGN_STATES])) },
      { additionalProperties: false },
    ),
    output: Type.Object({ campaigns: Type.Array(ListedCampaign), total: Type.Integer(), traceId: Type.String() }),
    async run(ctx, { locationId, limit = 10, offset, search = '', status = 'all' }) {
      const words = matchesWords(locationId, search)
      const { records, total } = await pageRecords(ctx.db, emailSchedules, locationId, {
        where: allOf([
          equals('campaignType', 'email'),
          ...(words === null ? [] : [words]),
          ...(status === 'all' ? [] : [inState[status] as ReturnType<typeof equals>]),
        ]),
        order: [byCreation('desc')],
        limit,
        skip: offset,
      })
      return { campaigns: records.map(toCampaign), total, traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'emailCampaigns.create',
    title: 'Create E-mail Campaign',
    description: 'Stores a draft: blank, with content, or with that of a template.',
    access: 'write',
    scope: scope.write,
    http: `POST ${at}/emails`,
    status: 201,
    input: Type.Object(
      {
        locationId: Id(),
        name,
        editorType,
        templateId: Type.Optional(Id('A template of the same location.')),
        editorContent: LETTER.editorContent,
        parentFolderId: Type.Optional(Id('A folder of campaigns.')),
        timeZone: Type.String({ minLength: 1, maxLength: 100, examples: ['Europe/Berlin'] }),
        userId: Id(),
        userName: LETTER.userName,
      },
      { additionalProperties: false },
    ),
    output: one,
    async run(ctx, { locationId, parentFolderId, templateId, ...sent }) {
      const timeZone = readZone(sent.timeZone)
      if (parentFolderId !== undefined) await getRecord(ctx.db, emailSchedules, locationId, parentFolderId)
      const template = templateId === undefined ? null : await getTemplate(ctx, templateId)
      const { html, subject, previewText, fromName, fromEmail } = template?.document ?? {}
      const document = {
        ...STANDARD,
        ...withEditor({ ...sent, timeZone, editorContent: sent.editorContent ?? html }),
        ...{ templateId, templateType: template === null ? undefined : sent.editorType, parentId: parentFolderId },
        ...{ subject, previewText, fromName, fromEmail },
      }
      return { ...toCampaign(await createRecord(ctx.scope, emailSchedules, document)), traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'emailCampaigns.get',
    title: 'Get E-mail Campaign',
    access: 'read',
    scope: scope.read,
    http: `GET ${at}/emails/:campaignId`,
    input: Type.Object(path, { additionalProperties: false }),
    output: WholeCampaign,
    async run(ctx, { campaignId }) {
      return { ...toWholeCampaign(await getCampaign(ctx, campaignId)), traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'emailCampaigns.update',
    title: 'Update E-mail Campaign',
    description: 'Replaces what the body names. Content comes with its editorType.',
    access: 'write',
    scope: scope.write,
    http: `PATCH ${at}/emails/:campaignId`,
    input: Type.Object(
      {
        ...path,
        name: Type.Optional(name),
        editorContent: LETTER.editorContent,
        editorType: Type.Optional(editorType),
        userId: Type.Optional(Id()),
      },
      { additionalProperties: false },
    ),
    output: one,
    async run(ctx, { locationId: _, campaignId, ...changes }) {
      await getCampaign(ctx, campaignId)
      if (changes.editorContent !== undefined && changes.editorType === undefined)
        throw invalid(['editorType should not be empty where editorContent is given'])
      const row = await updateRecord(ctx.scope, emailSchedules, campaignId, ({ document }) => ({
        ...document,
        ...(changes.editorType === undefined ? {} : { isPlainText: false }),
        ...withEditor(changes),
      }))
      return { ...toCampaign(row), traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'emailCampaigns.delete',
    title: 'Delete E-mail Campaign',
    access: 'destructive',
    scope: scope.write,
    http: `DELETE ${at}/emails/:campaignId`,
    input: Type.Object(path, { additionalProperties: false }),
    output: Type.Object({ deleted: Type.Boolean(), traceId: Type.String() }),
    async run(ctx, { campaignId }) {
      await getCampaign(ctx, campaignId)
      await deleteRecord(ctx.scope, emailSchedules, campaignId)
      await settleRefs(ctx.scope, emailSchedules.kind, [campaignId])
      return { deleted: true, traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'emailCampaigns.schedule',
    title: 'Schedule E-mail Campaign',
    description:
      'Says whom the campaign goes to, and when. Tintype sends nothing: whoever delivers it tells what becomes of it ' +
      '(`PUT /emails/schedule/:scheduleId`).',
    access: 'write',
    scope: scope.write,
    http: `POST ${at}/emails/:campaignId/schedule`,
    status: 201,
    input: Type.Object(
      {
        ...path,
        scheduleType: Type.Enum(['immediate', 'scheduled', 'batch', 'rss', 'smart_send']),
        timeZone: Type.String({ minLength: 1, maxLength: 100, examples: ['Europe/Berlin'] }),
        userId: Id(),
        userName: LETTER.userName,
        emailMeta: Meta,
        recipients: Recipients,
        sendDays: Type.Optional(Type.Array(Day, { maxItems: 7 })),
        scheduleConfig: Type.Optional(ScheduleConfig),
        rssConfig: Type.Optional(RssConfig),
        abTestConfig: Type.Optional(AbTest),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ campaignId: Type.String(), sourceId: Type.String(), traceId: Type.String() }),
    async run(ctx, { locationId: _, campaignId, emailMeta, timeZone: typed, userId, userName, sendDays, ...plan }) {
      await getCampaign(ctx, campaignId)
      const timeZone = readZone(typed)
      const faults = await faultsOfPlan(ctx, plan, timeZone)
      if (faults.length > 0) throw invalid(faults)
      const { attachments, ...letter } = emailMeta
      await updateRecord(ctx.scope, emailSchedules, campaignId, ({ document }) => {
        if (document.status !== 'draft')
          throw new AppError('bad_request', { reason: `Campaign ${campaignId} is scheduled already` })
        return {
          ...document,
          ...letter,
          ...{ timeZone, userId, userName: userName ?? document.userName, sendDays: sendDays ?? [] },
          ...{ status: 'active', emailStatus: 'scheduled' },
          schedule: { ...plan, ...(attachments === undefined ? {} : { attachments }) },
        }
      })
      return { campaignId, sourceId: campaignId, traceId: ctx.traceId }
    },
  }),
]

function readZone(typed: string): string {
  const zone = findTimeZone(typed)
  if (zone === null) throw invalid(['timeZone must be the name of a time zone, such as America/New_York'])
  return zone
}

const getTemplate = (ctx: Context, id: string) =>
  getAsset(ctx.db, emailTemplates as unknown as AssetResource, ctx.locationId, id)
