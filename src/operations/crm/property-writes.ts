import { AppError } from '../../errors.ts'
import {
  changedOptions,
  dataTypeOf,
  fieldOf,
  groupOf,
  type NewProperty,
  type Property,
  toProperty,
} from '../../objects/index.ts'
import { customFields } from '../../resources/custom-fields.ts'
import { objectFields } from '../../resources/object-fields.ts'
import {
  type Asset,
  type AssetDocument,
  type AssetResource,
  createAssets,
  deleteAsset,
  listAssets,
  lockLocation,
  readFormer,
  updateAsset,
} from '../../store/assets/index.ts'
import { listDeletions } from '../../store/changes/index.ts'
import type { Context } from '../define.ts'
import { folderPrefix, type Known } from './property-shapes.ts'
import { objectNotFound, refused } from './refusals.ts'
import type { Shelf } from './shelf.ts'

/** A property with what is known of it; those that somebody made have an asset. */
export interface Defined extends Known {
  property: Property
  asset: Asset | null
}

/** Of one type (wire/hubspot.md: ten), and how many there may be at all. */
const [MOST_UNIQUE, MOST] = [10, 1000]

export const fieldKind = ({ type: { fields } }: Pick<Shelf, 'type'>): AssetResource =>
  (fields.kind === 'custom_fields' ? customFields : objectFields) as unknown as AssetResource

type Shape = Pick<Shelf, 'type' | 'map'>

/** The fields of the type, with its folders. */
export async function readAssets(ctx: Context, shelf: Shape): Promise<{ fields: Asset[]; folders: Asset[] }> {
  return assetsOf(shelf, await listAssets(ctx.db, fieldKind(shelf), ctx.locationId))
}

function assetsOf({ type: { fields: of } }: Shape, assets: readonly Asset[]): { fields: Asset[]; folders: Asset[] } {
  const all = assets.filter(({ document }) =>
    of.kind === 'custom_fields' ? document.model === of.model : document.objectKey === of.objectKey,
  )
  const isFolder = ({ document }: Asset) => document.documentType === 'folder'
  return { fields: all.filter((asset) => !isFolder(asset)), folders: all.filter(isFolder) }
}

/** A folder of the other wire is a group here; its key says the name. */
export const groupName = (shelf: Shape, { document }: Asset) =>
  String(document.fieldKey).replace(folderPrefix(shelf.type), '').replace(/^.*\./, '')

/** Every property of the type, in the order of lists. */
export async function listDefined(ctx: Context, shelf: Shape): Promise<Defined[]> {
  return definedIn(shelf, await listAssets(ctx.db, fieldKind(shelf), ctx.locationId))
}

/** The same of assets that were read, of whatever types. */
export function definedIn(shelf: Shape, assets: readonly Asset[]): Defined[] {
  const { fields, folders } = assetsOf(shelf, assets)
  const byId = new Map(fields.map((field) => [field.id, field]))
  return shelf.map.all.map((property) => {
    const asset = property.assetId === null ? null : (byId.get(property.assetId) ?? null)
    const folder = folders.find(({ id }) => id === asset?.document.parentId)
    return { property, asset, group: folder === undefined ? property.group : groupName(shelf, folder) }
  })
}

/** 404 where there is none of that name. */
export function definedAs(all: readonly Defined[], name: string): Defined {
  const found = all.find(({ property }) => property.name === name.toLowerCase() || property.name === name)
  if (found === undefined) throw objectNotFound()
  return found
}

/** Those that were archived, newest first, by the change log. */
export async function listArchived(ctx: Context, shelf: Shelf): Promise<Defined[]> {
  const resource = fieldKind(shelf)
  const gone = await listDeletions(ctx.db, { locationId: ctx.locationId, kind: resource.kind, limit: 500 })
  const hashes = gone.flatMap(({ beforeHash }) => beforeHash ?? [])
  const documents = await readFormer(ctx.db, resource, ctx.locationId, hashes)
  const seen = new Set(shelf.map.all.map(({ name }) => name))
  return gone.flatMap(({ entityId, beforeHash, at }): Defined[] => {
    const document = documents.get(beforeHash ?? '')
    const property = document === undefined ? null : toProperty(shelf.type, entityId, document)
    if (document === undefined || property === null || seen.has(property.name)) return []
    seen.add(property.name)
    const asset = { id: entityId, document, createdAt: at, updatedAt: at } as Asset
    return [{ property, asset, group: property.group, archivedAt: at }]
  })
}

export const propertyExists = (name: string) => new AppError('property_exists', { what: 'A property', name })

/** Makes properties, all of them or none. 409 for a name that there is. */
export async function createProperties(ctx: Context, shelf: Shelf, wanted: readonly NewProperty[]): Promise<void> {
  await lockLocation(ctx.tx, ctx.locationId)
  const { folders } = await readAssets(ctx, shelf)
  const names = new Set(shelf.map.all.map(({ name }) => name.toLowerCase()))
  if (names.size + wanted.length > MOST) throw refused(`A type has ${MOST} properties at most`)
  const unique = shelf.map.all.filter((one) => one.unique && one.assetId !== null).length
  const more = wanted.filter(({ hasUniqueValue }) => hasUniqueValue).length
  if (more > 0 && unique + more > MOST_UNIQUE)
    throw refused(`At most ${MOST_UNIQUE} properties of a type can have unique values`)
  const documents = wanted.map((property) => {
    const name = property.name.toLowerCase()
    if (names.has(name)) throw propertyExists(property.name)
    names.add(name)
    const made = fieldOf(shelf.type, property)
    if ('fault' in made) throw refused(made.fault)
    return { ...made.document, ...groupedAs(shelf, folders, property.groupName) }
  })
  await createAssets(ctx.scope, fieldKind(shelf), documents)
}

/** 400 for a group that there is not. */
function groupedAs(shelf: Shelf, folders: readonly Asset[], wanted = groupOf(shelf.type)): AssetDocument {
  const folder = folders.find((one) => groupName(shelf, one) === wanted)
  if (folder !== undefined) return { parentId: folder.id }
  const standard = new Set([groupOf(shelf.type), ...shelf.map.all.map(({ group }) => group)])
  if (!standard.has(wanted)) throw refused(`Property group "${wanted}" does not exist`)
  return {}
}

export type Changes = Partial<Omit<NewProperty, 'name' | 'hasUniqueValue'>> & { formField?: boolean }

/** 400 for what every portal has: its definition is not anybody's. */
export async function updateProperty(
  ctx: Context,
  shelf: Shelf,
  { property, asset }: Defined,
  changes: Changes,
): Promise<void> {
  if (asset === null) throw refused(`Property "${property.name}" is read only: its definition cannot be changed`)
  const { folders } = await readAssets(ctx, shelf)
  const { label, description, type, fieldType, displayOrder, options, groupName: group, formField } = changes
  const next = { type: type ?? property.type, fieldType: fieldType ?? property.fieldType }
  const dataType = dataTypeOf(next)
  if (dataType === undefined) throw refused(`There is no type ${next.type.slice(0, 40)}`)
  const place = group === undefined ? null : groupedAs(shelf, folders, group)
  const isRetyped = type !== undefined || fieldType !== undefined
  const given = options ?? (isRetyped ? property.options : null)
  await updateAsset(ctx.scope, fieldKind(shelf), asset.id, ({ document }) => {
    const { parentId, picklistOptions, options: keyed, ...rest } = document
    const kept = parentId === undefined ? {} : { parentId }
    const changed =
      given === null
        ? { listed: { ...(picklistOptions ? { picklistOptions } : {}), ...(keyed ? { options: keyed } : {}) } }
        : changedOptions(shelf.type.fields, document, { type: next.type, options: given })
    if ('fault' in changed) throw refused(`${property.name}: ${changed.fault}`)
    return {
      ...rest,
      ...(label === undefined ? {} : { name: label }),
      ...(description === undefined ? {} : { description }),
      ...(formField === undefined ? {} : { showInForms: formField }),
      ...(isRetyped ? { dataType } : {}),
      ...changed.listed,
      ...(place ?? kept),
      wire: {
        ...(document.wire as object | undefined),
        ...next,
        ...(group === undefined ? {} : { group }),
        ...(displayOrder === undefined ? {} : { displayOrder }),
        ...('said' in changed ? changed.said : {}),
      },
    }
  })
}

export async function archiveProperty(ctx: Context, shelf: Shelf, { property, asset }: Defined): Promise<void> {
  if (asset === null) throw refused(`Property "${property.name}" is read only: it cannot be archived`)
  await deleteAsset(ctx.scope, fieldKind(shelf), asset.id)
}
