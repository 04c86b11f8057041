import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { triggerLinks } from '../../resources/trigger-links.ts'
import {
  type Asset,
  type AssetResource,
  createAsset,
  deleteAsset,
  getAsset,
  listAssets,
  updateAsset,
} from '../../store/assets/index.ts'
import { toWire, wireSchema } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { DONE, Done, Id, Limit, Noun, Skip } from '../schemas.ts'

const resource = triggerLinks as unknown as AssetResource
const { properties } = triggerLinks.schema
const locate = { kind: resource.kind, param: 'linkId' }
const read = [resource.scopes.read, resource.scopes.write]
const Link = Noun('TriggerLink', { ...wireSchema(resource).properties, fieldKey: Type.String() })
const answer = Type.Object({ link: Link })
const common = { category: 'Trigger Links', token: 'either', locate } as const

function toLink(asset: Asset, locationId: string) {
  return { ...toWire(asset, locationId), fieldKey: `{{trigger_link.${asset.id}}}` } as never
}

/**
 * Whoever follows a link is led somewhere. Browsers leave out spaces and control characters before they look for a
 * scheme.
 */
function checkTarget({ redirectTo = '' }: { redirectTo?: string }): void {
  const plain = redirectTo.replace(/[\s\p{Cc}]/gu, '')
  if (/^(javascript|data|vbscript):/i.test(plain)) throw invalid(['redirectTo must be the address of a page'])
}

/** wire/highlevel/links.json. Updating and deleting answer 201 there. */
export const triggerLinkOperations = [
  operation({
    ...common,
    locate: null,
    name: 'links.list',
    title: 'List Trigger Links',
    description: 'The trigger links of a location, by creation.',
    access: 'read',
    scope: read,
    http: 'GET /links/',
    input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ links: Type.Array(Link) }),
    async run(ctx, { locationId }) {
      return { links: (await listAssets(ctx.db, resource, locationId)).map((link) => toLink(link, locationId)) }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'links.search',
    title: 'Search Trigger Links',
    description: 'Trigger links whose name contains the query.',
    access: 'read',
    scope: read,
    http: 'GET /links/search',
    input: Type.Object(
      { locationId: Id(), query: Type.Optional(Type.String({ maxLength: 200 })), skip: Skip(), limit: Limit(20, 500) },
      { additionalProperties: false },
    ),
    output: Type.Object({ links: Type.Array(Link) }),
    async run(ctx, { locationId, query, skip, limit = 20 }) {
      return {
        links: (await listAssets(ctx.db, resource, locationId, { search: query, skip, limit })).map((link) =>
          toLink(link, locationId),
        ),
      }
    },
  }),
  operation({
    ...common,
    name: 'links.get',
    title: 'Get Trigger Link',
    access: 'read',
    scope: read,
    http: 'GET /links/id/:linkId',
    input: Type.Object({ linkId: Id(), locationId: Type.Optional(Id()) }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { linkId }) {
      return { link: toLink(await getAsset(ctx.db, resource, ctx.locationId, linkId), ctx.locationId) }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'links.create',
    title: 'Create Trigger Link',
    description: 'Stores a new trigger link. Its fieldKey is what messages put in place of the address.',
    access: 'write',
    scope: resource.scopes.write,
    http: 'POST /links/',
    status: 201,
    input: Type.Object({ locationId: Id(), ...properties }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { locationId, ...document }) {
      checkTarget(document)
      return { link: toLink(await createAsset(ctx.scope, resource, document), locationId) }
    },
  }),
  operation({
    ...common,
    name: 'links.update',
    title: 'Update Trigger Link',
    description: 'Replaces the properties that the body names and keeps the others.',
    access: 'write',
    scope: resource.scopes.write,
    http: 'PUT /links/:linkId',
    status: 201,
    input: Type.Object(
      { linkId: Id(), ...Type.Partial(triggerLinks.schema).properties },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { linkId, ...changes }) {
      checkTarget(changes)
      return {
        link: toLink(
          await updateAsset(ctx.scope, resource, linkId, ({ document }) => ({ ...document, ...changes })),
          ctx.locationId,
        ),
      }
    },
  }),
  operation({
    ...common,
    name: 'links.delete',
    title: 'Delete Trigger Link',
    description: 'Removes the trigger link. What refers to it is listed under broken references.',
    access: 'destructive',
    scope: resource.scopes.write,
    http: 'DELETE /links/:linkId',
    status: 201,
    input: Type.Object({ linkId: Id() }, { additionalProperties: false }),
    output: Done(),
    async run(ctx, { linkId }) {
      await deleteAsset(ctx.scope, resource, linkId)
      return DONE
    },
  }),
]
