import { Type } from 'typebox'
import { AppError, invalid } from '../errors.ts'
import { campaigns } from '../resources/campaigns.ts'
import { contacts } from '../resources/records/contacts.ts'
import { enrolments } from '../resources/records/enrolments.ts'
import { workflows } from '../resources/workflows.ts'
import { listAssetRows } from '../store/assets.ts'
import { allOf, type Condition, equals } from '../store/record-conditions.ts'
import { getRecord, listRecords } from '../store/record-reads.ts'
import { createRecord, updateRecord, updateRecords } from '../store/records.ts'
import { type Context, operation } from './define.ts'
import { Id, Noun } from './schemas.ts'

const { read, write } = contacts.scopes
const common = { category: 'Workflows & Campaigns', token: 'location' } as const
const workflowPath = { contactId: Id(), workflowId: Id() }
const campaignPath = { contactId: Id(), campaignId: Id() }
const eventStartTime = Type.Optional(
  Type.String({ maxLength: 40, description: 'ISO 8601. The event that relative waits count from.', examples: ['2026-06-23T03:30:00+01:00'] }),
)
// The misspelt word is the wire's: ContactsWorkflowSuccessfulResponseDto.
const answer = Type.Object({ succeded: Type.Boolean() })

type Kind = 'workflows' | 'campaigns'
const NOUNS: Record<Kind, string> = { workflows: workflows.noun, campaigns: campaigns.noun }

interface Entry {
  contactId: string
  kind: Kind
  assetId: string
  eventStartTime?: string | undefined
}

const activeIn = ({ contactId, kind }: Pick<Entry, 'contactId' | 'kind'>): Condition =>
  allOf([equals('contactId', contactId), equals('assetKind', kind), equals('state', 'active')])

/** A contact is in a workflow or campaign once at a time: entering again while it is there changes nothing. */
async function enrol(ctx: Context, entry: Entry): Promise<void> {
  const { contactId, kind, assetId, eventStartTime } = entry
  if (eventStartTime !== undefined && Number.isNaN(Date.parse(eventStartTime))) throw invalid(['eventStartTime must be a valid ISO 8601 date string'])
  // Locking the contact lets one of two simultaneous requests in.
  await updateRecord(ctx.scope, contacts, contactId, ({ document }) => document)
  const [asset] = await listAssetRows(ctx.db, ctx.locationId, kind, { ids: [assetId] })
  if (asset === undefined) throw new AppError('not_found', { what: NOUNS[kind], id: assetId })
  const [present] = await listRecords(ctx.db, enrolments, ctx.locationId, { where: allOf([activeIn(entry), equals('assetId', assetId)]), limit: 1 })
  if (present !== undefined) return
  const at = new Date(ctx.author.atMs).toISOString()
  await createRecord(ctx.scope, enrolments, {
    contactId,
    assetKind: kind,
    assetId,
    name: asset.name,
    state: 'active',
    enteredAt: at,
    eventStartTime,
    history: [{ state: 'active', at }],
  })
}

/** Ends what is still active. A contact that is not enrolled is no error: the caller has what they want. */
async function remove(ctx: Context, entry: Omit<Entry, 'assetId'> & { assetId?: string }): Promise<void> {
  await getRecord(ctx.db, contacts, ctx.locationId, entry.contactId)
  const where = allOf([activeIn(entry), ...(entry.assetId === undefined ? [] : [equals('assetId', entry.assetId)])])
  const at = new Date(ctx.author.atMs).toISOString()
  await updateRecords(ctx.scope, enrolments, where, ({ document }) => ({
    ...document,
    state: 'removed',
    history: [...(document.history as unknown[]), { state: 'removed', at }],
  }))
}

const Enrolments = Type.Object({
  enrolments: Type.Array(
    Noun('Enrolment', {
      id: Type.String({ description: 'Of the workflow or campaign.' }),
      name: Type.String(),
      state: Type.String(),
      enteredAt: Type.String(),
      step: Type.Optional(Type.String()),
      history: Type.Array(Type.Object({ state: Type.String(), at: Type.String(), step: Type.Optional(Type.String()) })),
    }),
  ),
})

function listOperation(kind: Kind) {
  return operation({
    ...common,
    name: `contacts.list${kind === 'workflows' ? 'Workflows' : 'Campaigns'}`,
    title: `Get Contact ${kind === 'workflows' ? 'Workflows' : 'Campaigns'}`,
    description: `The ${kind} a contact is or was enrolled in, oldest first.`,
    access: 'read',
    scope: [read, write],
    http: `GET /contacts/:contactId/${kind}`,
    input: Type.Object({ contactId: Id() }, { additionalProperties: false }),
    output: Enrolments,
    async run(ctx, { contactId }) {
      await getRecord(ctx.db, contacts, ctx.locationId, contactId)
      const rows = await listRecords(ctx.db, enrolments, ctx.locationId, { where: allOf([equals('contactId', contactId), equals('assetKind', kind)]) })
      const shown = rows.map(({ document: { assetId, name, state, enteredAt, step, history } }) => ({ id: assetId, name, state, enteredAt, step, history }))
      return { enrolments: shown as never }
    },
  })
}

/** wire/highlevel/contacts.json: add-contact-to-workflow, add-contact-to-campaign and their neighbours. */
export const contactEnrolmentOperations = [
  listOperation('workflows'),
  listOperation('campaigns'),
  operation({
    ...common,
    name: 'contacts.addToWorkflow',
    title: 'Add Contact to Workflow',
    description: 'Enroll in workflow automation',
    access: 'write',
    scope: write,
    http: 'POST /contacts/:contactId/workflow/:workflowId',
    input: Type.Object({ ...workflowPath, eventStartTime }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { contactId, workflowId, eventStartTime }) {
      await enrol(ctx, { contactId, kind: 'workflows', assetId: workflowId, eventStartTime })
      return { succeded: true }
    },
  }),
  operation({
    ...common,
    name: 'contacts.removeFromWorkflow',
    title: 'Remove from Workflow',
    description: 'Unenroll from workflow',
    access: 'write',
    scope: write,
    http: 'DELETE /contacts/:contactId/workflow/:workflowId',
    hasBody: true,
    input: Type.Object({ ...workflowPath, eventStartTime }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { contactId, workflowId }) {
      await remove(ctx, { contactId, kind: 'workflows', assetId: workflowId })
      return { succeded: true }
    },
  }),
  operation({
    ...common,
    category: 'Contacts',
    name: 'contacts.addToCampaign',
    title: 'Add Contact to Campaign',
    description: 'Enroll contact in campaign',
    access: 'write',
    scope: write,
    http: 'POST /contacts/:contactId/campaigns/:campaignId',
    status: 201,
    input: Type.Object(campaignPath, { additionalProperties: false }),
    output: answer,
    async run(ctx, { contactId, campaignId }) {
      await enrol(ctx, { contactId, kind: 'campaigns', assetId: campaignId })
      return { succeded: true }
    },
  }),
  operation({
    ...common,
    category: 'Contacts',
    name: 'contacts.removeFromCampaign',
    title: 'Remove from Campaign',
    description: 'Remove contact from specific campaign',
    access: 'write',
    scope: write,
    http: 'DELETE /contacts/:contactId/campaigns/:campaignId',
    input: Type.Object(campaignPath, { additionalProperties: false }),
    output: answer,
    async run(ctx, { contactId, campaignId }) {
      await remove(ctx, { contactId, kind: 'campaigns', assetId: campaignId })
      return { succeded: true }
    },
  }),
  operation({
    ...common,
    category: 'Contacts',
    name: 'contacts.removeFromAllCampaigns',
    title: 'Remove from All Campaigns',
    description: 'Unenroll from all campaigns',
    access: 'write',
    scope: write,
    http: 'DELETE /contacts/:contactId/campaigns/removeAll',
    input: Type.Object({ contactId: Id() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { contactId }) {
      await remove(ctx, { contactId, kind: 'campaigns' })
      return { succeded: true }
    },
  }),
]
