import { createHash } from 'node:crypto'
import { AppError } from '../../errors.ts'
import { customFields } from '../../resources/custom-fields.ts'
import { objectFields } from '../../resources/object-fields.ts'
import { CUSTOM, objects } from '../../resources/objects.ts'
import { type Asset, type AssetDocument, type AssetResource, listAssets } from '../../store/assets/index.ts'
import type { Context } from '../define.ts'

export const objectKind = objects as unknown as AssetResource
export const fieldKind = objectFields as unknown as AssetResource

/** A custom object, or a standard one, whether or not anything was ever changed about it. */
export interface ObjectSchema {
  id: string
  key: string
  standard: boolean
  document: AssetDocument
  /** Null: nothing is stored of it. */
  asset: Asset | null
}

const STANDARD = [
  ['contact', 'Contact', 'Contacts', 'contact.name'],
  ['opportunity', 'Opportunity', 'Opportunities', 'opportunity.name'],
  ['business', 'Company', 'Companies', 'business.name'],
] as const

/** The same in every reading, and another in every location. */
const idOf = (locationId: string, key: string) =>
  createHash('sha256').update(`${locationId}/${key}`).digest('hex').slice(0, 24)

export async function listObjects(ctx: Context): Promise<ObjectSchema[]> {
  const assets = await listAssets(ctx.db, objectKind, ctx.locationId)
  const standard = STANDARD.map(([key, singular, plural, primaryDisplayProperty]) => {
    const asset = assets.find(({ document }) => document.key === key) ?? null
    const document = asset?.document ?? { key, labels: { singular, plural }, primaryDisplayProperty }
    return { id: asset?.id ?? idOf(ctx.locationId, key), key, standard: true, document, asset }
  })
  const custom = assets
    .filter(({ document }) => String(document.key).startsWith(CUSTOM))
    .map((asset) => ({
      id: asset.id,
      key: String(asset.document.key),
      standard: false,
      document: asset.document,
      asset,
    }))
  return [...standard, ...custom]
}

/** By its key (`custom_objects.pet`, or `pet`) or its id. 404 when there is none. */
export async function getObject(ctx: Context, keyOrId: string): Promise<ObjectSchema> {
  const wanted = keyOrId.replace(/^custom_object\./, CUSTOM)
  const found = (await listObjects(ctx)).find(
    ({ id, key }) => id === keyOrId || key === wanted || key === `${CUSTOM}${wanted}`,
  )
  if (found === undefined) throw new AppError('not_found', { what: objects.noun, id: keyOrId })
  return found
}

/** Fields and folders of an object, by creation. Those of contacts and opportunities are the location's custom fields. */
export async function listFields(ctx: Context, { key }: Pick<ObjectSchema, 'key'>): Promise<Asset[]> {
  if (key !== 'contact' && key !== 'opportunity')
    return (await listAssets(ctx.db, fieldKind, ctx.locationId)).filter(({ document }) => document.objectKey === key)
  const fields = await listAssets(ctx.db, customFields as unknown as AssetResource, ctx.locationId)
  return fields.filter(({ document }) => document.model === key)
}
