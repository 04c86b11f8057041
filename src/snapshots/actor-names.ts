import { sql } from 'kysely'
import { type Db, texts } from '../db/pool.ts'
import { queryPlanned } from '../db/prepared.ts'

const SYSTEM_NAMES: Record<string, string> = { system: 'Tintype' }

/**
 * What actors of changes and pushes are called: a private token by its name, also when it was revoked; an app by its
 * name; a push by its snapshot and version; a person by
 * the name. Whoever is not known any more has none.
 */
export async function namesOfActors(db: Db, actors: Iterable<string>): Promise<Map<string, string>> {
  const wanted = [...new Set(actors)]
  const names = new Map(
    wanted.flatMap((actor) => (SYSTEM_NAMES[actor] === undefined ? [] : [[actor, SYSTEM_NAMES[actor]] as const])),
  )
  const idsOf = (form: string) =>
    wanted.flatMap((actor) => (actor.startsWith(`${form}:`) ? [actor.slice(form.length + 1)] : []))
  const [tokens, pushes, people] = [idsOf('token'), idsOf('push'), idsOf('person')]
  if (tokens.length + pushes.length + people.length === 0) return names
  const rows = await queryPlanned(
    db,
    sql<{ actor: string; name: string }>`
      with token_id as (select id::uuid as id from unnest(${texts(tokens)}) t(id)
        where id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')
      select 'token:' || t.id as actor, t.name from token t join token_id using (id)
      union all
      select 'token:' || g.id, a.name from oauth_grant g join token_id using (id) join app a on a.id = g.app_id
      union all
      select 'push:' || p.id,
        case when p.reverts is null then '' else 'Roll-back of ' end || s.name || ' (version ' || p.version || ')'
      from push p join snapshot s on s.id = p.snapshot_id
      where p.id = any(${texts(pushes)})
      union all
      select 'person:' || p.id, p.name from person p where p.id = any(${texts(people)})`,
  )
  for (const { actor, name } of rows) names.set(actor, name)
  return names
}
