import { Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { objectKeyOf, type Portal } from '../../objects/index.ts'
import { type Asset, getAsset, listAssets, lockLocation, updateAsset } from '../../store/assets/index.ts'
import { type Context, operation } from '../define.ts'
import { batchOf, toBatch } from './association-shapes.ts'
import { schemaLines } from './lines.ts'
import { definedIn } from './property-writes.ts'
import {
  AssociationDefinition,
  associatedTypes,
  definitionsOf,
  LabelsInput,
  PropertyInput,
  Schema,
  SchemaType,
  schemaBody,
  showSchema,
  type WireSchema,
} from './schema-shapes.ts'
import {
  assetOf,
  checkNames,
  createSchema,
  customOf,
  deleteSchema,
  editedSchema,
  fieldKind as objectFieldKind,
  objectKind,
  otherOf,
  portalOf,
  wireOf,
} from './schema-writes.ts'

const { read, write } = objectKind.scopes
const common = { category: 'CRM Objects', token: 'location', wire: 'hubspot' } as const
const reads = { ...common, access: 'read', scope: ['crm.schemas.custom.read', read, write] } as const
const writes = { ...common, access: 'write', scope: ['crm.schemas.custom.write', write] } as const
const path = { customType: SchemaType() }
const Asked = () => Type.Optional(Type.Boolean())
const asked = {
  archived: Asked(),
  includeAssociationDefinitions: Asked(),
  includePropertyDefinitions: Asked(),
  includeAuditMetadata: Asked(),
}

/** The same statement for any number of them. */
async function showSchemas(ctx: Context, portal: Portal, assets: readonly Asset[]) {
  const fields = await listAssets(ctx.db, objectFieldKind, ctx.locationId)
  return assets.flatMap((asset) => {
    const type = portal.types.find(({ custom }) => custom?.assetId === asset.id)
    if (type === undefined) return []
    const properties = definedIn({ type, map: portal.mapOf(type) }, fields)
    return [showSchema(portal, type, { asset, properties })]
  })
}

const showOnly = async (ctx: Context, portal: Portal, asset: Asset) =>
  (await showSchemas(ctx, portal, [asset]))[0] as never

/** wire/hubspot.md, "Custom types": the custom objects of the other wire. */
export const schemaOperations = [
  operation({
    ...reads,
    ...schemaLines('GET'),
    name: 'objectSchemas.list',
    title: 'List Object Schemas',
    description: 'The custom types of a portal with their properties, by creation. None of them is ever archived.',
    input: Type.Object(asked),
    output: Type.Object({ results: Type.Array(Schema) }),
    async run(ctx, { archived = false }) {
      if (archived) return { results: [] }
      const [portal, assets] = await Promise.all([portalOf(ctx), listAssets(ctx.db, objectKind, ctx.locationId)])
      return { results: await showSchemas(ctx, portal, assets) }
    },
  }),
  operation({
    ...writes,
    ...schemaLines('POST'),
    name: 'objectSchemas.create',
    title: 'Create Object Schema',
    description: 'A custom type with its properties. The name stays.',
    status: 201,
    input: Type.Object({
      name: Type.String({ minLength: 1, maxLength: 100 }),
      labels: LabelsInput(),
      ...schemaBody,
      properties: Type.Array(PropertyInput, { maxItems: 200 }),
      associatedObjects: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100 })),
    }),
    output: Schema,
    async run(ctx, schema) {
      await lockLocation(ctx.tx, ctx.locationId)
      const assetId = await createSchema(ctx, await portalOf(ctx), schema)
      const portal = await portalOf(ctx)
      return showOnly(ctx, portal, await getAsset(ctx.db, objectKind, ctx.locationId, assetId))
    },
  }),
  operation({
    ...reads,
    ...schemaLines('GET', '/:customType'),
    name: 'objectSchemas.get',
    title: 'Get Object Schema',
    input: Type.Object({ ...path, ...asked }),
    output: Schema,
    async run(ctx, { customType }) {
      const portal = await portalOf(ctx)
      const type = customOf(portal, customType)
      return showOnly(ctx, portal, await assetOf(ctx, type))
    },
  }),
  operation({
    ...writes,
    ...schemaLines('PATCH', '/:customType'),
    name: 'objectSchemas.update',
    title: 'Update Object Schema',
    description: 'Replaces what the body names and keeps the rest.',
    input: Type.Object({
      ...path,
      ...schemaBody,
      labels: Type.Optional(LabelsInput()),
      clearDescription: Asked(),
    }),
    output: Schema,
    async run(ctx, { customType, ...changes }) {
      await lockLocation(ctx.tx, ctx.locationId)
      const portal = await portalOf(ctx)
      const type = customOf(portal, customType)
      checkNames(
        portal.mapOf(type).all.map(({ name }) => name),
        changes,
      )
      const edit = ({ document }: { document: Record<string, unknown> }) => editedSchema(document, type, changes)
      const asset = await updateAsset(ctx.scope, objectKind, type.custom.assetId, edit)
      return showOnly(ctx, portal, asset)
    },
  }),
  operation({
    ...writes,
    ...schemaLines('DELETE', '/:customType'),
    name: 'objectSchemas.delete',
    title: 'Delete Object Schema',
    description: 'Refused while there are objects of the type.',
    access: 'destructive',
    status: 204,
    input: Type.Object({ ...path, archived: Asked() }),
    output: Type.Null(),
    async run(ctx, { customType }) {
      await lockLocation(ctx.tx, ctx.locationId)
      await deleteSchema(ctx, customOf(await portalOf(ctx), customType))
      return null
    },
  }),
  operation({
    ...reads,
    ...schemaLines('POST', '/batch/read'),
    name: 'objectSchemas.readBatch',
    title: 'Read Many Object Schemas',
    input: Type.Object({
      inputs: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100 }),
      includeAssociationDefinitions: Asked(),
      includePropertyDefinitions: Asked(),
      includeAuditMetadata: Asked(),
    }),
    output: batchOf(Schema),
    async run(ctx, { inputs }) {
      const [portal, assets] = await Promise.all([portalOf(ctx), listAssets(ctx.db, objectKind, ctx.locationId)])
      const ids = new Set(inputs.map((spelled) => customOf(portal, spelled).custom.assetId))
      const wanted = [...ids].flatMap((assetId) => assets.find(({ id }) => id === assetId) ?? [])
      return toBatch(ctx, await showSchemas(ctx, portal, wanted))
    },
  }),
  operation({
    ...writes,
    ...schemaLines('POST', '/:customType/associations'),
    name: 'objectSchemas.associate',
    title: 'Associate Object Schemas',
    description:
      'Says that objects of two types are associated. Objects of any types may be, whether it is said or not.',
    status: 201,
    input: Type.Object({
      ...path,
      fromObjectTypeId: Type.String({ minLength: 1, maxLength: 200 }),
      toObjectTypeId: Type.String({ minLength: 1, maxLength: 200 }),
      name: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    output: AssociationDefinition,
    async run(ctx, { customType, fromObjectTypeId, toObjectTypeId }) {
      await lockLocation(ctx.tx, ctx.locationId)
      const portal = await portalOf(ctx)
      const type = customOf(portal, customType)
      const [from, to] = [otherOf(portal, fromObjectTypeId), otherOf(portal, toObjectTypeId)]
      if (from.typeId !== type.typeId && to.typeId !== type.typeId)
        throw invalid([`fromObjectTypeId or toObjectTypeId must be ${type.typeId}`])
      const other = objectKeyOf(from.typeId === type.typeId ? to : from)
      const asset = await updateAsset(ctx.scope, objectKind, type.custom.assetId, ({ document }) => {
        const wire = (document.wire ?? {}) as WireSchema
        return { ...document, wire: { ...wire, associated: [...new Set([...(wire.associated ?? []), other])] } }
      })
      return definitionsOf(from, to, asset)[0] as never
    },
  }),
  operation({
    ...writes,
    ...schemaLines('DELETE', '/:customType/associations/:associationIdentifier'),
    name: 'objectSchemas.dissociate',
    title: 'Dissociate Object Schemas',
    description: 'Says it no longer. Objects that are associated stay so.',
    access: 'destructive',
    status: 204,
    input: Type.Object({ ...path, associationIdentifier: Type.String({ minLength: 1, maxLength: 100 }) }),
    output: Type.Null(),
    async run(ctx, { customType, associationIdentifier: id }) {
      await lockLocation(ctx.tx, ctx.locationId)
      const portal = await portalOf(ctx)
      const type = customOf(portal, customType)
      const asset = await assetOf(ctx, type)
      const gone = associatedTypes(portal, asset).find((other) =>
        definitionsOf(type, other, asset).some((one) => one.id === id || one.name === id),
      )
      if (gone === undefined) throw new AppError('not_found', { what: 'association', id })
      await updateAsset(ctx.scope, objectKind, type.custom.assetId, ({ document }) => {
        const { wire: _, ...rest } = document
        const { required, secondary, associated = [] } = (document.wire ?? {}) as WireSchema
        return {
          ...rest,
          ...wireOf({ required, secondary, associated: associated.filter((key) => key !== objectKeyOf(gone)) }),
        }
      })
      return null
    },
  }),
]
