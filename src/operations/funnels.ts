import { Type } from 'typebox'
import { funnels } from '../resources/funnels.ts'
import { type Asset, getAsset, listAssets } from '../store/assets.ts'
import type { AssetResource } from '../store/resource.ts'
import { crudOperations } from './asset-crud.ts'
import { type Context, operation } from './define.ts'
import { Id, Instant, Limit, Noun, Skip } from './schemas.ts'

const resource = funnels as unknown as AssetResource
const category = 'Funnels'
const { read, write } = resource.scopes
const common = { category, access: 'read', token: 'either' } as const

interface Step {
  id: string
  name: string
  pages?: string[]
}

interface Page {
  id: string
  name: string
  stepId?: string
}

const pagesOf = (funnel: Asset) => (funnel.document.pages ?? []) as Page[]

/** A step as the wire lists it: with the ids of its pages, whichever side of the document names the other. */
function toStep(step: Step, index: number, pages: Page[]) {
  const named = pages.filter((page) => page.stepId === step.id).map((page) => page.id)
  return { sequence: index + 1, products: [], ...step, pages: [...new Set([...(step.pages ?? []), ...named])] }
}

function toListed(funnel: Asset, locationId: string) {
  const { pages: _, steps, ...document } = funnel.document
  return {
    ...document,
    _id: funnel.id,
    locationId,
    type: document.type ?? 'funnel',
    steps: ((steps ?? []) as Step[]).map((step, index) => toStep(step, index, pagesOf(funnel))),
    deleted: false,
    dateAdded: funnel.createdAt.toISOString(),
    dateUpdated: funnel.updatedAt.toISOString(),
    updatedAt: funnel.updatedAt.toISOString(),
  }
}

/** wire/highlevel/funnels.json: getFunnels. Its schema calls `funnels` an object; it is the list of them. */
const listFunnels = operation({
  ...common,
  name: 'funnels.list',
  title: 'List Funnels',
  description: 'The funnels and websites of a location, by creation, with their steps.',
  scope: [read, write],
  http: 'GET /funnels/funnel/list',
  input: Type.Object(
    {
      locationId: Id(),
      type: Type.Optional(Type.String({ maxLength: 50 })),
      category: Type.Optional(Type.String({ maxLength: 100 })),
      offset: Skip(),
      limit: Limit(20, 500),
      parentId: Type.Optional(Type.String({ maxLength: 64, description: 'There are no folders: a folder’s id lists none.' })),
      name: Type.Optional(Type.String({ maxLength: 200 })),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    funnels: Type.Array(Noun('ListedFunnel', { _id: Type.String(), locationId: Type.String(), name: Type.String(), dateAdded: Instant() })),
    count: Type.Integer(),
    traceId: Type.String(),
  }),
  async run(ctx, { locationId, type, category: wanted, offset = 0, limit = 20, parentId, name }) {
    const all = parentId ? [] : (await listAssets(ctx.db, resource, locationId, { search: name })).map((funnel) => toListed(funnel, locationId))
    const found = all.filter((funnel) => (!type || funnel.type === type) && (!wanted || (funnel as { category?: string }).category === wanted))
    return { funnels: found.slice(offset, offset + limit) as never, count: found.length, traceId: ctx.traceId }
  },
})

async function findPages(ctx: Context, input: { locationId: string; funnelId: string; name?: string }) {
  const funnel = await getAsset(ctx.db, resource, input.locationId, input.funnelId)
  const needle = (input.name ?? '').toLowerCase()
  const steps = (funnel.document.steps ?? []) as Step[]
  return pagesOf(funnel)
    .filter((page) => page.name.toLowerCase().includes(needle))
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
const listPages = operation({
  ...common,
  name: 'funnels.listPages',
  title: 'List Funnel Pages',
  description: 'The pages of one funnel, in its order.',
  scope: ['funnels/page.readonly', read, write],
  http: 'GET /funnels/page',
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
const countPages = operation({
  ...common,
  name: 'funnels.countPages',
  title: 'Count Funnel Pages',
  description: 'How many pages a funnel has.',
  scope: ['funnels/pagecount.readonly', read, write],
  http: 'GET /funnels/page/count',
  input: Type.Object(pageQuery, { additionalProperties: false }),
  output: Type.Object({ count: Type.Integer() }),
  async run(ctx, query) {
    return { count: (await findPages(ctx, query)).length }
  },
})

export const funnelOperations = [
  listFunnels,
  listPages,
  countPages,
  ...crudOperations({ resource, path: '/funnels', name: 'funnels', category, param: 'funnelId' }),
]
