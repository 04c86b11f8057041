import { Type } from 'typebox'
import { type Asset, listAssets } from '../../store/assets/index.ts'
import { crudOperations } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { Id, Instant, Limit, Noun, Skip } from '../schemas.ts'
import {
  category,
  common,
  countPages,
  listPages,
  type Page,
  pagesOf,
  read,
  resource,
  type Step,
  write,
} from './funnel-pages.ts'

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
  versionless: true,
  input: Type.Object(
    {
      locationId: Id(),
      type: Type.Optional(Type.String({ maxLength: 50 })),
      category: Type.Optional(Type.String({ maxLength: 100 })),
      offset: Skip(),
      limit: Limit(20, 500),
      parentId: Type.Optional(
        Type.String({ maxLength: 64, description: 'There are no folders: a folder’s id lists none.' }),
      ),
      name: Type.Optional(Type.String({ maxLength: 200 })),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    funnels: Type.Array(
      Noun('ListedFunnel', {
        _id: Type.String(),
        locationId: Type.String(),
        name: Type.String(),
        dateAdded: Instant(),
      }),
    ),
    count: Type.Integer(),
    traceId: Type.String(),
  }),
  async run(ctx, { locationId, type, category: wanted, offset = 0, limit = 20, parentId, name }) {
    const all = parentId
      ? []
      : (await listAssets(ctx.db, resource, locationId, { search: name })).map((funnel) => toListed(funnel, locationId))
    const found = all.filter(
      (funnel) => (!type || funnel.type === type) && (!wanted || (funnel as { category?: string }).category === wanted),
    )
    return { funnels: found.slice(offset, offset + limit) as never, count: found.length, traceId: ctx.traceId }
  },
})

export const funnelOperations = [
  listFunnels,
  listPages,
  countPages,
  ...crudOperations({ resource, path: '/funnels', name: 'funnels', category, param: 'funnelId' }),
]
