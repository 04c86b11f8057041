import { Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { emailSchedules } from '../../resources/records/email-schedules.ts'
import { workflows } from '../../resources/workflows.ts'
import { type Asset, type AssetResource, getAsset, listAssets } from '../../store/assets/index.ts'
import { foldedText } from '../../store/natural-key.ts'
import { getRecord } from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id, Noun } from '../schemas.ts'
import { at, common, page } from './email-campaigns.ts'
import { ListedCampaign, WholeCampaign, WorkflowCampaign, WorkflowEmail } from './email-campaigns-wire.ts'

const resource = workflows as unknown as AssetResource
const scope = ['emails/campaigns.readonly', 'emails/campaigns.write']
const path = { locationId: Id(), campaignId: Id() }
const noBulkAction = (id: string) => new AppError('not_found', { what: 'bulk action', id })

const COUNTS = [
  ...['sent', 'accepted', 'delivered', 'opened', 'clicked', 'unsubscribed', 'complained', 'permanentFail'],
  ...['temporaryFail', 'rejected', 'failed', 'replied'],
  ...['openRate', 'clickRate', 'unsubscribeRate', 'complaintRate', 'bounceRate', 'replyRate'],
]
const Stats = Noun('CampaignStats', Object.fromEntries(COUNTS.map((name) => [name, Type.Number()])))
const NOTHING = Object.fromEntries(COUNTS.map((name) => [name, 0]))

interface Step {
  id: string
  type: string
  name?: string
  subject?: string
  fromName?: string
  fromEmail?: string
}

/** What goes out by e-mail besides campaigns. New with v3 (apps/v3/emails-v3.json); there for all versions. */
export const emailCampaignSourceOperations = [
  operation({
    ...common,
    name: 'emailCampaigns.listWorkflows',
    title: 'List Workflow Campaigns',
    description: 'The workflows that send e-mails, newest first.',
    access: 'read',
    scope,
    http: `GET ${at}/workflows`,
    input: Type.Object(
      { locationId: Id(), ...page, status: Type.Optional(Type.Enum(['published', 'draft'])) },
      { additionalProperties: false },
    ),
    output: Type.Object({
      campaigns: Type.Array(Noun('WorkflowCampaign', WorkflowCampaign)),
      total: Type.Integer(),
      traceId: Type.String(),
    }),
    async run(ctx, { locationId, limit = 10, offset = 0, search = '', status }) {
      const found = (await listAssets(ctx.db, resource, locationId))
        .filter((one) => emailsOf(one).length > 0 && foldedText(one.name).includes(foldedText(search)))
        .map(toWorkflow)
        .filter((one) => status === undefined || one.status === status)
        .reverse()
      return { campaigns: found.slice(offset, offset + limit), total: found.length, traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'emailCampaigns.getWorkflow',
    title: 'Get Workflow Campaign',
    description: 'A workflow that sends e-mails, with each of them.',
    access: 'read',
    scope,
    http: `GET ${at}/workflows/:campaignId`,
    input: Type.Object(path, { additionalProperties: false }),
    output: Noun('WholeWorkflowCampaign', {
      ...WorkflowCampaign,
      subSources: Type.Array(WorkflowEmail),
      traceId: Type.String(),
    }),
    async run(ctx, { campaignId }) {
      const workflow = await getWorkflow(ctx, campaignId)
      const { createdAt, updatedAt, ...rest } = toWorkflow(workflow)
      const subSources = emailsOf(workflow).map(({ id, name = '', subject = '', fromName = '', fromEmail = '' }) => ({
        ...{ id, name, subject, fromName, fromEmail, previewText: '' },
        ...{ editorType: 'html', isPlainText: false, editorContentUrl: '', createdAt, updatedAt },
      }))
      return { ...rest, createdAt, updatedAt, subSources, traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'emailCampaigns.listBulkActions',
    title: 'List Bulk Action Campaigns',
    description: 'E-mails sent to many contacts at once by hand. Tintype has no such action: the list is empty.',
    access: 'read',
    scope,
    http: `GET ${at}/bulk-actions`,
    input: Type.Object(
      {
        locationId: Id(),
        ...page,
        dateFrom: Type.Optional(Type.String({ format: 'date-time', maxLength: 40 })),
        dateTo: Type.Optional(Type.String({ format: 'date-time', maxLength: 40 })),
        status: Type.Optional(Type.Enum(['processing', 'scheduled', 'paused', 'complete', 'cancelled'])),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ campaigns: Type.Array(ListedCampaign), total: Type.Integer(), traceId: Type.String() }),
    async run({ traceId }) {
      return { campaigns: [], total: 0, traceId }
    },
  }),
  operation({
    ...common,
    name: 'emailCampaigns.getBulkAction',
    title: 'Get Bulk Action Campaign',
    description: 'Tintype has no such action: none is found.',
    access: 'read',
    scope,
    http: `GET ${at}/bulk-actions/:campaignId`,
    input: Type.Object(path, { additionalProperties: false }),
    output: WholeCampaign,
    async run(_, { campaignId }) {
      throw noBulkAction(campaignId)
    },
  }),
  operation({
    ...common,
    name: 'emailCampaigns.stats',
    title: 'Get Campaign Statistics',
    description:
      'What became of the e-mails of a campaign or workflow. Tintype sends none for them, so all counts are 0; those of ' +
      'single messages stand with the message.',
    access: 'read',
    scope: ['emails/stats.readonly', ...scope],
    http: `GET ${at}/stats/:source/:sourceId`,
    input: Type.Object(
      {
        locationId: Id(),
        source: Type.Enum(['email-campaigns', 'workflow-campaigns', 'bulk-actions']),
        sourceId: Id(),
        subSourceId: Type.Optional(Id('One e-mail of a workflow.')),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      locationId: Type.String(),
      source: Type.String(),
      sourceId: Type.String(),
      subSourceId: Type.Optional(Type.String()),
      stats: Stats,
      traceId: Type.String(),
    }),
    async run(ctx, { locationId, source, sourceId, subSourceId }) {
      if (source === 'bulk-actions') throw noBulkAction(sourceId)
      if (source === 'email-campaigns') await getRecord(ctx.db, emailSchedules, locationId, sourceId)
      else {
        const emails = emailsOf(await getWorkflow(ctx, sourceId))
        if (subSourceId !== undefined && !emails.some(({ id }) => id === subSourceId))
          throw invalid([`subSourceId: the workflow has no e-mail ${subSourceId}`])
      }
      const named = subSourceId === undefined ? {} : { subSourceId }
      return { locationId, source, sourceId, ...named, stats: NOTHING as never, traceId: ctx.traceId }
    },
  }),
]

const emailsOf = ({ document }: Asset): Step[] =>
  ((document.steps ?? []) as Step[]).filter(({ type }) => type === 'send_email')

async function getWorkflow(ctx: Context, id: string): Promise<Asset> {
  const workflow = await getAsset(ctx.db, resource, ctx.locationId, id)
  if (emailsOf(workflow).length === 0) throw new AppError('not_found', { what: 'workflow campaign', id })
  return workflow
}

const toWorkflow = ({ id, name, document, createdAt, updatedAt }: Asset) => ({
  id,
  name,
  status: document.status === 'published' ? ('published' as const) : ('draft' as const),
  source: 'workflow-campaigns',
  sourceId: id,
  deleted: false,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})
