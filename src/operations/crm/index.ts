import { associationBatchOperations } from './association-batches.ts'
import { namedAssociationOperations } from './association-names.ts'
import { objectAssociationOperations } from './associations.ts'
import { batchOperations } from './batches.ts'
import { associationLabelOperations } from './labels.ts'
import { objectOperations } from './objects.ts'
import { ownerOperations } from './owners.ts'
import { pipelineAuditOperations } from './pipeline-audits.ts'
import { pipelineStageOperations } from './pipeline-stages.ts'
import { objectPipelineOperations } from './pipelines.ts'
import { propertyOperations } from './properties.ts'
import { propertyGroupOperations } from './property-groups.ts'
import { recordRestore } from './record-restore.ts'
import { schemaOperations } from './schemas.ts'
import { searchOperation } from './search.ts'
import { upsertOperation } from './upserts.ts'
import { wholeObjectOperations } from './whole-objects.ts'

/** CRM objects as the HubSpot wire has them: the records of the other wire under its names (wire/hubspot.md). */
export const operations = [
  ...objectOperations,
  ...batchOperations,
  upsertOperation,
  searchOperation,
  ...wholeObjectOperations,
  recordRestore,
  ...propertyOperations,
  ...propertyGroupOperations,
  ...ownerOperations,
  ...objectPipelineOperations,
  ...pipelineStageOperations,
  ...pipelineAuditOperations,
  ...objectAssociationOperations,
  ...associationBatchOperations,
  ...associationLabelOperations,
  ...namedAssociationOperations,
  ...schemaOperations,
]
