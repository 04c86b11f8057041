import type { Static } from 'typebox'
import { type ObjectType, typeOfSpec } from '../../objects/index.ts'
import type { Context } from '../define.ts'
import type { NewAssociations } from './declare.ts'
import { refused } from './refusals.ts'
import type { Shelf } from './shelf.ts'
import { requireScope } from './types.ts'
import type { Tie } from './writes.ts'

type Given = Static<ReturnType<typeof NewAssociations>> | undefined

/**
 * Reads the associations of new objects: the type of the other one follows from the type of association, which is looked
 * up once for a whole batch.
 */
export function tieReader(ctx: Context, shelf: Shelf): (given: Given) => Promise<(Tie & { type: ObjectType })[]> {
  const known = new Map<string, ObjectType | null>()
  return async (given) => {
    const ties: (Tie & { type: ObjectType })[] = []
    for (const { to, types = [] } of given ?? []) {
      const [first] = types
      if (first === undefined) throw refused('associations: each needs its types')
      const { associationCategory, associationTypeId } = first
      const key = `${associationCategory} ${associationTypeId}`
      if (!known.has(key)) known.set(key, await typeOfSpec(ctx.db, shelf.portal, shelf.type, first))
      const type = known.get(key)
      if (!type) throw refused(`associations: there is no type ${key} from ${shelf.type.plural}`)
      requireScope(ctx, type, 'write')
      ties.push({ to: String(to.id), types, type })
    }
    return ties
  }
}
