import { RECORDS } from '../resources/records/index.ts'
import { objectAssociations } from '../resources/records/object-associations.ts'
import {
  createRecords,
  deleteRecords,
  hasId,
  listTieRows,
  lockRows,
  type RecordResource,
  type RecordRow,
  type RecordScope,
} from '../store/records/index.ts'
import { associationFieldsOf, findAssociationField } from './association-fields.ts'
import type { TieDocument } from './association-pairs.ts'
import { plainType } from './association-types.ts'

const isByField = ({ fromType, toType }: TieDocument, kind: string): boolean =>
  findAssociationField(fromType, toType)?.kind === kind

/** Whether a row says of two records what a field of this kind says where it names the other. */
export function isPlainByField(tie: TieDocument, kind: string): boolean {
  const plain = plainType(tie.fromType, tie.toType)
  return isByField(tie, kind) && tie.category === plain.category && tie.typeId === plain.typeId
}

interface Naming {
  kind: string
  ids: readonly string[]
  /** Null: nothing any more. */
  namedId: string | null
}

/**
 * Writes what fields of these records name, as the other wire does. What was one of several before is told to have
 * become the one that counts; what was labelled stays associated without the field.
 */
export async function nameAnother<T>(scope: RecordScope, naming: Naming, write: () => Promise<T>): Promise<T> {
  const labelled = await labelledOf(scope, naming, await makeWay(scope, naming))
  const written = await write()
  if (labelled.length > 0) await createRecords(scope, objectAssociations, labelled)
  return written
}

/**
 * Before a field of these records names another one: that they are associated the field says from then on, and no row
 * says it too. Else whoever empties the field would leave the row. Labels stay. Answers the records, which are held:
 * whoever associates them holds them as well.
 */
export async function makeWay(scope: RecordScope, { kind, ids, namedId }: Naming): Promise<RecordRow[]> {
  if (ids.length === 0) return []
  const records = await lockRows(scope, RECORDS.get(kind) as RecordResource, hasId(ids))
  if (namedId === null) return records
  const rows = await rowsBetween(
    scope,
    records.map(({ id }) => [id, namedId]),
  )
  const gone = rows.flatMap(({ id, document }) => (isPlainByField(document, kind) ? [id] : []))
  if (gone.length > 0) await deleteRecords(scope, objectAssociations, hasId(gone))
  return records
}

/** The plain association beside each label between a record and what its field names no more. */
async function labelledOf(
  scope: RecordScope,
  { kind, namedId }: Naming,
  records: readonly RecordRow[],
): Promise<{ document: TieDocument }[]> {
  const fields = new Set(associationFieldsOf(kind).map(({ field }) => field))
  const left = records.flatMap(({ id, document }) =>
    [...fields].flatMap((field): [string, string][] => {
      const before = document[field]
      return typeof before === 'string' && before !== namedId ? [[id, before]] : []
    }),
  )
  const plain = (await rowsBetween(scope, left)).flatMap(({ document: { labelId: _, ...tie } }): TieDocument[] => {
    const { category, typeId, inverseTypeId } = plainType(tie.fromType, tie.toType)
    const beside = { ...(tie as TieDocument), category, typeId, inverseTypeId, implied: true }
    return isByField(beside, kind) ? [beside] : []
  })
  const once = new Map(plain.map((tie) => [`${tie.fromType} ${tie.fromId} ${tie.toType} ${tie.toId}`, tie]))
  return [...once.values()].map((document) => ({ document }))
}

/** In either direction. */
function rowsBetween(
  { tx, locationId }: RecordScope,
  pairs: readonly (readonly [string, string])[],
): Promise<RecordRow<TieDocument>[]> {
  if (pairs.length === 0) return Promise.resolve([])
  return listTieRows<TieDocument>(tx, locationId, {
    pairs: pairs.flatMap(([one, other]) => [[one, other] as const, [other, one] as const]),
    also: null,
  })
}
