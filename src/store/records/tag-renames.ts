import { sql } from 'kysely'
import { type Tx, texts } from '../../db/pool.ts'
import { type Author, firstIdAt } from '../changes/index.ts'
import { eachOnce, naturalKey, toTags, without } from '../natural-key.ts'
import { editEverywhere, type Find, findByTerms, type Part } from './sets.ts'
import { lockTagNames } from './tag-names.ts'

/** When a tag came to have the name that it loses: whoever carried it before had it of another tag, or of none. */
export interface NameTaken {
  /** The push that renamed the tag. */
  cause: string
  at: Date
  /** Names that tags lost in the same step: who carried one of them bore that tag. */
  away: string[]
}

/** A tag of a location that has another name from now on. */
export interface TagRename {
  locationId: string
  from: string
  to: string
  /** That is taken back. */
  taken?: NameTaken | undefined
}

const TAGS_OF_CONTACTS: Part = { kind: 'contacts', fields: ['tags'], exact: ['tags'], counted: ['tags'] }

/** Names as they are compared, with what they become. */
type Names = ReadonlyMap<string, { to: string; taken: NameTaken | undefined }>

/**
 * Contacts bear tags by their names: whoever renames tags calls this in the same transaction. All renames of a location
 * happen at once, so names may be swapped or passed on. A contact that comes to have a tag twice keeps it once. Answers
 * how many contacts were written.
 *
 * Nobody else writes tags to contacts of these locations until the transaction ends. Call `lockTagNames` before the
 * locations are locked; without it, one of two that wait for each other is tried again.
 */
export async function renameTagOnContacts(
  tx: Tx,
  author: Author,
  renames: readonly TagRename[],
): Promise<{ locationId: string; count: number }[]> {
  const byLocation = new Map<string, Map<string, { to: string; taken: NameTaken | undefined }>>()
  for (const { locationId, from, to, taken } of renames) {
    const [name] = toTags([to])
    const known = byLocation.get(locationId) ?? new Map()
    if (name !== undefined) known.set(naturalKey(from), { to: name, taken })
    byLocation.set(locationId, known)
  }
  const counts = new Map([...byLocation.keys()].map((locationId) => [locationId, 0]))
  const wanted = [...byLocation].flatMap(([locationId, names]) =>
    [...names.keys()].map((value) => ({ locationId, field: 'tags', value })),
  )
  if (wanted.length > 0) {
    await lockTagNames(tx, [...byLocation.keys()])
    const found = findByTerms('contacts', wanted)
    const find = renames.some(({ taken }) => taken !== undefined) ? withEarlier(found, renames) : found
    await editEverywhere(tx, author, TAGS_OF_CONTACTS, find, ({ locationId, fields, given }) => {
      const before = (fields.tags ?? []) as string[]
      const tags = renamed(before, byLocation.get(locationId) ?? new Map(), (given ?? {}) as Earlier)
      if (tags.join('\n') === before.join('\n')) return fields
      counts.set(locationId, (counts.get(locationId) ?? 0) + 1)
      return { tags }
    })
  }
  return [...counts].map(([locationId, count]) => ({ locationId, count }))
}

/**
 * The tags of a contact before each of these steps; where none is given, it has had the same since. Null: it was not
 * there.
 */
type Earlier = Record<string, string[] | null>

/**
 * With the tags that each had before names were taken: as the step has changed them, or whoever came first after it.
 */
function withEarlier(found: Find, renames: readonly TagRename[]): Find {
  const steps = new Map(
    renames.flatMap(({ locationId, taken }) =>
      taken === undefined ? [] : [[`${locationId}/${taken.cause}`, { locationId, ...taken }]],
    ),
  )
  const all = [...steps.values()]
  return sql`
    select r.location_id, r.id, e.given
    from (${found}) r left join lateral (
      select jsonb_object_agg(s.cause, k.tags) as given
      from unnest((select ${texts(all.map(({ locationId }) => locationId))}),
        (select ${texts(all.map(({ cause }) => cause))}),
        (select ${texts(all.map(({ at }) => firstIdAt(at)))}::uuid[])) s(location_id, cause, first)
      cross join lateral (
        select c.delta->'tags'->0 as tags from change c
        where c.location_id = r.location_id and c.kind = 'contacts' and c.entity_id = r.id and c.id >= s.first
          and c.delta ? 'tags'
        order by c.cause is not distinct from s.cause desc, c.id limit 1
      ) k
      where s.location_id = r.location_id
    ) e on true order by 1, 2`
}

function renamed(tags: readonly string[], names: Names, earlier: Earlier): string[] {
  const after = eachOnce(
    tags.flatMap((tag) => {
      const rename = names.get(naturalKey(tag))
      if (rename === undefined) return [tag]
      const { to, taken } = rename
      if (taken === undefined) return [to]
      const had = new Set((taken.cause in earlier ? (earlier[taken.cause] ?? []) : tags).map(naturalKey))
      if (!had.has(naturalKey(tag)) || taken.away.some((name) => naturalKey(name) === naturalKey(tag))) return [to]
      return had.has(naturalKey(to)) ? [to, tag] : [tag]
    }),
  )
  // Two that had become one stand where they stood.
  const same = Object.values(earlier).find((had) => had?.length === after.length && without(had, after).length === 0)
  return same ?? after
}
