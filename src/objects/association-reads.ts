import type { Db } from '../db/pool.ts'
import { listAssets } from '../store/assets/index.ts'
import { type Condition, isTiedTo, listTies, type TieQuestion } from '../store/records/index.ts'
import { findAssociationField } from './association-fields.ts'
import { labelKind, listLabels, toTypes } from './association-labels.ts'
import { type AssociationType, plainType, primaryType, standardTypes } from './association-types.ts'
import type { Portal } from './load.ts'
import { type ObjectType, TYPES } from './types.ts'

/** All types of association between two types of objects, as seen from the first; the plain one is the first. */
export async function listAssociationTypes(
  db: Db,
  locationId: string,
  from: ObjectType,
  to: ObjectType,
): Promise<AssociationType[]> {
  return [...standardTypes(from.typeId, to.typeId), ...(await listLabels(db, locationId, from, to))]
}

function fieldBetween(from: ObjectType, to: ObjectType): TieQuestion['field'] {
  const field = findAssociationField(from.typeId, to.typeId)
  if (field === null) return null
  const primary = field.isPrimary ? primaryType(from.typeId, to.typeId) : null
  return {
    name: field.field,
    on: field.owner === from.typeId ? 'from' : 'to',
    typeIds: [plainType(from.typeId, to.typeId).typeId, ...(primary === null ? [] : [primary.typeId])],
  }
}

/** One thing that an object is associated with. */
export interface AssociatedObject {
  objectId: number
  /** The plain one first. */
  types: AssociationType[]
}

export interface Associations {
  /** Numbers of the objects that are there. */
  found: ReadonlySet<number>
  /** Of each that has some: those of the page, by number. */
  of: ReadonlyMap<number, { associated: AssociatedObject[]; hasMore: boolean }>
}

/** What objects of one type are associated with of another type: two statements, whatever their number. */
export async function readAssociations(
  db: Db,
  locationId: string,
  question: {
    from: ObjectType
    to: ObjectType
    wanted: readonly { objectId: string; after?: string | undefined }[]
    /** Of each. */
    limit: number
  },
): Promise<Associations> {
  const { from, to, wanted, limit } = question
  const [types, { found, ties }] = await Promise.all([
    listAssociationTypes(db, locationId, from, to),
    listTies(db, locationId, { from, to, field: fieldBetween(from, to), wanted, limit }),
  ])
  const of = new Map<number, { associated: AssociatedObject[]; hasMore: boolean }>()
  for (const tie of ties) {
    const known = of.get(tie.from) ?? { associated: [], hasMore: false }
    of.set(tie.from, known)
    const is = ({ category, typeId }: AssociationType) =>
      tie.types.some((one) => one.category === category && one.typeId === typeId)
    if (known.associated.length === limit) known.hasMore = true
    else known.associated.push({ objectId: tie.to, types: types.filter(is) })
  }
  return { found, of }
}

/** For searches by `associations.{type}`: records of `from` that are associated with the object of this number. */
export const isAssociatedWith = (locationId: string, from: ObjectType, to: ObjectType, objectId: string): Condition =>
  isTiedTo(locationId, { from, to, field: fieldBetween(from, to) }, objectId)

/** The type at the other end of a type of association, as callers name it; null: there is none from this type. */
export async function typeOfSpec(
  db: Db,
  portal: Pick<Portal, 'locationId' | 'types'>,
  from: ObjectType,
  { associationCategory, associationTypeId }: { associationCategory: string; associationTypeId: number },
): Promise<ObjectType | null> {
  const types = [...TYPES.filter(({ kind }) => kind !== 'users'), ...portal.types]
  const is = ({ typeId }: AssociationType) => typeId === associationTypeId
  if (associationCategory === 'HUBSPOT_DEFINED')
    return types.find((to) => standardTypes(from.typeId, to.typeId).some(is)) ?? null
  const labels = await listAssets(db, labelKind, portal.locationId)
  return types.find((to) => labels.some((asset) => toTypes(asset, from, to).some(is))) ?? null
}

const slug = (label: string) => label.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_')

/** What the reads of objects call a type: one that counts most is named by the two types alone. */
export function nameOfType(from: ObjectType, to: ObjectType, { label, isPrimary }: AssociationType): string {
  const name = `${from.name}_to_${to.name}`
  if (label !== null) return isPrimary ? name : slug(label)
  return primaryType(from.typeId, to.typeId) === null ? name : `${name}_unlabeled`
}

/** The `associations` of objects that are read: object number -> plural of the type -> what is tied to it. */
export type ShownAssociations = Map<number, Record<string, { results: { id: string; type: string }[] }>>

/** Of each object and type so many are shown; the rest is asked for as associations. */
const SHOWN = 500

export async function showAssociations(
  db: Db,
  locationId: string,
  { from, to, objectIds }: { from: ObjectType; to: readonly ObjectType[]; objectIds: readonly string[] },
): Promise<ShownAssociations> {
  const shown: ShownAssociations = new Map()
  const wanted = objectIds.map((objectId) => ({ objectId }))
  const all = await Promise.all(
    to.map((other) => readAssociations(db, locationId, { from, to: other, wanted, limit: SHOWN })),
  )
  for (const [index, { of }] of all.entries())
    for (const [objectId, { associated }] of of) {
      const other = to[index] as ObjectType
      const results = associated.flatMap(({ objectId: id, types }) =>
        types.map((type) => ({ id: String(id), type: nameOfType(from, other, type) })),
      )
      shown.set(objectId, { ...shown.get(objectId), [other.plural]: { results } })
    }
  return shown
}
