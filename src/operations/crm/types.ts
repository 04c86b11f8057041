import { Type } from 'typebox'
import { holdsOneOf } from '../../auth/caller.ts'
import { findType, type ObjectType } from '../../objects/index.ts'
import type { Context } from '../define.ts'
import { scopesMissing, unknownType } from './refusals.ts'

/** A type in a path: its id, its name in the singular or plural, or a custom type's full name. */
export const TypeName = (example: string) => Type.String({ minLength: 1, maxLength: 200, examples: [example] })

/** The type that a path names. 404 when there is none, 403 without its scope. */
export async function typeOf(ctx: Context, spelled: string, access: 'read' | 'write'): Promise<ObjectType> {
  const type = await findType(ctx.db, ctx.locationId, spelled)
  if (type === null) throw unknownType(spelled)
  requireScope(ctx, type, access)
  return type
}

/** The one place where the scopes of a type are looked at: at the door any object scope is enough. */
export function requireScope({ caller }: Context, { scopes }: ObjectType, access: 'read' | 'write'): void {
  if (holdsOneOf(caller.scopes, scopes[access])) return
  throw scopesMissing(scopes[access].slice(0, 1))
}
