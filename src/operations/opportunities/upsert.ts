import { type Static, Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { opportunities } from '../../resources/records/opportunities.ts'
import { getRecord, type RecordDocument, type RecordRow } from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { OpportunityAnswer } from './answers.ts'
import { change, common, Followers, findInPipeline, Pipeline, store, Title, write } from './opportunities.ts'
import { opportunityInput, Status, toOpportunity } from './wire.ts'

const UpsertInput = Type.Object(
  {
    locationId: Id(),
    pipelineId: Pipeline(),
    id: Type.Optional(Id('The opportunity to update.')),
    contactId: Type.Optional(Id('Without `id`: the contact whose opportunity in this pipeline is meant.')),
    name: Type.Optional(Title()),
    status: Type.Optional(Status()),
    ...opportunityInput,
    followers: Type.Optional(Followers()),
    followersActionType: Type.Optional(Type.Enum(['add', 'remove'])),
    isRemoveAllFollowers: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

async function findUpserted(
  ctx: Context,
  { id, contactId, pipelineId }: Static<typeof UpsertInput>,
): Promise<RecordRow | null> {
  if (id !== undefined) return getRecord(ctx.db, opportunities, ctx.locationId, id)
  if (contactId === undefined) throw invalid(['contactId should not be empty'])
  return findInPipeline(ctx, contactId, pipelineId)
}

function nextFollowers(document: RecordDocument | undefined, input: Static<typeof UpsertInput>): string[] {
  const { followers = [], followersActionType = 'add', isRemoveAllFollowers = false } = input
  const current = isRemoveAllFollowers ? [] : ((document?.followers ?? []) as string[])
  return followersActionType === 'add'
    ? [...new Set([...current, ...followers])]
    : current.filter((one) => !followers.includes(one))
}

export const opportunityUpsertOperations = [
  operation({
    ...common,
    name: 'opportunities.upsert',
    title: 'Upsert Opportunity',
    description:
      'Create or update opportunity: the one with this `id`, else the one that the contact has in the pipeline.',
    access: 'write',
    scope: write,
    http: 'POST /opportunities/upsert',
    input: UpsertInput,
    output: Type.Object({ opportunity: OpportunityAnswer, new: Type.Boolean(), traceId: Type.String() }),
    async run(ctx, input) {
      const {
        locationId: _l,
        id: _i,
        contactId,
        followers: _f,
        followersActionType: _a,
        isRemoveAllFollowers: _r,
        ...fields
      } = input
      const current = await findUpserted(ctx, input)
      const changes = {
        ...fields,
        ...(contactId === undefined ? {} : { contactId }),
        followers: nextFollowers(current?.document, input),
      }
      const row = current === null ? await store(ctx, changes) : await change(ctx, current.id, changes)
      return { opportunity: await toOpportunity(ctx, row), new: current === null, traceId: ctx.traceId }
    },
  }),
]
