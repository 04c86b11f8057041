import { Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { loadPortals, takeLabelOff } from '../../objects/index.ts'
import { associations } from '../../resources/associations.ts'
import {
  type AssetResource,
  countAssets,
  createAsset,
  deleteAsset,
  getAsset,
  listAssets,
  updateAsset,
} from '../../store/assets/index.ts'
import { settleRefs } from '../../store/records/index.ts'
import { toWire, wireSchema } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { Id, Limit, Skip } from '../schemas.ts'

const resource = associations as unknown as AssetResource
const { associationType: _, ...properties } = associations.schema.properties
const locate = { kind: resource.kind, param: 'associationId' }
const Association = wireSchema(resource)
const common = { category: 'Associations', token: 'either', locate } as const
const { read, write } = resource.scopes

/**
 * wire/highlevel/associations.json: the definitions. The specification gives the list the answer of a single one; a
 * list is answered here.
 */
export const associationOperations = [
  operation({
    ...common,
    locate: null,
    name: 'associations.list',
    title: 'Find Associations',
    description: 'The associations of a location, by creation.',
    access: 'read',
    scope: [read, write],
    http: 'GET /associations/',
    input: Type.Object({ locationId: Id(), skip: Skip(), limit: Limit(20, 500) }, { additionalProperties: false }),
    output: Type.Object({ associations: Type.Array(Association), total: Type.Integer() }),
    async run(ctx, { locationId, skip, limit = 20 }) {
      const page = await listAssets(ctx.db, resource, locationId, { skip, limit })
      return {
        associations: page.map((one) => toWire(one, locationId)) as never,
        total: await countAssets(ctx.db, locationId, resource.kind),
      }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'associations.create',
    title: 'Create Association',
    description: 'Stores a new association. Its key is unique in the location.',
    access: 'write',
    scope: write,
    http: 'POST /associations/',
    status: 201,
    input: Type.Object({ locationId: Id(), ...properties }, { additionalProperties: false }),
    output: Association,
    async run(ctx, { locationId, ...document }) {
      return toWire(
        await createAsset(ctx.scope, resource, { ...document, associationType: 'USER_DEFINED' }),
        locationId,
      )
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'associations.getByKey',
    title: 'Get Association Key',
    description: 'The association with this key.',
    access: 'read',
    scope: [read, write],
    http: 'GET /associations/key/:key_name',
    input: Type.Object(
      { key_name: Type.String({ minLength: 1, maxLength: 200 }), locationId: Id() },
      { additionalProperties: false },
    ),
    output: Association,
    async run(ctx, { key_name: key, locationId }) {
      const found = (await listAssets(ctx.db, resource, locationId)).find(({ document }) => document.key === key)
      if (found === undefined) throw new AppError('not_found', { what: resource.noun, id: key })
      return toWire(found, locationId)
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'associations.getByObjectKey',
    title: 'Get Association by Keys',
    description: 'The first association that has this object on either side; all of them in `associations`.',
    access: 'read',
    scope: [read, write],
    http: 'GET /associations/objectKey/:objectKey',
    input: Type.Object(
      { objectKey: Type.String({ minLength: 1, maxLength: 200 }), locationId: Type.Optional(Id()) },
      { additionalProperties: false },
    ),
    output: Type.Object({ ...Association.properties, associations: Type.Array(Association) }),
    async run(ctx, { objectKey }) {
      const all = await listAssets(ctx.db, resource, ctx.locationId)
      const found = all
        .filter(({ document }) => document.firstObjectKey === objectKey || document.secondObjectKey === objectKey)
        .map((one) => toWire(one, ctx.locationId))
      if (found[0] === undefined) throw new AppError('not_found', { what: 'association of', id: objectKey })
      return { ...found[0], associations: found } as never
    },
  }),
  operation({
    ...common,
    name: 'associations.get',
    title: 'Get Association',
    access: 'read',
    scope: [read, write],
    http: 'GET /associations/:associationId',
    input: Type.Object({ associationId: Id() }, { additionalProperties: false }),
    output: Association,
    async run(ctx, { associationId }) {
      return toWire(await getAsset(ctx.db, resource, ctx.locationId, associationId), ctx.locationId)
    },
  }),
  operation({
    ...common,
    name: 'associations.update',
    title: 'Update Association',
    description: 'Changes the labels.',
    access: 'write',
    scope: write,
    http: 'PUT /associations/:associationId',
    input: Type.Object(
      {
        associationId: Id(),
        firstObjectLabel: Type.Optional(properties.firstObjectLabel),
        secondObjectLabel: Type.Optional(properties.secondObjectLabel),
      },
      { additionalProperties: false },
    ),
    output: Association,
    async run(ctx, { associationId, ...changes }) {
      return toWire(
        await updateAsset(ctx.scope, resource, associationId, ({ document }) => ({ ...document, ...changes })),
        ctx.locationId,
      )
    },
  }),
  operation({
    ...common,
    name: 'associations.delete',
    title: 'Delete Association',
    description: 'Removes the association with all its relations.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /associations/:associationId',
    input: Type.Object({ associationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ deleted: Type.Boolean(), id: Type.String(), message: Type.String() }),
    async run(ctx, { associationId: id }) {
      await deleteAsset(ctx.scope, resource, id)
      const portal = (await loadPortals(ctx.db, [ctx.locationId])).get(ctx.locationId)
      if (portal !== undefined) await takeLabelOff(ctx.scope, portal, id, 'goes')
      await settleRefs(ctx.scope, resource.kind, [id])
      return { deleted: true, id, message: 'Association deleted' }
    },
  }),
]
