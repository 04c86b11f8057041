import { Type } from 'typebox'
import type { RecordRow } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { Id, orNull } from '../schemas.ts'
import { type OpportunityAnswer, toOpportunities } from './answers.ts'

const CustomFieldValue = Type.Object(
  {
    id: Type.Optional(Id()),
    key: Type.Optional(
      Type.String({ maxLength: 260, description: 'Key of the field, with or without `opportunity.`.' }),
    ),
    field_value: Type.Optional(
      Type.Unknown({ description: 'A text, a number, a list of texts or an object. Empty removes the value.' }),
    ),
    fieldValue: Type.Optional(Type.Unknown({ description: 'The same under its name in answers.' })),
    value: Type.Optional(Type.Unknown({ description: 'The same under its name in contacts.' })),
  },
  { additionalProperties: false },
)

/** What creating, updating and upserting share. */
export const opportunityInput = {
  pipelineStageId: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'Default: the first stage of the pipeline.' }),
  ),
  monetaryValue: Type.Optional(orNull(Type.Number({ minimum: -1e12, maximum: 1e12 }))),
  assignedTo: Type.Optional(orNull(Type.String({ maxLength: 64, description: 'Id of a user. Empty: nobody.' }))),
  source: Type.Optional(orNull(Type.String({ maxLength: 300 }))),
  lostReasonId: Type.Optional(orNull(Type.String({ maxLength: 64 }))),
  forecastExpectedCloseDate: Type.Optional(
    orNull(
      Type.String({ maxLength: 40, description: 'A day in any of the spellings of moments; told as YYYY-MM-DD.' }),
    ),
  ),
  forecastProbability: Type.Optional(orNull(Type.Number({ minimum: 0, maximum: 100, description: 'In percent.' }))),
  customFields: Type.Optional(Type.Array(CustomFieldValue, { maxItems: 500 })),
}

export const Status = () => Type.Enum(['open', 'won', 'lost', 'abandoned'])

const ALL_DETAILS = { notes: true, tasks: true, calendarEvents: true }

/** A single one is told with all that its contact has. */
export async function toOpportunity(ctx: Context, row: RecordRow): Promise<OpportunityAnswer> {
  return (await toOpportunities(ctx, [row], ALL_DETAILS))[0] as OpportunityAnswer
}
