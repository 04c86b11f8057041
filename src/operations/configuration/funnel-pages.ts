import { Type } from 'typebox'
import { funnels } from '../../resources/funnels.ts'
import { type Asset, type AssetResource, getAsset } from '../../store/assets/index.ts'
import { foldedText } from '../../store/natural-key.ts'
import { type Context, operation } from '../define.ts'
import { Id, Instant, Limit, Skip } from '../schemas.ts'

export const resource = funnels as unknown as AssetResource
export const category = 'Funnels'
export const { read, write } = resource.scopes
export const common = { category, access: 'read', token: 'either' } as const

export interface Step {
  id: string
  name: string
  pages?: string[]
}

export interface Page {
  id: string
  name: string
  stepId?: string
}

export const pagesOf = (funnel: Asset) => (funnel.document.pages ?? []) as Page[]

async function findPages(ctx: Context, input: { locationId: string; funnelId: string; name?: string }) {
  const funnel = await getAsset(ctx.db, resource, input.locationId, input.funnelId)
  const needle = foldedText(input.name ?? '')
  const steps = (funnel.document.steps ?? []) as Step[]
  return pagesOf(funnel)
    .filter((page) => foldedText(page.name).includes(needle))
    .map((page) => ({
      _id: page.id,
      locationId: input.locationId,
      funnelId: funnel.id,
      name: page.name,
      stepId: page.stepId ?? steps.find((step) => step.pages?.includes(page.id))?.id ?? '',
      deleted: false,
      updatedAt: funnel.updatedAt.toISOString(),
    }))
}

const pageQuery = { locationId: Id(), funnelId: Id(), name: Type.Optional(Type.String({ maxLength: 200 })) }

/** getPagesByFunnelId. Its schema shows one page; the answer is the list of them. */
export const listPages = operation({
  ...common,
  name: 'funnels.listPages',
  title: 'List Funnel Pages',
  description: 'The pages of one funnel, in its order.',
  scope: ['funnels/page.readonly', read, write],
  http: 'GET /funnels/page',
  versionless: true,
  input: Type.Object({ ...pageQuery, offset: Skip(), limit: Limit(20, 500) }, { additionalProperties: false }),
  output: Type.Array(
    Type.Object({
      _id: Type.String(),
      locationId: Type.String(),
      funnelId: Type.String(),
      name: Type.String(),
      stepId: Type.String(),
      deleted: Type.Boolean(),
      updatedAt: Instant(),
    }),
  ),
  async run(ctx, { offset = 0, limit = 20, ...query }) {
    return (await findPages(ctx, query)).slice(offset, offset + limit)
  },
})

/** getPagesCountByFunnelId. */
export const countPages = operation({
  ...common,
  name: 'funnels.countPages',
  title: 'Count Funnel Pages',
  description: 'How many pages a funnel has.',
  scope: ['funnels/pagecount.readonly', read, write],
  http: 'GET /funnels/page/count',
  versionless: true,
  input: Type.Object(pageQuery, { additionalProperties: false }),
  output: Type.Object({ count: Type.Integer() }),
  async run(ctx, query) {
    return { count: (await findPages(ctx, query)).length }
  },
})
