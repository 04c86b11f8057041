import { AppError } from '../errors.ts'
import { RECORDS } from '../resources/records/index.ts'
import { objectAssociations } from '../resources/records/object-associations.ts'
import type { Asset } from '../store/assets/index.ts'
import {
  allOf,
  deleteRecords,
  equals,
  hasId,
  hasTerm,
  listRecords,
  listTieRows,
  lockRows,
  type RecordResource,
  type RecordRow,
  type RecordScope,
} from '../store/records/index.ts'
import { askFor, isBetween, TieChanges } from './associate.ts'
import { toTypes } from './association-labels.ts'
import { openPairs, type TieDocument } from './association-pairs.ts'
import { plainType, typeIdOfLabel } from './association-types.ts'
import type { Portal } from './load.ts'
import type { ObjectType } from './types.ts'

/*
 * What the other wire calls relations: associations with a label that somebody defined (docs/decisions/0019).
 */

/** A relation as the other wire has it. */
export interface Related {
  associationId: string
  firstRecordId: string
  secondRecordId: string
}

/** The end that the association names first comes first. One word for two of a kind has no direction. */
export function relatedOf({ labelId = '', typeId, fromId, toId }: TieDocument): Related {
  const [firstRecordId, secondRecordId] =
    typeId === typeIdOfLabel(labelId, 'straight') ? [fromId, toId] : [toId, fromId]
  return { associationId: labelId, firstRecordId, secondRecordId }
}

/** One end: a type, and the number of an object of it. */
interface Named {
  type: ObjectType
  objectId: number
}

/**
 * Ties two objects together by a label, and by nothing else: it fills no field, and no company becomes a primary one.
 * That the pair is associated at all is implied. Null: they are not there any more. 400 where they are related already.
 */
export async function relate(
  scope: RecordScope,
  association: Pick<Asset, 'id' | 'document'>,
  { first, second }: { first: Named; second: Named },
): Promise<RecordRow<TieDocument> | null> {
  const ends = { from: first.type, to: second.type }
  const [label] = toTypes(association, ends.from, ends.to)
  if (label === undefined) return null
  const specs = [{ associationCategory: label.category, associationTypeId: label.typeId }]
  const input = { from: String(first.objectId), to: String(second.objectId), types: specs }
  const open = await openPairs(scope, ends, [input])
  const [pair] = open.pairs
  const [type] = pair?.types ?? []
  if (pair === undefined || type === undefined) return null
  const known = open.rows.find(({ document }) => isBetween(pair, type)(document))
  if (known !== undefined) throw new AppError('exists', { what: 'relation', field: 'pair of records', value: known.id })
  const changes = new TieChanges(open)
  const other = pair[open.owner === 'a' ? 'b' : 'a']
  if (open.field === null || changes.fieldOf(pair[open.owner]) !== other.id)
    changes.add(pair.a, pair.b, plainType(open.first.typeId, open.second.typeId), true)
  changes.add(pair.a, pair.b, type)
  const made = (await changes.write(scope)) as RecordRow<TieDocument>[]
  return made.find(({ document }) => document.labelId !== undefined) ?? null
}

/** Relations that one statement reads. */
const BATCH = 2000

/** Takes a label off all that it relates. */
export async function takeLabelOff(
  scope: RecordScope,
  portal: Portal,
  labelId: string,
  implied: 'goes' | 'stays',
): Promise<void> {
  const { tx, locationId } = scope
  const where = allOf([hasTerm(locationId, 'labelId', labelId) ?? allOf([]), equals('labelId', labelId)])
  for (;;) {
    const rows = await listRecords<TieDocument>(tx, objectAssociations, locationId, { where, limit: BATCH })
    await takeOff(scope, portal, rows, implied)
    if (rows.length < BATCH) return
  }
}

/**
 * Takes labels off. Of a pair that nothing else ties together goes, or stays, what the labels implied: the other wire
 * knows of nothing but its relations, on this one a pair without its label is still a pair.
 */
export async function takeOff(
  scope: RecordScope,
  portal: Portal,
  labels: readonly RecordRow<TieDocument>[],
  implied: 'goes' | 'stays',
): Promise<void> {
  if (labels.length === 0) return
  await holdEnds(scope, portal, labels)
  const off = new Set(labels.map(({ id }) => id))
  const pairs = new Map(labels.map(({ document: { fromId, toId } }) => [`${fromId} ${toId}`, [fromId, toId] as const]))
  const rows = await listTieRows<TieDocument>(scope.tx, scope.locationId, { pairs: [...pairs.values()], also: null })
  const alone = [...Map.groupBy(rows, ({ document }) => `${document.fromId} ${document.toId}`).values()]
    .filter((some) => some.every(({ id, document }) => off.has(id) || document.implied))
    .flatMap((some) => some.flatMap(({ id }) => (off.has(id) ? [] : [id])))
  if (implied === 'stays') await askFor(scope, alone)
  await deleteRecords(scope, objectAssociations, hasId([...off, ...(implied === 'goes' ? alone : [])]))
}

/** Whoever ties these together waits, kind by kind in the order that all keep. */
async function holdEnds(scope: RecordScope, portal: Portal, rows: readonly { document: TieDocument }[]): Promise<void> {
  const ends = rows.flatMap(({ document }) => [
    [document.fromType, document.fromId] as const,
    [document.toType, document.toId] as const,
  ])
  const byKind = Map.groupBy(ends, ([typeId]) => portal.get(typeId)?.kind ?? '')
  for (const kind of [...byKind.keys()].sort()) {
    const resource = RECORDS.get(kind) as RecordResource | undefined
    const ids = [...new Set(byKind.get(kind)?.map(([, id]) => id))]
    if (resource !== undefined) await lockRows(scope, resource, hasId(ids))
  }
}
