import { objectAssociations } from '../resources/records/object-associations.ts'
import {
  anyOf,
  hasId,
  isOneOf,
  listRecords,
  loadObjectIds,
  type RecordRow,
  type RecordScope,
} from '../store/records/index.ts'
import { TieChanges } from './associate.ts'
import { associationFieldsOf, fieldsNaming } from './association-fields.ts'
import { type AssociationSpec, type OpenPairs, openPairs, type Pair, type TieDocument } from './association-pairs.ts'
import { type AssociationType, plainType } from './association-types.ts'
import type { Portal } from './load.ts'
import { isPlainByField, makeWay } from './way-for-fields.ts'

interface Merged {
  kind: string
  primary: Pick<RecordRow, 'id' | 'objectId' | 'document'>
  other: Pick<RecordRow, 'id' | 'document'>
}

/** From an object of `own` to the object with this number. */
interface Carried {
  own: string
  typeId: string
  to: string
  spec: AssociationSpec | null
  isAsked: boolean
}

/**
 * Before a record takes in another one: what the other is associated with is associated with the primary one, by the same
 * types, and what fields are going to say of it no row says any more. What stands at the primary one stays as it is, also
 * which of several companies counts most. The other one's own rows are left to whoever deletes it.
 */
export async function carryTies(scope: RecordScope, portal: Portal, merged: Merged): Promise<void> {
  const carried = [...(await rowsOf(scope, merged)), ...(await namedBy(scope, merged))]
  for (const some of Map.groupBy(carried, ({ own, typeId }) => `${own} ${typeId}`).values()) {
    const [first] = some as [Carried]
    const [from, to] = [portal.get(first.own), portal.get(first.typeId)]
    if (from === null || to === null) continue
    const pairs = [...Map.groupBy(some, (one) => one.to)].map(([number, specs]) => ({
      from: String(merged.primary.objectId),
      to: number,
      types: specs.flatMap(({ spec }) => spec ?? []),
    }))
    const asked = new Set(some.flatMap((one) => (one.isAsked ? [one.to] : [])))
    const open = await openPairs(scope, { from, to }, pairs)
    const changes = new TieChanges(open)
    for (const pair of open.pairs)
      carry(open, changes, pair, { goneId: merged.other.id, isImplied: !asked.has(pair.input.to) })
    await changes.write(scope)
  }
  await makeWayForMerged(scope, merged)
}

async function rowsOf(scope: RecordScope, { primary, other }: Merged): Promise<Carried[]> {
  const where = anyOf([isOneOf('fromId', [other.id]), isOneOf('toId', [other.id])])
  const rows = await listRecords<TieDocument>(scope.tx, objectAssociations, scope.locationId, { where })
  return rows.flatMap(({ document: tie }) => {
    const isFrom = tie.fromId === other.id
    const [own, typeId, number] = isFrom
      ? [tie.fromType, tie.toType, tie.toObjectId]
      : [tie.toType, tie.fromType, tie.fromObjectId]
    const spec = {
      associationCategory: tie.category,
      associationTypeId: isFrom ? tie.typeId : tie.inverseTypeId,
    }
    const isAsked = tie.labelId === undefined && tie.implied === undefined
    return number === primary.objectId ? [] : [{ own, typeId, to: String(number), spec, isAsked }]
  })
}

/** What fields of the other one name, where those of the primary one name something else. */
async function namedBy({ tx, locationId }: RecordScope, { kind, primary, other }: Merged): Promise<Carried[]> {
  const fields = associationFieldsOf(kind).filter(({ field }) => {
    const [mine, theirs] = [primary.document[field], other.document[field]]
    return mine !== undefined && theirs !== undefined && mine !== theirs
  })
  const records = fields.map(({ namedKind, field }) => ({ kind: namedKind, id: String(other.document[field]) }))
  const numbers = await loadObjectIds(tx, locationId, records)
  return fields.flatMap(({ owner, named, namedKind, field }) => {
    const number = numbers.get(`${namedKind} ${other.document[field]}`)
    return number === undefined ? [] : [{ own: owner, typeId: named, to: String(number), spec: null, isAsked: true }]
  })
}

function carry(
  { field, owner, primary, first, second }: OpenPairs,
  changes: TieChanges,
  pair: Pair,
  { goneId, isImplied }: { goneId: string; isImplied: boolean },
): void {
  const plain = plainType(first.typeId, second.typeId)
  const said = field === null ? null : changes.fieldOf(pair[owner])
  // Whatever names the one that goes is going to name the primary one.
  if (said === null || (said !== pair[owner === 'a' ? 'b' : 'a'].id && said !== goneId))
    changes.add(pair.a, pair.b, plain, isImplied)
  for (const type of pair.types) if (!type.isPrimary && type.typeId !== plain.typeId) changes.add(pair.a, pair.b, type)
  if (field !== null || primary === null || !pair.types.some(({ isPrimary }) => isPrimary)) return
  const [mine, theirs] = owner === 'a' ? (['fromId', 'toId'] as const) : (['toId', 'fromId'] as const)
  const isTaken = changes.some((one) => one[mine] === pair[owner].id && one[theirs] !== goneId && isSame(one, primary))
  if (!isTaken) changes.add(pair.a, pair.b, primary)
}

const isSame = (one: Pick<TieDocument, 'category' | 'typeId'>, other: AssociationType) =>
  one.category === other.category && one.typeId === other.typeId

/** For what the primary one's fields take over, and for those whose fields are going to name it. */
async function makeWayForMerged(scope: RecordScope, { kind, primary, other }: Merged): Promise<void> {
  for (const { field } of associationFieldsOf(kind)) {
    const named = primary.document[field] ?? other.document[field]
    if (typeof named === 'string') await makeWay(scope, { kind, ids: [primary.id], namedId: named })
  }
  const where = anyOf([isOneOf('fromId', [primary.id]), isOneOf('toId', [primary.id])])
  const rows = await listRecords<TieDocument>(scope.tx, objectAssociations, scope.locationId, { where })
  for (const { kind: naming, field } of fieldsNaming(kind)) {
    const ids = rows.flatMap(({ document: tie }) =>
      isPlainByField(tie, naming) ? (tie.fromId === primary.id ? tie.toId : tie.fromId) : [],
    )
    if (ids.length === 0) continue
    const named = await listRecords(scope.tx, { kind: naming, noun: naming }, scope.locationId, { where: hasId(ids) })
    const moved = named.flatMap(({ id, document }) => (document[field] === other.id ? [id] : []))
    await makeWay(scope, { kind: naming, ids: moved, namedId: primary.id })
  }
}
