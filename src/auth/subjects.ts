import { type RawBuilder, sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { isUuid } from '../ids.ts'

/** What a security event is about: something with an id, or what was said of it. */
export const SUBJECTS = [
  'person',
  'token',
  'app',
  'webhook',
  'session',
  'location',
  'agency',
  'email',
  'role',
  'name',
] as const

export interface Subject {
  what: (typeof SUBJECTS)[number]
  /** Null: it is what was said of another. */
  id: string | null
  /** What it was called then; null: nobody knows any more. */
  name: string | null
}

/** How the console says of a list of subjects, in SQL, what they are: `Token Reporting · Sub-account Oslo`. */
export const spokenSubjects = (about: RawBuilder<unknown>): RawBuilder<string> => sql<string>`(
  select string_agg(case one->>'what' when 'location' then 'Sub-account' when 'email' then 'E-mail' else one->>'what' end
    || ' ' || (one->>'name'), ' · ' order by place)
  from jsonb_array_elements(${about}) with ordinality as s(one, place) where one->>'name' is not null)`

/** Ids by the names of inputs, and what was said: `{ personId, role }`. */
export type Told = Readonly<Record<string, string | null | undefined>>

/** In words for a log: `name Reporting, tokenId 0199…`. */
export const toDetail = (told: Told): string | undefined =>
  Object.entries(told)
    .flatMap(([name, value]) => (value == null ? [] : [`${name} ${value}`]))
    .join(', ') || undefined

/** What people, tokens, apps, agencies and their locations are called. */
export async function namesOf(db: Db, told: Told): Promise<Map<string, string>> {
  const ids = Object.entries(told).flatMap(([name, id]) => (id != null && name.endsWith('Id') ? [id] : []))
  if (ids.length === 0) return new Map()
  const rows = await query(
    db,
    sql<{ id: string; name: string }>`
      select id, name from person where id = any(${texts(ids)})
      union all select id::text, name from token where id = any(${texts(ids.filter(isUuid))}::uuid[])
      union all select id, name from app where id = any(${texts(ids)})
      union all select id, name from location where id = any(${texts(ids)})
      union all select id, name from agency where id = any(${texts(ids)})`,
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** What was told as subjects, the narrower one first. A name is one of its own where nothing that has an id is called so. */
export function toSubjects(told: Told, names: ReadonlyMap<string, string>): Subject[] {
  const known = Object.entries(told).flatMap(([name, value]) => {
    if (value == null) return []
    const what = SUBJECTS.find((one) => name === one || name === `${one}Id`)
    if (what === undefined) return []
    return [name === what ? { what, id: null, name: value } : { what, id: value, name: names.get(value) ?? null }]
  })
  const isSaid = ({ what, name }: Subject) =>
    what === 'name' && known.some((one) => one.id !== null && one.name === name)
  return known
    .filter((one) => !isSaid(one))
    .sort((one, other) => SUBJECTS.indexOf(one.what) - SUBJECTS.indexOf(other.what))
}
