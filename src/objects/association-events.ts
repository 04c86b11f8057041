import type { RecordDocument } from '../store/records/index.ts'
import { associationFieldsOf } from './association-fields.ts'
import { type Category, isPrimary, plainType, primaryType } from './association-types.ts'
import { isOfType, TYPES } from './types.ts'

/** An event of the journal (wire/hubspot.md, "Shapes"), without its portal and its moment. */
export interface AssociationEvent {
  type: 'association'
  action: 'ASSOCIATION_ADDED' | 'ASSOCIATION_REMOVED'
  fromObjectTypeId: string
  fromObjectId: number
  toObjectTypeId: string
  toObjectId: number
  associationTypeId: number
  associationCategory: Category
  isPrimary: boolean
}

/** Of a row of the change log. */
export interface AssociationChange {
  kind: string
  entityId: string
  delta: Record<string, unknown> | null
  /** The record, now. */
  document?: RecordDocument | null
}

interface RecordName {
  kind: string
  id: string
}

type Side = 0 | 1
const SIDES: readonly (readonly [Side, AssociationEvent['action']])[] = [
  [0, 'ASSOCIATION_REMOVED'],
  [1, 'ASSOCIATION_ADDED'],
]

const sideOf = (delta: AssociationChange['delta'], field: string, side: Side): unknown =>
  (delta?.[field] as [unknown, unknown] | undefined)?.[side]

/** Kinds of whose changes some tell of associations. */
export const ASSOCIATING_KINDS: readonly string[] = [
  ...new Set([
    'object_associations',
    ...TYPES.map(({ kind }) => kind).filter((kind) => associationFieldsOf(kind).length > 0),
  ]),
]

/**
 * The records whose numbers `associationEventsOf` needs to know, also those that are deleted. None for changes that tell
 * of no association, and for those that say the numbers themselves.
 */
export function recordsNamedBy(change: AssociationChange): RecordName[] {
  const named = associationFieldsOf(change.kind).flatMap(({ namedKind, field }) =>
    SIDES.flatMap(([side]) => {
      const id = sideOf(change.delta, field, side)
      return typeof id === 'string' && id !== '' ? [{ kind: namedKind, id }] : []
    }),
  )
  return named.length === 0 ? [] : [{ kind: change.kind, id: change.entityId }, ...named]
}

/**
 * What a change tells of associations: removals first, each in both directions, for the wire has a type for each. A
 * record whose number is not known is left out.
 */
export function associationEventsOf(
  change: AssociationChange,
  objectIdOf: (kind: string, id: string) => number | undefined,
): AssociationEvent[] {
  if (change.kind === 'object_associations') return ofRecord(change)
  return SIDES.flatMap(([side, action]) =>
    associationFieldsOf(change.kind).flatMap(({ owner, named, namedKind, field, isPrimary: also }) => {
      const id = sideOf(change.delta, field, side)
      if (typeof id !== 'string' || !isOf(owner, change)) return []
      const [from, to] = [objectIdOf(change.kind, change.entityId), objectIdOf(namedKind, id)]
      if (from === undefined || to === undefined) return []
      const primary = also ? primaryType(owner, named) : null
      return [plainType(owner, named), ...(primary === null ? [] : [primary])].flatMap((type) =>
        bothWays(action, { ...type, fromType: owner, from, toType: named, to }),
      )
    }),
  )
}

/** Messages of one kind are calls and e-mails, and others: what a message is does not change. */
function isOf(typeId: string, { delta, document }: AssociationChange): boolean {
  const type = TYPES.find((one) => one.typeId === typeId)
  if (!type?.where) return true
  const { field } = type.where
  const told = SIDES.map(([side]) => sideOf(delta, field, side)).find((value) => typeof value === 'string')
  return isOfType(type, { [field]: told ?? document?.[field] })
}

function ofRecord({ delta }: AssociationChange): AssociationEvent[] {
  return SIDES.flatMap(([side, action]) => {
    const read = <T>(field: string) => sideOf(delta, field, side) as T | null | undefined
    const [from, to] = [read<number>('fromObjectId'), read<number>('toObjectId')]
    if (!from || !to) return []
    return bothWays(action, {
      from,
      to,
      fromType: String(read('fromType')),
      toType: String(read('toType')),
      category: read<Category>('category') as Category,
      typeId: Number(read('typeId')),
      inverseTypeId: Number(read('inverseTypeId')),
    })
  })
}

interface Tie {
  fromType: string
  from: number
  toType: string
  to: number
  category: Category
  typeId: number
  inverseTypeId: number
}

function bothWays(action: AssociationEvent['action'], tie: Tie): AssociationEvent[] {
  const { fromType, from, toType, to, category, typeId, inverseTypeId } = tie
  const event = (a: string, aId: number, b: string, bId: number, associationTypeId: number): AssociationEvent => ({
    type: 'association',
    action,
    fromObjectTypeId: a,
    fromObjectId: aId,
    toObjectTypeId: b,
    toObjectId: bId,
    associationTypeId,
    associationCategory: category,
    isPrimary: isPrimary(category, associationTypeId),
  })
  return [event(fromType, from, toType, to, typeId), event(toType, to, fromType, from, inverseTypeId)]
}
