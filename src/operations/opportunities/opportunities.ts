import { Type } from 'typebox'
import { getLocation } from '../../auth/locations.ts'
import { AppError } from '../../errors.ts'
import { nameAnother } from '../../objects/index.ts'
import { opportunities } from '../../resources/records/opportunities.ts'
import {
  allOf,
  createRecord,
  deleteRecord,
  equals,
  getRecord,
  listRecords,
  lockIdentity,
  type RecordRow,
  settleRefs,
  updateRecord,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { DONE, doneFields, Id } from '../schemas.ts'
import { OpportunityAnswer } from './answers.ts'
import { findContact, nextDocument, type OpportunityChanges } from './documents.ts'
import { opportunityInput, Status, toOpportunity } from './wire.ts'

export const { read, write } = opportunities.scopes
export const common = { category: 'Opportunities', token: 'location' } as const
export const Title = () => Type.String({ minLength: 1, maxLength: 300 })
export const Pipeline = () => Type.String({ minLength: 1, maxLength: 100 })
export const Followers = () => Type.Array(Id(), { maxItems: 200 })
const answer = Type.Object({ opportunity: OpportunityAnswer })
const done = Type.Object({ ...doneFields, success: Type.Boolean() })

/** Edits under the record's lock: the document is made anew from what is stored by then. */
export async function change(ctx: Context, id: string, changes: OpportunityChanges): Promise<RecordRow> {
  const seen = await getRecord(ctx.db, opportunities, ctx.locationId, id)
  const next = await nextDocument(ctx, seen.document, changes)
  const named = Object.keys(next).filter((field) => next[field] !== seen.document[field])
  const write = () =>
    updateRecord(ctx.scope, opportunities, id, ({ document }) => ({
      ...document,
      ...Object.fromEntries(named.map((field) => [field, next[field]])),
    }))
  if (!named.includes('contactId')) return write()
  return nameAnother(ctx.scope, { kind: opportunities.kind, ids: [id], namedId: String(next.contactId) }, write)
}

/** The opportunity that a contact has in a pipeline: the newest. Locks the pair until the transaction ends. */
export async function findInPipeline(ctx: Context, contactId: string, pipelineId: string): Promise<RecordRow | null> {
  await lockIdentity(ctx.tx, ctx.locationId, { email: `opportunity/${contactId}/${pipelineId}` })
  const where = allOf([equals('contactId', contactId), equals('pipelineId', pipelineId)])
  return (await listRecords(ctx.db, opportunities, ctx.locationId, { where })).at(-1) ?? null
}

/** The opportunity of a contact in a pipeline, unless it has one there. */
export async function openOpportunity(
  ctx: Context,
  wanted: { contactId: string; name: string; pipelineId: string; pipelineStageId?: string | undefined },
): Promise<void> {
  if ((await findInPipeline(ctx, wanted.contactId, wanted.pipelineId)) !== null) return
  const document = await nextDocument(ctx, null, { ...wanted, status: 'open' })
  await createRecord(ctx.scope, opportunities, document)
}

async function refuseDuplicate(ctx: Context, contactId: string, pipelineId: string): Promise<void> {
  const { doc } = await getLocation(ctx.db, ctx.agencyId, ctx.locationId)
  if ((doc.settings as { allowDuplicateOpportunity?: boolean } | undefined)?.allowDuplicateOpportunity === true) return
  if ((await findInPipeline(ctx, contactId, pipelineId)) !== null)
    throw new AppError('bad_request', { reason: 'Can not create duplicate opportunity for the contact.' })
}

/** wire/highlevel/opportunities.json: the opportunity itself. */
export const opportunityOperations = [
  operation({
    ...common,
    name: 'opportunities.get',
    title: 'Get Opportunity',
    description: 'Retrieve specific opportunity',
    access: 'read',
    scope: [read, write],
    http: 'GET /opportunities/:id',
    input: Type.Object({ id: Id() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { id }) {
      return { opportunity: await toOpportunity(ctx, await getRecord(ctx.db, opportunities, ctx.locationId, id)) }
    },
  }),
  operation({
    ...common,
    name: 'opportunities.create',
    title: 'Create Opportunity',
    description:
      'Add new sales opportunity. A second one of a contact in the same pipeline is refused, unless the location ' +
      'allows duplicates.',
    access: 'write',
    scope: write,
    http: 'POST /opportunities/',
    status: 201,
    input: Type.Object(
      {
        locationId: Id(),
        pipelineId: Pipeline(),
        name: Title(),
        status: Status(),
        contactId: Id(),
        ...opportunityInput,
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId: _, ...input }) {
      const document = await nextDocument(ctx, null, input)
      await refuseDuplicate(ctx, input.contactId, input.pipelineId)
      return { opportunity: await toOpportunity(ctx, await createRecord(ctx.scope, opportunities, document)) }
    },
  }),
  operation({
    ...common,
    name: 'opportunities.update',
    title: 'Update Opportunity',
    description: 'Modify opportunity details. Values of custom fields that the body does not name stay.',
    access: 'write',
    scope: write,
    http: 'PUT /opportunities/:id',
    input: Type.Object(
      {
        id: Id(),
        pipelineId: Type.Optional(Pipeline()),
        name: Type.Optional(Title()),
        status: Type.Optional(Status()),
        ...opportunityInput,
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { id, ...input }) {
      return { opportunity: await toOpportunity(ctx, await change(ctx, id, input)) }
    },
  }),
  operation({
    ...common,
    name: 'opportunities.delete',
    title: 'Delete Opportunity',
    description: 'Remove opportunity with its relations and files. What it was can be read from its history.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /opportunities/:id',
    input: Type.Object({ id: Id() }, { additionalProperties: false }),
    output: done,
    async run(ctx, { id }) {
      await deleteRecord(ctx.scope, opportunities, id)
      await settleRefs(ctx.scope, opportunities.kind, [id])
      return { ...DONE, success: true }
    },
  }),
  operation({
    ...common,
    name: 'opportunities.setStatus',
    title: 'Update Opportunity Status',
    description: 'Change status (open, won, lost, abandoned)',
    access: 'write',
    scope: write,
    http: 'PUT /opportunities/:id/status',
    input: Type.Object(
      { id: Id(), status: Status(), lostReasonId: opportunityInput.lostReasonId },
      { additionalProperties: false },
    ),
    output: done,
    async run(ctx, { id, ...input }) {
      await change(ctx, id, input)
      return { ...DONE, success: true }
    },
  }),
]

export async function store(ctx: Context, changes: OpportunityChanges): Promise<RecordRow> {
  const document = await nextDocument(ctx, { status: 'open' }, changes)
  return createRecord(ctx.scope, opportunities, {
    lastStatusChangeAt: document.lastStageChangeAt,
    ...document,
    name: document.name ?? (await nameOf(ctx, changes)),
  })
}

/** An opportunity without a name goes by that of its contact. */
async function nameOf(ctx: Context, { contactId }: OpportunityChanges): Promise<string> {
  const { firstName, lastName, email } = (await findContact(ctx, String(contactId)))?.document ?? {}
  return [firstName, lastName].filter((part) => part !== undefined).join(' ') || String(email ?? 'Opportunity')
}
