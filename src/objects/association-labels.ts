import type { Db } from '../db/pool.ts'
import { associations } from '../resources/associations.ts'
import { type Asset, type AssetResource, listAssets } from '../store/assets/index.ts'
import { type AssociationType, typeIdOfLabel } from './association-types.ts'
import type { Portal } from './load.ts'
import { type ObjectType, TYPES } from './types.ts'

/** Associations of the other wire are labels here. */
export const labelKind = associations as unknown as AssetResource

interface LabelDocument {
  firstObjectKey: string
  firstObjectLabel: string
  secondObjectKey: string
  secondObjectLabel: string
}

const KEYS: Readonly<Record<string, string>> = { '0-1': 'contact', '0-2': 'business', '0-3': 'opportunity' }

/** What the other wire calls a type. */
export const objectKeyOf = ({ typeId, name, custom }: ObjectType): string => custom?.key ?? KEYS[typeId] ?? name

const isKeyOf = (type: ObjectType, key: string) =>
  key === objectKeyOf(type) || (type.typeId === '0-2' && key === 'company')

/** The type that the other wire calls so; null: it is no object of ours, or one that has no associations. */
export const typeOfKey = ({ types }: Pick<Portal, 'types'>, key: string): ObjectType | null =>
  [...TYPES, ...types].find((type) => type.kind !== 'users' && isKeyOf(type, key)) ?? null

/** The types that somebody defined between two types of objects, as seen from the first. */
export async function listLabels(
  db: Db,
  locationId: string,
  from: ObjectType,
  to: ObjectType,
): Promise<AssociationType[]> {
  return (await listAssets(db, labelKind, locationId)).flatMap((asset) => toTypes(asset, from, to))
}

/** Both directions where the two types are one and the labels differ. */
export function toTypes({ id, document }: Pick<Asset, 'id' | 'document'>, from: ObjectType, to: ObjectType) {
  const { firstObjectKey, firstObjectLabel, secondObjectKey, secondObjectLabel } = document as never as LabelDocument
  const isStraight = isKeyOf(from, firstObjectKey) && isKeyOf(to, secondObjectKey)
  const isInverse = isKeyOf(to, firstObjectKey) && isKeyOf(from, secondObjectKey)
  const [straight, other] = [typeIdOfLabel(id, 'straight'), typeIdOfLabel(id, 'inverse')]
  // One word for both ends of the same type: there is no direction in it.
  const inverse = isStraight && isInverse && firstObjectLabel === secondObjectLabel ? straight : other
  const as = (typeId: number, inverseTypeId: number, label: string): AssociationType => ({
    ...{ category: 'USER_DEFINED', typeId, inverseTypeId, label, isPrimary: false, labelId: id },
  })
  return [
    ...(isStraight ? [as(straight, inverse, secondObjectLabel)] : []),
    ...(isInverse && inverse !== straight ? [as(inverse, straight, firstObjectLabel)] : []),
  ]
}
