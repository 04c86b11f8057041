import { AppError } from '../errors.ts'
import { RECORDS } from '../resources/records/index.ts'
import type { RecordScope } from '../store/records/index.ts'
import { type Associated, isBetween, TieChanges } from './associate.ts'
import { type OpenPairs, openPairs, type Pair, type PairInput } from './association-pairs.ts'
import { plainType } from './association-types.ts'
import type { ObjectType } from './types.ts'

/**
 * Takes objects of two types apart: wholly, or only types of association. Without the plain one no other stays. Pairs
 * that are not associated, or not there, are as they should be.
 */
export async function dissociate(
  scope: RecordScope,
  ends: { from: ObjectType; to: ObjectType },
  inputs: readonly PairInput[],
): Promise<Associated> {
  const open = await openPairs(scope, ends, inputs)
  const changes = new TieChanges(open)
  for (const pair of open.pairs) {
    const plain = plainType(open.first.typeId, open.second.typeId)
    const isWhole =
      pair.input.types === null ||
      pair.types.some(({ typeId, category }) => typeId === plain.typeId && category === plain.category)
    if (isWhole) {
      changes.remove(isBetween(pair))
      if (isByField(open, changes, pair)) clear(open, changes, pair)
      continue
    }
    for (const type of pair.types) {
      changes.remove(isBetween(pair, type))
      // Without its label the pair stays associated, on this wire.
      if (changes.some(isBetween(pair, plain))) changes.add(pair.a, pair.b, plain)
      if (!type.isPrimary || !isByField(open, changes, pair)) continue
      clear(open, changes, pair)
      changes.add(pair.a, pair.b, plain)
    }
  }
  await changes.write(scope)
  return open
}

const isByField = ({ field, owner }: OpenPairs, changes: TieChanges, pair: Pair): boolean =>
  field !== null && changes.fieldOf(pair[owner]) === pair[owner === 'a' ? 'b' : 'a'].id

/** 400 where the other wire knows no such record without the one that it belongs to. */
function clear({ field, owner, first, second }: OpenPairs, changes: TieChanges, pair: Pair): void {
  if (field === null) return
  const { required = [] } = (RECORDS.get(field.kind)?.schema ?? {}) as { required?: string[] }
  if (required.includes(field.field)) {
    const [mine, other] = owner === 'a' ? [first, second] : [second, first]
    throw new AppError('bad_request', {
      reason: `A ${mine.name} cannot be without its ${other.name}. Name another one.`,
    })
  }
  changes.setField(pair[owner], null)
}
