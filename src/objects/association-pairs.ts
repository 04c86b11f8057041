import { AppError } from '../errors.ts'
import {
  listTieRows,
  lockByObjectId,
  type RecordDocument,
  type RecordRow,
  type RecordScope,
} from '../store/records/index.ts'
import { type AssociationField, findAssociationField } from './association-fields.ts'
import { listAssociationTypes } from './association-reads.ts'
import { type AssociationType, comesFirst, inverseOf, primaryType, refuseUsers } from './association-types.ts'
import type { ObjectType } from './types.ts'

/** A type of association as callers name it. */
export interface AssociationSpec {
  associationCategory: string
  associationTypeId: number
}

/** Two objects by their numbers; `types` null: the plain one, or all, when they are taken apart. */
export interface PairInput {
  from: string
  to: string
  types: readonly AssociationSpec[] | null
}

export type End = Pick<RecordRow, 'id' | 'objectId' | 'document'>

/** A pair that is there, the end that is stored as `from` first. */
export interface Pair {
  a: End
  b: End
  input: PairInput
  /** As the caller sees them. */
  named: AssociationType[]
  /** The same as seen from `a`. */
  types: AssociationType[]
}

export interface OpenPairs {
  pairs: Pair[]
  missing: { input: PairInput; from: boolean; to: boolean }[]
  /** Types of `a` and `b`. */
  first: ObjectType
  second: ObjectType
  field: AssociationField | null
  /** At which end the field stands. */
  owner: 'a' | 'b'
  /** As seen from `a`. */
  primary: AssociationType | null
  /** What is stored about the pairs, and, where one counts most, which one does at the end that may have several. */
  rows: RecordRow<TieDocument>[]
}

export interface TieDocument extends RecordDocument {
  fromType: string
  fromId: string
  fromObjectId: number
  toType: string
  toId: string
  toObjectId: number
  category: string
  typeId: number
  inverseTypeId: number
  labelId?: string
  implied?: boolean
}

/** Looks the pairs up and keeps everybody else from them until the transaction ends. */
export async function openPairs(
  scope: RecordScope,
  { from, to }: { from: ObjectType; to: ObjectType },
  inputs: readonly PairInput[],
): Promise<OpenPairs> {
  refuseUsers(from, to)
  const types = await listAssociationTypes(scope.tx, scope.locationId, from, to)
  const named = inputs.map(({ types: specs }) => (specs ?? []).map((spec) => findType(types, spec, { from, to })))
  const ends = await lockEnds(scope, { from, to }, inputs)
  const isStraight = comesFirst(from.typeId, to.typeId)
  const missing: OpenPairs['missing'] = []
  const pairs = inputs.flatMap((input, index): Pair[] => {
    const [one, other] = [ends.from.get(input.from), ends.to.get(input.to)]
    if (one === undefined || other === undefined) {
      missing.push({ input, from: one === undefined, to: other === undefined })
      return []
    }
    const mine = named[index] as AssociationType[]
    const keeps = from.typeId === to.typeId ? one.objectId <= other.objectId : isStraight
    return [
      keeps
        ? { a: one, b: other, input, named: mine, types: mine }
        : { a: other, b: one, input, named: mine, types: mine.map(inverseOf) },
    ]
  })
  const [first, second] = isStraight ? [from, to] : [to, from]
  const field = findAssociationField(first.typeId, second.typeId)
  const primary = primaryType(first.typeId, second.typeId)
  const owner = field === null ? ownerOf(first) : field.owner === first.typeId ? 'a' : 'b'
  return {
    pairs,
    missing,
    first,
    second,
    field,
    owner,
    primary,
    rows: await readRows(scope, { pairs, owner, primary: field === null ? primary : null }),
  }
}

/** Of companies one counts most: the other end has several. */
const ownerOf = (first: ObjectType) => (first.typeId === '0-2' ? 'b' : 'a')

function findType(
  types: readonly AssociationType[],
  { associationCategory, associationTypeId }: AssociationSpec,
  { from, to }: { from: ObjectType; to: ObjectType },
): AssociationType {
  const found = types.find(({ category, typeId }) => category === associationCategory && typeId === associationTypeId)
  if (found !== undefined) return found
  const reason = `No association type ${associationCategory} ${associationTypeId} leads from ${from.name} to ${to.name}`
  throw new AppError(
    'bad_request',
    { reason },
    {
      hubspot: {
        subCategory: 'crm.associations.INVALID_ASSOCIATION_TYPE',
        context: { type: [String(associationTypeId)] },
      },
    },
  )
}

/** Kind by kind in one order for all, so that two writers never wait for each other in a circle. */
async function lockEnds(
  { tx, locationId }: RecordScope,
  { from, to }: { from: ObjectType; to: ObjectType },
  inputs: readonly PairInput[],
): Promise<{ from: Map<string, End>; to: Map<string, End> }> {
  const lock = async (type: ObjectType, ids: readonly string[]) =>
    new Map((await lockByObjectId(tx, locationId, type, ids)).map((row) => [String(row.objectId), row] as const))
  const [ids, others] = [inputs.map((input) => input.from), inputs.map((input) => input.to)]
  if (from.typeId === to.typeId) {
    const both = await lock(from, [...ids, ...others])
    return { from: both, to: both }
  }
  if (from.kind <= to.kind) return { from: await lock(from, ids), to: await lock(to, others) }
  const later = await lock(to, others)
  return { from: await lock(from, ids), to: later }
}

async function readRows(
  { tx, locationId }: RecordScope,
  { pairs, owner, primary }: { pairs: readonly Pair[]; owner: 'a' | 'b'; primary: AssociationType | null },
): Promise<RecordRow<TieDocument>[]> {
  if (pairs.length === 0) return []
  return listTieRows<TieDocument>(tx, locationId, {
    pairs: pairs.map(({ a, b }) => [a.id, b.id]),
    also:
      primary === null
        ? null
        : {
            end: owner === 'a' ? 'from' : 'to',
            ids: [...new Set(pairs.map((pair) => pair[owner].id))],
            category: primary.category,
            typeId: primary.typeId,
          },
  })
}
