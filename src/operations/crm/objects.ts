import { Type } from 'typebox'
import {
  allOf,
  findByObjectId,
  hasObjectId,
  isFrom,
  listDeleted,
  listRecords,
  type RecordRow,
} from '../../store/records/index.ts'
import { withHeaders } from '../answer.ts'
import { type Context, operation } from '../define.ts'
import { archiveObjects } from './archiving.ts'
import {
  ARCHIVED_MS,
  Archived,
  at,
  CrmObject,
  IdProperty,
  MOST_WITH_HISTORY,
  Names,
  NewAssociations,
  ObjectList,
  objectPath,
  Properties,
  reads,
  typePath,
  writes,
} from './declare.ts'
import { findObject } from './found.ts'
import { journalOffset } from './journal-offset.ts'
import { pagingOf } from './paging.ts'
import { nothingToUpdate, objectNotFound, refused } from './refusals.ts'
import { openShelf, refuseReadOnly, type Shelf } from './shelf.ts'
import { namesIn, showObjects } from './show.ts'
import { readOnly } from './texts.ts'
import { tieReader } from './ties.ts'
import { createObjects, type Outcome, updateObjects } from './writes.ts'

const shown = {
  properties: Names('Default: those that say most. Unknown ones are left out.'),
  propertiesWithHistory: Names('With all that they were.'),
  associations: Names('Types of objects.'),
}

/** The only outcome of a call, or the reason why there is none. */
function onlyRow([outcome]: readonly Outcome[]): RecordRow {
  if (outcome === undefined) throw objectNotFound()
  if ('error' in outcome) throw outcome.error
  return outcome.row
}

/** An answer to a write: what says most, and what was written; without `given`, all that there is. */
export async function showWritten(ctx: Context, shelf: Shelf, row: RecordRow, given?: object): Promise<never> {
  const values =
    given ?? Object.fromEntries(Object.entries(shelf.map.read(row, 'all')).filter(([, value]) => value !== null))
  const properties = [...shelf.type.shown, ...Object.keys(values)]
  return (await showObjects(ctx, shelf, [row], { properties }))[0] as never
}

async function page(ctx: Context, shelf: Shelf, asked: { after?: string | undefined; limit: number }) {
  const { db } = ctx
  const first =
    asked.after === undefined ? null : await findByObjectId(db, shelf.resource, shelf.locationId, asked.after)
  if (asked.after !== undefined && first === null) throw refused(`after is not one of this list: ${asked.after}`)
  return { where: allOf([shelf.where, ...(first === null ? [] : [isFrom(first)])]), limit: asked.limit + 1 }
}

export const objectOperations = [
  operation({
    ...reads,
    ...at('GET'),
    name: 'crmObjects.list',
    title: 'List Objects',
    description: 'Objects of a type, by creation. `x-journal-offset` tells from where on to follow the journal.',
    input: Type.Object({
      ...typePath,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Default 10; 50 with history.' })),
      after: Type.Optional(Type.String({ maxLength: 20, description: 'What `paging.next.after` said.' })),
      ...shown,
      archived: Archived(),
    }),
    output: ObjectList,
    async run(ctx, { objectType, limit = 10, after, archived = false, ...wanted }) {
      if (limit > MOST_WITH_HISTORY && namesIn(wanted.propertiesWithHistory).length > 0)
        throw refused(`The limit of a list with property histories is ${MOST_WITH_HISTORY}`)
      const shelf = await openShelf(ctx, objectType, 'read')
      const offset = await journalOffset(ctx)
      const asked = await page(ctx, shelf, { after: after || undefined, limit })
      const rows = archived
        ? await listDeleted(ctx.db, shelf.resource, shelf.locationId, {
            ...asked,
            since: new Date(ctx.author.atMs - ARCHIVED_MS),
          })
        : await listRecords(ctx.db, shelf.resource, shelf.locationId, asked)
      const next = rows[limit]
      const query = {
        limit,
        ...(archived ? { archived: 'true' } : {}),
        ...Object.fromEntries(
          Object.entries(wanted).flatMap(([name, names]) =>
            names === undefined ? [] : [[name, namesIn(names).join()]],
          ),
        ),
      }
      const link = `/crm/v3/objects/${encodeURIComponent(objectType)}`
      return withHeaders(offset, {
        results: await showObjects(ctx, shelf, rows.slice(0, limit), wanted),
        ...pagingOf(ctx, link, next === undefined ? undefined : String(next.objectId), query),
      })
    },
  }),
  operation({
    ...writes,
    ...at('POST'),
    name: 'crmObjects.create',
    title: 'Create Object',
    description:
      'A new object, and what it is associated with. Values are checked; nothing is written unless all are right.',
    status: 201,
    input: Type.Object({ ...typePath, properties: Properties(), associations: NewAssociations() }),
    output: CrmObject,
    async run(ctx, { objectType, properties, associations }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      refuseReadOnly(shelf)
      const texts = readOnly(shelf, properties)
      const ties = await tieReader(ctx, shelf)(associations)
      const row = onlyRow(await createObjects(ctx, shelf, [{ texts, ties }]))
      return showWritten(ctx, shelf, row, properties)
    },
  }),
  operation({
    ...reads,
    ...at('GET', '/:objectId'),
    name: 'crmObjects.get',
    title: 'Get Object',
    description: 'An object by its number, or by its value of `idProperty`.',
    input: Type.Object({ ...objectPath, ...shown, archived: Archived(), idProperty: IdProperty() }),
    output: CrmObject,
    async run(ctx, { objectType, objectId, archived = false, idProperty, ...wanted }) {
      const shelf = await openShelf(ctx, objectType, 'read')
      const row = await findObject(ctx, shelf, { id: objectId, idProperty, archived })
      if (row === null) throw objectNotFound()
      return (await showObjects(ctx, shelf, [row], wanted))[0] as never
    },
  }),
  operation({
    ...writes,
    ...at('PATCH', '/:objectId'),
    name: 'crmObjects.update',
    title: 'Update Object',
    description: 'Writes the properties that the body names; an empty text clears one.',
    query: ['idProperty'],
    input: Type.Object({ ...objectPath, idProperty: IdProperty(), properties: Properties() }),
    output: CrmObject,
    async run(ctx, { objectType, objectId, idProperty, properties }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      refuseReadOnly(shelf)
      if (Object.keys(properties).length === 0) throw nothingToUpdate()
      const texts = readOnly(shelf, properties)
      const row = await findObject(ctx, shelf, { id: objectId, idProperty, archived: false })
      return showWritten(ctx, shelf, onlyRow(await updateObjects(ctx, shelf, [{ row, texts }])), properties)
    },
  }),
  operation({
    ...writes,
    ...at('DELETE', '/:objectId'),
    name: 'crmObjects.archive',
    title: 'Archive Object',
    description: 'With all that was its own. It can be restored.',
    access: 'destructive',
    status: 204,
    input: Type.Object(objectPath),
    output: Type.Null(),
    async run(ctx, { objectType, objectId }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      refuseReadOnly(shelf)
      const [row] = await listRecords(ctx.db, shelf.resource, shelf.locationId, {
        where: allOf([shelf.where, hasObjectId([objectId])]),
      })
      if (row === undefined) throw objectNotFound()
      await archiveObjects(ctx, shelf, [row.id])
      return null
    },
  }),
]
