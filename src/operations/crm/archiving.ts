import { contacts } from '../../resources/records/contacts.ts'
import { deleteRecords, hasId, isOneOf, settleRefs, updateRecords } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import type { Shelf } from './shelf.ts'

/** What goes on without its contact: on this wire nothing is lost with the one it is associated with. */
const FREE = ['opportunities', 'notes', 'tasks']

/** Archives objects: a few statements for each kind that hangs on them, however many they are. */
export async function archiveObjects(ctx: Context, { resource }: Shelf, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await deleteRecords(ctx.scope, resource, hasId(ids))
  if (resource.kind === contacts.kind) await freeFrom(ctx, ids)
  await settleRefs(ctx.scope, resource.kind, ids)
}

/** What hangs on contacts goes on without them: deals, notes and tasks, or those of these kinds. */
export async function freeFrom(ctx: Context, contactIds: readonly string[], kinds = FREE): Promise<void> {
  for (const kind of kinds) {
    const resource = ctx.records.get(kind)
    if (resource === undefined) continue
    await updateRecords(
      ctx.scope,
      resource,
      isOneOf('contactId', contactIds),
      ({ document: { contactId: _, ...rest } }) => rest,
    )
  }
}
