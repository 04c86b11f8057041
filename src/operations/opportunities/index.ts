import { opportunityAdvancedOperations } from './advanced-search.ts'
import { opportunityFollowerOperations } from './followers.ts'
import { lostReasonOperations } from './lost-reasons.ts'
import { opportunityOperations } from './opportunities.ts'
import { pipelineOperations } from './pipelines.ts'
import { opportunitySearchOperations } from './search.ts'
import { opportunityUpsertOperations } from './upsert.ts'

export { openOpportunity } from './opportunities.ts'

/** Deals, and the pipelines they go through. */
export const operations = [
  ...opportunitySearchOperations,
  ...opportunityAdvancedOperations,
  ...opportunityOperations,
  ...opportunityUpsertOperations,
  ...opportunityFollowerOperations,
  ...pipelineOperations,
  ...lostReasonOperations,
]
