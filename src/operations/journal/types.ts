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

/** Types as a caller spells them, by the property that names them. */
type Spelled = Readonly<Record<string, readonly string[]>>

/** The ids of types that an app may be told of in a portal: each must be there, and the app must hold its scope. */
export async function subscribableTypes<S extends Spelled>(
  ctx: Context,
  portal: AppPortal,
  spelled: S,
): Promise<{ [name in keyof S]: string[] }> {
  const there = (await loadPortals(ctx.db, [portal.locationId])).get(portal.locationId)
  const faults: string[] = []
  const found = Object.entries(spelled).map(([name, wanted]) => {
    const types = wanted.flatMap((type) => {
      const known = there?.find(type)
      if (!known) faults.push(`${name}: there is no object type ${type} in portal ${portal.portalId}`)
      return known ?? []
    })
    return [name, types] as const
  })
  if (faults.length > 0) throw invalid(faults)
  for (const { scopes } of found.flatMap(([, types]) => types))
    if (!holdsOneOf(portal.scopes, scopes.read) || !holdsOneOf(namedScopes(ctx) ?? ['*'], scopes.read))
      throw new AppError('app_scope_missing', { scope: scopes.read[0] })
  return Object.fromEntries(found.map(([name, types]) => [name, [...new Set(types.map(({ typeId }) => typeId))]])) as {
    [name in keyof S]: string[]
  }
}
