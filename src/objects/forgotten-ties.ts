import { newId } from '../ids.ts'
import { objectAssociations } from '../resources/records/object-associations.ts'
import { appendChange } from '../store/changes/index.ts'
import { loadObjectIds, type RecordRow, type RecordScope } from '../store/records/index.ts'
import { associationFieldsOf } from './association-fields.ts'
import { plainType, primaryType } from './association-types.ts'
import type { ObjectType } from './types.ts'

/**
 * Tells that the associations which fields of a record say are gone, by the numbers of the wire alone: the changes of
 * whoever is forgotten tell nothing. A few rows, as many as the kind has such fields.
 */
export async function tellTiesGone(
  { tx, locationId, author }: RecordScope,
  { typeId, kind }: ObjectType,
  { id, objectId, document }: RecordRow,
): Promise<void> {
  const named = associationFieldsOf(kind).flatMap((field) => {
    const other = document[field.field]
    return field.owner === typeId && typeof other === 'string' ? [{ ...field, other }] : []
  })
  const numbers = await loadObjectIds(
    tx,
    locationId,
    named.map(({ namedKind, other }) => ({ kind: namedKind, id: other })),
  )
  for (const { namedKind, named: toType, other, isPrimary } of named) {
    const number = numbers.get(`${namedKind} ${other}`)
    if (number === undefined) continue
    const primary = isPrimary ? primaryType(typeId, toType) : null
    for (const { category, typeId: number_, inverseTypeId } of [plainType(typeId, toType), primary].filter(isThere)) {
      const tie = {
        ...{ fromType: typeId, fromId: id, fromObjectId: objectId, toType, toId: other, toObjectId: number },
        ...{ category, typeId: number_, inverseTypeId },
      }
      await appendChange(tx, author, {
        ...{ locationId, kind: objectAssociations.kind, entityId: newId(), op: 'delete' },
        ...{ beforeHash: null, afterHash: null },
        delta: Object.fromEntries(Object.entries(tie).map(([field, value]) => [field, [value, null]])),
      })
    }
  }
}

const isThere = <T>(one: T | null): one is T => one !== null
