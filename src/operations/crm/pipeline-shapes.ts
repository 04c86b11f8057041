import { type Static, Type } from 'typebox'
import type { Pipeline, Stage } from '../../objects/index.ts'
import { Name, Noun } from '../schemas.ts'
import { TypeName } from './types.ts'

// wire/hubspot.md, "Pipelines"; models Pipeline, PipelineStage, PipelineInput and PublicAuditInfo of the client.

const moments = { createdAt: Type.String(), updatedAt: Type.String(), archived: Type.Boolean() }

export const StageAnswer = Noun('PipelineStage', {
  id: Type.String(),
  label: Type.String(),
  displayOrder: Type.Integer(),
  metadata: Type.Object({}, { additionalProperties: { type: 'string' } }),
  writePermissions: Type.String(),
  ...moments,
})

export const PipelineAnswer = Noun('ObjectPipeline', {
  id: Type.String(),
  label: Type.String(),
  displayOrder: Type.Integer(),
  stages: Type.Array(StageAnswer),
  ...moments,
})

export const Audit = Noun('PipelineChange', {
  portalId: Type.Integer(),
  identifier: Type.String(),
  action: Type.Enum(['CREATE', 'UPDATE', 'DELETE']),
  timestamp: Type.String(),
  rawObject: Type.Optional(Type.Unknown()),
})

const Order = () => Type.Integer({ minimum: -1, maximum: 1_000_000, description: '-1: behind all others.' })
const Metadata = () =>
  Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), {
    maxProperties: 20,
    description: 'Of a stage of deals `probability` (0.0 to 1.0), of tickets `ticketState` (OPEN or CLOSED).',
  })

export const stageBody = { label: Name(), displayOrder: Order(), metadata: Type.Optional(Metadata()) }
export type StageInput = { stageId?: string; label: string; displayOrder: number; metadata?: Record<string, unknown> }

export const pipelineBody = {
  label: Name(),
  displayOrder: Order(),
  stages: Type.Array(
    Type.Object({ stageId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })), ...stageBody }),
    { maxItems: 100 },
  ),
}

/** Whatever is there is not archived: only what was deleted is. */
export const archivedBody = {
  archived: Type.Optional(Type.Boolean({ description: 'Of a pipeline that was archived; others refuse it.' })),
}

export const pathOf = {
  type: { objectType: TypeName('deals') },
  pipeline: { objectType: TypeName('deals'), pipelineId: Type.String({ minLength: 1, maxLength: 100 }) },
  stage: {
    objectType: TypeName('deals'),
    pipelineId: Type.String({ minLength: 1, maxLength: 100 }),
    stageId: Type.String({ minLength: 1, maxLength: 100 }),
  },
}

const Asked = () => Type.Optional(Type.Boolean())
export const deletionQuery = {
  validateReferencesBeforeDelete: Asked(),
  validateDealStageUsagesBeforeDelete: Asked(),
}

/** Of a pipeline that every portal has and nobody has changed. */
const ALWAYS = new Date(0)

const momentsOf = ({ asset }: Pipeline) => ({
  createdAt: (asset?.createdAt ?? ALWAYS).toISOString(),
  updatedAt: (asset?.updatedAt ?? ALWAYS).toISOString(),
  archived: false,
})

export const showStage = (pipeline: Pipeline, stage: Stage): Static<typeof StageAnswer> => ({
  ...stage,
  writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
  ...momentsOf(pipeline),
})

export function showPipeline(pipeline: Pipeline): Static<typeof PipelineAnswer> {
  const { asset: _, stages, ...rest } = pipeline
  return { ...rest, stages: stages.map((stage) => showStage(pipeline, stage)), ...momentsOf(pipeline) }
}
