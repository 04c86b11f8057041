import { Type } from 'typebox'
import { templates } from '../../resources/templates.ts'
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
import { Id, Instant, Limit, Noun, Skip } from '../schemas.ts'

const resource = templates as unknown as AssetResource
const { properties } = templates.schema
const locate = { kind: resource.kind, param: 'id' }
const read = [resource.scopes.read, resource.scopes.write]
const Template = Noun('Template', { ...wireSchema(resource).properties, dateAdded: Instant() })
const answer = Type.Object({ template: Template })
const common = { category: 'Templates', token: 'either', locate } as const

function toTemplate(asset: Asset, locationId: string) {
  return { ...toWire(asset, locationId), dateAdded: asset.createdAt.toISOString() } as never
}

/**
 * wire/highlevel/locations.json: GET-all-or-email-sms-templates and DELETE-an-email-sms-template, which answers an
 * empty body there. Creating, reading and updating are ours, in the same style.
 */
export const templateOperations = [
  operation({
    ...common,
    locate: null,
    name: 'templates.list',
    title: 'List Templates',
    description:
      'Text and e-mail snippets of a location, by creation. `originId` is required on the HighLevel wire; here it ' +
      'is accepted and selects nothing.',
    access: 'read',
    scope: read,
    http: 'GET /locations/:locationId/templates',
    input: Type.Object(
      {
        locationId: Id(),
        originId: Type.Optional(Type.String({ maxLength: 64 })),
        deleted: Type.Optional(Type.Boolean({ description: 'Deleted templates are gone, so true lists none.' })),
        skip: Skip(),
        limit: Limit(25, 500),
        type: Type.Optional(properties.type),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ templates: Type.Array(Template), totalCount: Type.Integer() }),
    async run(ctx, { locationId, type, deleted = false, skip = 0, limit = 25 }) {
      const all = deleted ? [] : await listAssets(ctx.db, resource, locationId)
      const wanted = all.filter(({ document }) => type === undefined || document.type === type)
      return {
        templates: wanted.slice(skip, skip + limit).map((template) => toTemplate(template, locationId)),
        totalCount: wanted.length,
      }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'templates.create',
    title: 'Create Template',
    description: 'Stores a new text or e-mail snippet.',
    access: 'write',
    scope: resource.scopes.write,
    http: 'POST /locations/:locationId/templates',
    status: 201,
    input: Type.Object({ locationId: Id(), ...properties }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { locationId, ...document }) {
      return { template: toTemplate(await createAsset(ctx.scope, resource, document), locationId) }
    },
  }),
  operation({
    ...common,
    name: 'templates.get',
    title: 'Get Template',
    access: 'read',
    scope: read,
    http: 'GET /locations/:locationId/templates/:id',
    input: Type.Object({ locationId: Id(), id: Id() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { locationId, id }) {
      return { template: toTemplate(await getAsset(ctx.db, resource, locationId, id), locationId) }
    },
  }),
  operation({
    ...common,
    name: 'templates.update',
    title: 'Update Template',
    description: 'Replaces the properties that the body names and keeps the others.',
    access: 'write',
    scope: resource.scopes.write,
    http: 'PUT /locations/:locationId/templates/:id',
    input: Type.Object(
      { locationId: Id(), id: Id(), ...Type.Partial(templates.schema).properties },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, id, ...changes }) {
      return {
        template: toTemplate(
          await updateAsset(ctx.scope, resource, id, ({ document }) => ({ ...document, ...changes })),
          locationId,
        ),
      }
    },
  }),
  operation({
    ...common,
    name: 'templates.delete',
    title: 'Delete Template',
    description: 'Removes the template. What refers to it is listed under broken references.',
    access: 'destructive',
    scope: resource.scopes.write,
    http: 'DELETE /locations/:locationId/templates/:id',
    input: Type.Object({ locationId: Id(), id: Id() }, { additionalProperties: false }),
    output: Type.Object({}),
    async run(ctx, { id }) {
      await deleteAsset(ctx.scope, resource, id)
      return {}
    },
  }),
]
