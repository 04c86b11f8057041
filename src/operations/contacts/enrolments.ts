import { Type } from 'typebox'
import { contacts } from '../../resources/records/contacts.ts'
import { enrolments } from '../../resources/records/enrolments.ts'
import { allOf, equals, getRecord, listRecords } from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { DONE, Done, Id, Noun } from '../schemas.ts'
import { enrol, type Kind, remove } from './enrolling.ts'

const { read, write } = contacts.scopes
const common = { category: 'Workflows & Campaigns', token: 'location' } as const
const workflowPath = { contactId: Id(), workflowId: Id() }
const campaignPath = { contactId: Id(), campaignId: Id() }
export const eventStartTime = Type.Optional(
  Type.String({
    maxLength: 40,
    description: 'ISO 8601. The event that relative waits count from.',
    examples: ['2026-06-23T03:30:00+01:00'],
  }),
)
const answer = Done()

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
      const rows = await listRecords(ctx.db, enrolments, ctx.locationId, {
        where: allOf([equals('contactId', contactId), equals('assetKind', kind)]),
      })
      const shown = rows.map(({ document: { assetId, name, state, enteredAt, step, history } }) => ({
        id: assetId,
        name,
        state,
        enteredAt,
        step,
        history,
      }))
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
      return DONE
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
      return DONE
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
      return DONE
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
      return DONE
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
      return DONE
    },
  }),
]
