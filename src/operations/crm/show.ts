import type { Static } from 'typebox'
import { showAssociations } from '../../objects/index.ts'
import { listChangesOf } from '../../store/changes/index.ts'
import type { RecordRow } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import type { CrmObject } from './declare.ts'
import { historiesOf } from './histories.ts'
import { refused } from './refusals.ts'
import type { Shelf } from './shelf.ts'
import { requireScope } from './types.ts'

type Shown = Static<typeof CrmObject>

export interface Wanted {
  /** Default: those that say most. */
  properties?: readonly string[] | undefined
  propertiesWithHistory?: readonly string[] | undefined
  /** Types of objects. */
  associations?: readonly string[] | undefined
}

/** Names as a query has them: one by one, or joined by commas. */
export const namesIn = (given: readonly string[] | undefined): string[] =>
  (given ?? [])
    .flatMap((one) => one.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')

/** Objects as the wire has them: the same few statements for any number. */
export async function showObjects(
  ctx: Context,
  shelf: Shelf,
  rows: readonly RecordRow[],
  { properties, propertiesWithHistory, associations }: Wanted = {},
): Promise<Shown[]> {
  const traced = namesIn(propertiesWithHistory)
  const asked = namesIn(properties)
  // Those that tell which object it is are always there.
  const names = [...new Set([...(asked.length > 0 ? ALWAYS : shelf.type.shown), ...asked, ...traced])]
  const [histories, ties] = [
    traced.length === 0 || rows.length === 0 ? null : await historiesOf(ctx, shelf, rows, traced),
    await tiesOf(ctx, shelf, rows, namesIn(associations)),
  ]
  const lastChanges = await lastChangesOf(ctx, shelf, rows)
  return rows.map((row) => ({
    ...toObject(shelf, { ...row, updatedAt: lastChanges.get(row.id) ?? row.updatedAt }, names),
    ...(histories === null ? {} : { propertiesWithHistory: histories.get(row.id) ?? {} }),
    ...(ties?.has(row.objectId) ? { associations: ties.get(row.objectId) } : {}),
  })) as Shown[]
}

/** Archiving an object is no change of it: when it was changed last, before that. One statement, where any is archived. */
async function lastChangesOf(ctx: Context, { resource, locationId }: Shelf, rows: readonly RecordRow[]) {
  const entityIds = rows.flatMap(({ id, deletedAt }) => (deletedAt === null ? [] : [id]))
  if (entityIds.length === 0) return new Map<string, Date>()
  const changes = await listChangesOf(ctx.db, { locationId, kind: resource.kind, entityIds, most: 2 })
  // Newest first: the last one that is written into the map is the one before.
  return new Map(changes.filter(({ op }) => op !== 'delete').map(({ entityId, at }) => [entityId, at]))
}

const ALWAYS = ['createdate', 'hs_createdate', 'lastmodifieddate', 'hs_lastmodifieddate', 'hs_object_id']

function toObject({ map, type }: Shelf, row: RecordRow, names: readonly string[]) {
  // Of the two names of a moment the one that the type goes by.
  const known = names.filter((name) => !ALWAYS.includes(name) || type.shown.includes(name))
  return {
    id: String(row.objectId),
    properties: map.read(row, known),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    archived: row.deletedAt !== null,
    ...(row.deletedAt === null ? {} : { archivedAt: row.deletedAt.toISOString() }),
  }
}

async function tiesOf(ctx: Context, { type, portal }: Shelf, rows: readonly RecordRow[], names: readonly string[]) {
  if (names.length === 0) return null
  if (names.length > 20) throw refused('At most 20 types of associations can be asked for at once')
  const to = names.map((name) => {
    const other = portal.find(name)
    if (other === null) throw refused(`Unable to infer object type from: ${name.slice(0, 100)}`)
    requireScope(ctx, other, 'read')
    return other
  })
  if (rows.length === 0) return null
  return showAssociations(ctx.db, ctx.locationId, {
    from: type,
    to,
    objectIds: rows.map(({ objectId }) => String(objectId)),
  })
}
