import { sql } from 'kysely'
import { loadPortals, type ObjectType, type Portal, type PropertyMap } from '../../objects/index.ts'
import { users } from '../../resources/records/users.ts'
import {
  allOf,
  anyOf,
  type Condition,
  equals,
  hasTerm,
  isOneOf,
  type RecordResource,
} from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { refused, unknownType } from './refusals.ts'
import { requireScope } from './types.ts'

/** Where the objects of a type are, and what they are made of. */
export interface Shelf {
  portal: Portal
  type: ObjectType
  map: PropertyMap
  resource: RecordResource
  /** What the rows stand under: the location; of users, their agency. */
  locationId: string
  /** Those of the type, of all of the kind. */
  where: Condition
}

/** The shelf of a type as a caller spells it. 404 when there is none, 403 when the token's scopes do not reach it. */
export async function openShelf(ctx: Context, spelled: string, access: 'read' | 'write'): Promise<Shelf> {
  const portal = (await loadPortals(ctx.db, [ctx.locationId])).get(ctx.locationId)
  const type = portal?.find(spelled)
  if (portal === undefined || !type) throw unknownType(spelled)
  requireScope(ctx, type, access)
  return toShelf(ctx, portal, type)
}

export function toShelf(ctx: Context, portal: Portal, type: ObjectType): Shelf {
  const resource = ctx.records.get(type.kind) as RecordResource
  const locationId = type.kind === users.kind ? ctx.agencyId : ctx.locationId
  return { portal, type, map: portal.mapOf(type), resource, locationId, where: ofType(ctx, type) }
}

function ofType({ locationId }: Context, { kind, where }: ObjectType): Condition {
  if (kind === users.kind) return anyOf([equals('type', 'agency'), sql<boolean>`doc->'locationIds' ? ${locationId}`])
  if (where === null) return allOf([])
  const [value] = where.values
  const term = where.values.length === 1 ? hasTerm(locationId, where.field, value as string) : null
  return term ?? isOneOf(where.field, where.values)
}

/** People are kept by those who administer them. */
export function refuseReadOnly({ type }: Shelf): void {
  if (type.kind === users.kind) throw refused(`${type.plural} cannot be written through this API`)
}
