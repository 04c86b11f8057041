import type { AppPortal } from '../../auth/app-portals.ts'
import { holdsOneOf } from '../../auth/caller.ts'
import { AppError, invalid } from '../../errors.ts'
import { loadPortals, scopesOf } from '../../objects/index.ts'
import type { Context } from '../define.ts'

/** Those that say which records may be read. */
const OBJECT_SCOPES = new Set([...scopesOf('read'), ...scopesOf('write')])

/** The object scopes that a token was narrowed to; null: it names none, and has those of its app. */
export function namedScopes({ caller }: Context): string[] | null {
  const named = caller.scopes.filter((scope) => OBJECT_SCOPES.has(scope))
  return named.length === 0 ? null : named
}

/** The id of a type that an app may be told of in a portal: it must be there, and the app must hold its scope. */
export async function subscribableType(ctx: Context, portal: AppPortal, type: string): Promise<string> {
  const found = (await loadPortals(ctx.db, [portal.locationId])).get(portal.locationId)?.find(type)
  if (!found) throw invalid([`objectTypeId: there is no object type ${type} in portal ${portal.portalId}`])
  const { read } = found.scopes
  if (!holdsOneOf(portal.scopes, read) || !holdsOneOf(namedScopes(ctx) ?? ['*'], read))
    throw new AppError('app_scope_missing', { scope: read[0] })
  return found.typeId
}
