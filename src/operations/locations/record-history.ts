import { Type } from 'typebox'
import { mayRead, readingScopes } from '../../auth/caller.ts'
import { AppError } from '../../errors.ts'
import { RECORDS } from '../../resources/records/index.ts'
import { users } from '../../resources/records/users.ts'
import { namesOfActors } from '../../snapshots/actor-names.ts'
import { type ChangeRow, listChanges } from '../../store/changes/index.ts'
import type { RecordResource } from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { changeFields, historyPage, Id, Noun } from '../schemas.ts'

/** Whoever may not read a kind may not read what became of it either. */
function kindOf(ctx: Context, kind: string): RecordResource {
  const resource = ctx.records.get(kind)
  if (resource === undefined) throw new AppError('not_found', { what: 'kind of record', id: kind })
  if (!mayRead(ctx.caller, resource)) throw new AppError('scope_missing')
  // Users stand under the agency: where else they work is none of a location's business.
  if (kind === users.kind && ctx.caller.locationId !== null)
    throw new AppError('token_kind', { needed: 'an agency token' })
  return resource
}

function toEntry({ id, at, op, actor, cause, delta }: ChangeRow) {
  const value = (name: string, of: unknown) => (of === null ? {} : { [name]: of })
  const fields = Object.entries((delta ?? {}) as Record<string, [unknown, unknown]>).map(([path, [before, after]]) => ({
    path,
    ...value('before', before),
    ...value('after', after),
  }))
  return { id, at: at.toISOString(), op, actor, cause, fields }
}

export const recordHistory = operation({
  category: 'Locations',
  name: 'records.history',
  title: 'History of a Record',
  description:
    'Who changed a record, when, and what: from the change log, newest first. A deletion tells all that the record ' +
    'was. Needs a scope that reads the kind; for users, an agency token.',
  access: 'read',
  token: 'either',
  scope: [...new Set([...RECORDS.values()].flatMap(readingScopes))],
  http: 'GET /locations/:locationId/records/:kind/:recordId/history',
  input: Type.Object(
    {
      locationId: Id(),
      kind: Id('contacts, opportunities, appointments ...'),
      recordId: Id(),
      ...historyPage,
    },
    { additionalProperties: false },
  ),
  output: Type.Object({ history: Type.Array(Noun('RecordChange', changeFields)) }),
  async run(ctx, { locationId, kind, recordId, limit = 50, before }) {
    const { noun } = kindOf(ctx, kind)
    const owner = kind === users.kind ? ctx.agencyId : locationId
    const changes = await listChanges(ctx.db, { locationId: owner, kind, entityId: recordId, limit, before })
    if (changes.length === 0 && before === undefined)
      throw new AppError('not_found', { what: `history of ${noun}`, id: recordId })
    const names = await namesOfActors(
      ctx.db,
      changes.map((change) => change.actor),
    )
    return { history: changes.map((change) => ({ ...toEntry(change), actorName: names.get(change.actor) ?? null })) }
  },
})
