import { pipelines } from '../../resources/pipelines.ts'
import { tags } from '../../resources/tags.ts'
import { workflows } from '../../resources/workflows.ts'
import { listAssetRows } from '../../store/assets/index.ts'
import { addTags, enrol } from '../contacts/index.ts'
import type { Context } from '../define.ts'
import { openOpportunity } from '../opportunities/index.ts'

/** `onSubmit` of a form or survey. */
export interface OnSubmit {
  action?: string
  message?: string
  redirectUrl?: string
  tagIds?: string[]
  workflowId?: string
  pipelineId?: string
  stageId?: string
}

/** What a form says is to happen with whoever answered it. What it names and is gone is passed over. */
export async function takeConsequences(
  ctx: Context,
  { tagIds = [], workflowId, pipelineId, stageId }: OnSubmit,
  { contactId, title }: { contactId: string; title: string },
): Promise<void> {
  const found = async (kind: string, ids: readonly string[]) =>
    ids.length === 0 ? [] : await listAssetRows(ctx.db, ctx.locationId, kind, { ids: [...ids] })
  const names = (await found(tags.kind, tagIds)).map(({ name }) => name)
  if (names.length > 0) await addTags(ctx, contactId, names)
  if (pipelineId !== undefined && (await found(pipelines.kind, [pipelineId])).length > 0)
    await openOpportunity(ctx, { contactId, name: title, pipelineId, pipelineStageId: stageId })
  if (workflowId !== undefined && (await found(workflows.kind, [workflowId])).length > 0)
    await enrol(ctx, { contactId, kind: 'workflows', assetId: workflowId })
}
