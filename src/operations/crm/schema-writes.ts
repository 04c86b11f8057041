import { AppError, invalid } from '../../errors.ts'
import {
  fieldOf,
  loadPortals,
  type NewProperty,
  type ObjectType,
  objectKeyOf,
  type Portal,
} from '../../objects/index.ts'
import { objectFields } from '../../resources/object-fields.ts'
import { CUSTOM, objects } from '../../resources/objects.ts'
import { objectRecords } from '../../resources/records/object-records.ts'
import {
  type Asset,
  type AssetDocument,
  type AssetResource,
  createAsset,
  createAssets,
  deleteAsset,
  getAsset,
  listAssets,
} from '../../store/assets/index.ts'
import { countRecords, equals, hasTerm } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import type { WireSchema } from './schema-shapes.ts'

export const objectKind = objects as unknown as AssetResource
export const fieldKind = objectFields as unknown as AssetResource

export async function portalOf({ db, locationId }: Context): Promise<Portal> {
  const portal = (await loadPortals(db, [locationId])).get(locationId)
  if (portal === undefined) throw new AppError('not_found', { what: 'location', id: locationId })
  return portal
}

export type CustomType = ObjectType & { custom: NonNullable<ObjectType['custom']> }

/** 404 for what is no custom type: those of HubSpot's own have no schema that anybody made. */
export function customOf(portal: Portal, spelled: string): CustomType {
  const type = portal.find(spelled)
  if (type === null || type.custom === null) throw new AppError('not_found', { what: 'object schema', id: spelled })
  return type as CustomType
}

export const assetOf = (ctx: Context, { custom }: CustomType): Promise<Asset> =>
  getAsset(ctx.db, objectKind, ctx.locationId, custom.assetId)

export interface NewSchema {
  name: string
  labels: { singular?: string; plural?: string }
  description?: string
  primaryDisplayProperty?: string
  secondaryDisplayProperties?: string[]
  requiredProperties?: string[]
  searchableProperties?: string[]
  properties: NewProperty[]
  associatedObjects?: string[]
}

/** Two statements' worth of assets: the object, and its fields in one go. */
export async function createSchema(ctx: Context, portal: Portal, schema: NewSchema): Promise<string> {
  const name = schema.name.toLowerCase()
  const key = CUSTOM + name
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(name))
    throw invalid(['name must begin with a letter and be made of letters, digits and underscores'])
  const names = schema.properties.map((property) => property.name)
  const primary = schema.primaryDisplayProperty ?? names[0]
  if (primary === undefined) throw invalid(['properties: there is none that objects could be shown by'])
  const associated = (schema.associatedObjects ?? []).map((spelled) => objectKeyOf(otherOf(portal, spelled)))
  const wire = { required: schema.requiredProperties, secondary: schema.secondaryDisplayProperties, associated }
  checkNames(names, { ...schema, primaryDisplayProperty: primary })
  const asset = await createAsset(ctx.scope, objectKind, {
    key,
    labels: {
      singular: schema.labels.singular ?? name,
      plural: schema.labels.plural ?? schema.labels.singular ?? name,
    },
    ...(schema.description ? { description: schema.description } : {}),
    primaryDisplayProperty: `${key}.${primary}`,
    searchableProperties: (schema.searchableProperties ?? [primary]).map((one) => `${key}.${one}`),
    ...wireOf(wire),
  })
  const fields = { kind: 'object_fields', objectKey: key } as const
  await createFields(ctx, { name, custom: { assetId: asset.id, key }, fields }, schema.properties)
  return asset.id
}

async function createFields(
  ctx: Context,
  type: Parameters<typeof fieldOf>[0],
  properties: readonly NewProperty[],
): Promise<void> {
  const fields = properties.map((property) => fieldOf(type, property))
  const faults = fields.flatMap((field, index) => ('fault' in field ? [`properties[${index}]: ${field.fault}`] : []))
  const names = properties.map(({ name }) => name)
  for (const [index, name] of names.entries())
    if (names.indexOf(name) !== index) faults.push(`properties[${index}]: there are two with the name ${name}`)
  if (faults.length > 0) throw invalid(faults.slice(0, 50))
  const documents = fields.flatMap((field) => ('document' in field ? [field.document] : []))
  if (documents.length > 0) await createAssets(ctx.scope, fieldKind, documents)
}

/** A type that a schema names, by anything that it is called. */
export function otherOf(portal: Portal, spelled: string): ObjectType {
  const type = portal.find(spelled)
  if (type === null) throw invalid([`associatedObjects: there is no object type ${spelled.slice(0, 100)}`])
  return type
}

type Named = Pick<
  NewSchema,
  'primaryDisplayProperty' | 'secondaryDisplayProperties' | 'requiredProperties' | 'searchableProperties'
>

/** What a schema says of properties is of such that there are. */
export function checkNames(known: readonly string[], named: Named): void {
  const faults = (
    ['primaryDisplayProperty', 'secondaryDisplayProperties', 'requiredProperties', 'searchableProperties'] as const
  ).flatMap((field) =>
    [named[field] ?? []]
      .flat()
      .filter((name) => !known.includes(name))
      .map((name) => `${field}: there is no property ${name.slice(0, 100)}`),
  )
  if (faults.length > 0) throw invalid(faults.slice(0, 50))
}

/** Nothing where nothing is said. */
export function wireOf(said: Record<keyof WireSchema, string[] | undefined>): { wire?: WireSchema } {
  const wire = Object.fromEntries(Object.entries(said).filter(([, list]) => list !== undefined && list.length > 0))
  return Object.keys(wire).length === 0 ? {} : { wire }
}

export type SchemaChanges = Named & {
  labels?: { singular?: string; plural?: string }
  description?: string
  clearDescription?: boolean
}

/** The document with the changes; the caller has checked the names. */
export function editedSchema(document: AssetDocument, { custom }: CustomType, changes: SchemaChanges): AssetDocument {
  const full = (name: string) => `${custom.key}.${name}`
  const { required, secondary, associated } = (document.wire ?? {}) as WireSchema
  const { description: before, wire: _, ...rest } = document
  const description = changes.clearDescription ? undefined : (changes.description ?? before)
  const { primaryDisplayProperty: primary, searchableProperties: searchable } = changes
  return {
    ...rest,
    ...(description === undefined || description === '' ? {} : { description }),
    labels: { ...(document.labels as object), ...changes.labels },
    ...(primary === undefined ? {} : { primaryDisplayProperty: full(primary) }),
    ...(searchable === undefined ? {} : { searchableProperties: searchable.map(full) }),
    ...wireOf({
      required: changes.requiredProperties ?? required,
      secondary: changes.secondaryDisplayProperties ?? secondary,
      associated,
    }),
  }
}

/** 400 while there are objects of the type. */
export async function deleteSchema(ctx: Context, type: CustomType): Promise<void> {
  const { assetId, key } = type.custom
  const where = hasTerm(ctx.locationId, 'objectId', assetId) ?? equals('objectId', assetId)
  const count = await countRecords(ctx.tx, objectRecords, ctx.locationId, where)
  if (count > 0)
    throw new AppError('bad_request', { reason: `There are ${count} objects of type ${type.name}. Delete them first.` })
  const fields = await listAssets(ctx.tx, fieldKind, ctx.locationId)
  for (const { id, document } of fields) if (document.objectKey === key) await deleteAsset(ctx.scope, fieldKind, id)
  await deleteAsset(ctx.scope, objectKind, assetId)
}
