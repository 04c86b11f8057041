import type { Texts } from '../../objects/index.ts'
import { users } from '../../resources/records/users.ts'
import {
  findRecord,
  holdRecord,
  lockDeleted,
  type RecordDocument,
  type RecordResource,
  type RecordRow,
  restoreRecord,
} from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { alreadyExists, objectNotFound, valueTaken } from './refusals.ts'
import type { Shelf } from './shelf.ts'
import { findTaken, lockValues } from './taken.ts'
import { beginWriting } from './writes.ts'

/** A deleted record comes back as it was, but for what it names and is gone. */
export async function restoreObject(ctx: Context, shelf: Shelf, archived: RecordRow): Promise<RecordRow> {
  await refuseTaken(ctx, shelf, archived)
  const row = await lockDeleted(ctx.scope, shelf.resource, archived.objectId)
  if (row === null) throw objectNotFound()
  const document = await withoutGone(ctx, shelf.resource, row.document)
  return restoreRecord(await beginWriting(ctx, shelf), shelf.resource, { ...row, document })
}

/** Somebody else may have its e-mail by now, or another value that no two share. */
async function refuseTaken(ctx: Context, shelf: Shelf, row: RecordRow): Promise<void> {
  const unique = shelf.map.all.filter(({ unique: is, readOnly }) => is && !readOnly)
  const values = shelf.map.read(
    row,
    unique.map(({ name }) => name),
  )
  const texts: Texts = unique.map((property) => [property, values[property.name] ?? null])
  await lockValues(ctx, shelf, [texts])
  const [taken] = await findTaken(ctx, shelf, [{ texts, id: row.id }])
  if (!taken) return
  throw taken.property.name === 'email'
    ? alreadyExists(shelf.type.label, taken.row.objectId)
    : valueTaken(taken.property.name, taken.value, taken.row.objectId)
}

/** Nothing names what is deleted: what is there is held until the end, so that it stays. */
async function withoutGone(ctx: Context, { refs }: RecordResource, document: RecordDocument): Promise<RecordDocument> {
  const next = { ...document }
  for (const [field, { to }] of Object.entries(refs)) {
    const value = document[field]
    if (value === undefined || value === null) continue
    const ids = [value].flat() as string[]
    const there: string[] = []
    for (const id of ids) if (await isThere(ctx, to, id)) there.push(id)
    if (there.length === ids.length) continue
    if (Array.isArray(value)) next[field] = there
    else delete next[field]
  }
  return next
}

async function isThere(ctx: Context, kinds: readonly string[], id: string): Promise<boolean> {
  for (const kind of kinds) {
    // Configuration that is gone may come back by a roll-back: a name of it is a trace.
    const resource = ctx.records.get(kind)
    if (resource === undefined) return true
    const isUser = kind === users.kind
    const row = isUser
      ? await findRecord(ctx.db, resource, ctx.agencyId, id)
      : await holdRecord(ctx.scope, resource, id)
    if (row !== null) return true
  }
  return false
}
