import { Type } from 'typebox'
import { moveLinks } from '../../connect/index.ts'
import { carryTies, tellTiesGone } from '../../objects/index.ts'
import { contacts } from '../../resources/records/contacts.ts'
import {
  deleteRecord,
  findByObjectId,
  forgetRecord,
  hasId,
  lockRows,
  mergeInto,
  moveRefs,
  type RecordRow,
  settleRefs,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { freeFrom } from './archiving.ts'
import { at, CrmObject, IdProperty, ObjectId, objectPath, typePath, writes } from './declare.ts'
import { findObject, findObjects } from './found.ts'
import { merged, takenIn } from './merging.ts'
import { showWritten } from './objects.ts'
import { objectNotFound, refused } from './refusals.ts'
import { restoreObject } from './restoring.ts'
import { openShelf, refuseReadOnly, type Shelf } from './shelf.ts'
import { beginWriting } from './writes.ts'

const Number_ = () => Type.Union([ObjectId(), Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })])

/** What happens to an object as a whole. */
export const wholeObjectOperations = [
  operation({
    ...writes,
    ...at('POST', '/merge'),
    name: 'crmObjects.merge',
    title: 'Merge Objects',
    description:
      'The primary object takes in the other one: it keeps its id and its values, has those of the other where it had ' +
      'none, and whatever belonged to the other belongs to it. One event of the journal tells all of it.',
    access: 'destructive',
    input: Type.Object({ ...typePath, primaryObjectId: Number_(), objectIdToMerge: Number_() }),
    output: CrmObject,
    async run(ctx, { objectType, primaryObjectId, objectIdToMerge }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      refuseReadOnly(shelf)
      if (String(primaryObjectId) === String(objectIdToMerge)) throw refused('An object cannot be merged with itself')
      const names = [primaryObjectId, objectIdToMerge].map((id) => ({ id: String(id) }))
      const found = await findObjects(ctx, shelf, names)
      const ids = found.flatMap((row) => row?.id ?? [])
      const rows = await lockRows(ctx.scope, shelf.resource, hasId(ids))
      const [primary, other] = found.map((row) => rows.find(({ id }) => id === row?.id))
      if (primary === undefined || other === undefined) throw objectNotFound()
      return showWritten(ctx, shelf, await mergeObjects(ctx, shelf, primary, other))
    },
  }),
  operation({
    ...writes,
    ...at('POST', '/gdpr-delete'),
    name: 'crmObjects.forget',
    title: 'Forget Contact',
    description:
      'Deletes a contact for good (GDPR): with all that was its own, from the change log too. By its number, or its ' +
      'e-mail.',
    access: 'destructive',
    status: 204,
    input: Type.Object({ ...typePath, objectId: ObjectId(), idProperty: IdProperty() }),
    output: Type.Null(),
    async run(ctx, { objectType, objectId, idProperty }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      if (shelf.type.kind !== contacts.kind) throw refused('Only contacts can be deleted for good')
      const row =
        (await findObject(ctx, shelf, { id: objectId, idProperty, archived: false })) ??
        (await findByObjectId(ctx.db, shelf.resource, shelf.locationId, objectId))
      if (row === null) throw objectNotFound()
      // Those that it took in were the same person.
      for (const number of [...takenIn(shelf, row), String(row.objectId)]) {
        const one = await findByObjectId(ctx.db, shelf.resource, shelf.locationId, number)
        if (one === null) continue
        // A deal is the business's as well, and of whoever else is in it.
        await freeFrom(ctx, [one.id], ['opportunities'])
        if (one.deletedAt === null) await tellTiesGone(ctx.scope, shelf.type, one)
        await forgetRecord(ctx.scope, shelf.resource, one.id)
      }
      return null
    },
  }),
  operation({
    ...writes,
    ...at('POST', '/:objectId/restore'),
    name: 'crmObjects.restore',
    title: 'Restore Object',
    description: 'An archived object comes back as it was; what was associated with it does not.',
    input: Type.Object(objectPath),
    output: CrmObject,
    async run(ctx, { objectType, objectId }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      refuseReadOnly(shelf)
      const archived = await findObject(ctx, shelf, { id: objectId, archived: true })
      if (archived === null) throw objectNotFound()
      return showWritten(ctx, shelf, await restoreObject(ctx, shelf, archived))
    },
  }),
]

async function mergeObjects(ctx: Context, shelf: Shelf, primary: RecordRow, other: RecordRow): Promise<RecordRow> {
  const { scope } = ctx
  const { resource, type } = shelf
  await carryTies(scope, shelf.portal, { kind: resource.kind, primary, other })
  await moveRefs(scope, resource.kind, other.id, primary.id)
  await moveLinks(ctx.tx, scope.locationId, { kind: resource.kind, fromId: other.id, toId: primary.id })
  await deleteRecord(scope, resource, other.id)
  if (type.kind === contacts.kind) await freeFrom(ctx, [other.id])
  await settleRefs(scope, resource.kind, [other.id])
  // What was tied to it may be said by a field of its own.
  const [row] = await lockRows(scope, resource, hasId([primary.id]))
  if (row === undefined) throw objectNotFound()
  return mergeInto(await beginWriting(ctx, shelf), resource, {
    row,
    document: merged(shelf, row, other),
    objectIds: [other.objectId],
  })
}
