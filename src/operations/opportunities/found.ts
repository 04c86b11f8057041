import { Type } from 'typebox'
import { pipelines } from '../../resources/pipelines.ts'
import { type AssetResource, listAssets } from '../../store/assets/index.ts'
import type { RecordRow } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { Noun } from '../schemas.ts'
import { OpportunityAnswer } from './answers.ts'
import { showStages } from './pipelines.ts'

const TextOrNull = () => Type.Union([Type.String(), Type.Null()])
const { contact: Contact } = OpportunityAnswer.properties

/** As the advanced search shows one: what is not there is null, and the contact stands among the relations too. */
export const FoundOpportunity = Noun('FoundOpportunity', {
  ...OpportunityAnswer.properties,
  pipelineStageUId: TextOrNull(),
  assignedTo: TextOrNull(),
  source: TextOrNull(),
  lostReasonId: TextOrNull(),
  forecastProbability: Type.Union([Type.Number(), Type.Null()]),
  effectiveProbability: Type.Number({ description: 'In percent: that of the stage.' }),
  contact: Type.Object({
    ...Contact.properties,
    companyName: TextOrNull(),
    email: TextOrNull(),
    phone: TextOrNull(),
    score: Type.Array(Type.Unknown()),
  }),
  relations: Type.Array(
    Type.Object({
      associationId: Type.String(),
      relationId: Type.String(),
      primary: Type.Boolean(),
      objectKey: Type.String(),
      recordId: Type.String(),
      fullName: Type.String(),
      contactName: Type.String(),
      companyName: TextOrNull(),
      email: TextOrNull(),
      phone: TextOrNull(),
      tags: Type.Array(Type.String()),
      attributed: Type.Null(),
    }),
  ),
  attributions: Type.Array(Type.Unknown()),
  sort: Type.Array(Type.Unknown(), { description: 'The same as `searchAfter`.' }),
  searchAfter: Type.Array(Type.Unknown()),
})

export async function toFound(
  ctx: Context,
  found: readonly OpportunityAnswer[],
  rows: readonly (RecordRow & { cursor: unknown[] })[],
) {
  const probabilityOf = found.length === 0 ? new Map() : await probabilities(ctx)
  return found.map((one, index) => {
    const {
      pipelineStageId = null,
      assignedTo = null,
      source = null,
      lostReasonId = null,
      forecastProbability = null,
    } = one as Record<string, unknown>
    const contact = { companyName: null, email: null, phone: null, ...one.contact }
    const { name = '', companyName, email, phone, tags } = contact
    const cursor = rows[index]?.cursor ?? []
    return {
      ...one,
      pipelineStageId: pipelineStageId ?? undefined,
      pipelineStageUId: pipelineStageId,
      assignedTo,
      source,
      lostReasonId,
      forecastProbability,
      effectiveProbability: probabilityOf.get(pipelineStageId) ?? 0,
      contact: { ...contact, score: [] },
      relations: [
        {
          associationId: 'OPPORTUNITIES_CONTACTS_ASSOCIATION',
          relationId: one.id,
          primary: true,
          objectKey: 'contact',
          recordId: contact.id,
          ...{ fullName: name, contactName: name, companyName, email, phone, tags },
          attributed: null,
        },
      ],
      attributions: [],
      sort: cursor,
      searchAfter: cursor,
    }
  }) as never
}

/** How likely a deal is won, by its stage. */
async function probabilities({ db, locationId }: Context): Promise<Map<unknown, number>> {
  const all = await listAssets(db, pipelines as unknown as AssetResource, locationId)
  const stages = all.flatMap(({ document }) => showStages(document))
  return new Map(stages.map(({ id, stageWinProbability }) => [id, stageWinProbability]))
}
