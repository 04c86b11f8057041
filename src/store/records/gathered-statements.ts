import { prepare, preparePerKind } from '../../db/statements.ts'
import { isMissingKey } from '../assets/index.ts'
import { IN_LOCATION, OWN_EMAILS, OWN_PHONES, type Own } from './identities.ts'

/**
 * Tells the next statement whose locks others hold. What was written under locks that are free now, that statement
 * sees.
 */
export const LOCK = prepare(`
  select set_config('tintype.locked_out', coalesce(string_agg(id, ','), ''), true)
    from unnest($1::text[], $2::text[], $3::bool[]) l(id, name, shared)
  where not case when shared then pg_try_advisory_xact_lock_shared(hashtextextended(name, 0))
    else pg_try_advisory_xact_lock(hashtextextended(name, 0)) end`)

const nobodyElseHas = (kind: string, own: Own, values: string) => `
  (select 1 from record r where location_id || '' = $1 and kind = ${kind} and deleted_at is null and ${own.primary} = any(${values}) and r.id <> g.id limit 1) is null and
  (select 1 from record r where ${IN_LOCATION} and kind = ${kind} and deleted_at is null
    and ${own.list} is not null and ${own.inList} ?| ${values} and r.id <> g.id limit 1) is null`

export const WRITE = preparePerKind<{ id: string }>(
  (kind) => `
  with given as materialized (
    select g.* from jsonb_to_recordset($2::jsonb) g(id text, "objectId" bigint, document jsonb, terms text[],
      "createdAt" timestamptz, "updatedAt" timestamptz,
      "seenAt" timestamptz, "changeId" uuid, delta jsonb, actor text, cause text, "countId" uuid, counts jsonb,
        emails text[], phones text[], tags text[])
    where g.id <> all(string_to_array(current_setting('tintype.locked_out'), ','))
      and ${nobodyElseHas(kind, OWN_EMAILS, 'g.emails')} and ${nobodyElseHas(kind, OWN_PHONES, 'g.phones')}
      and (select 1 from unnest(g.tags) t(key) where ${isMissingKey('$1', "'tags'", 't.key')} limit 1) is null
  ), unchanged as materialized (
    select g.* from given g join record r on r.location_id = $1 and r.kind = ${kind} and r.id = g.id
    where r.deleted_at is null and date_trunc('milliseconds', r.updated_at) = g."seenAt"
    for update of r skip locked
  ), changed as (
    update record r set doc = g.document, terms = array_to_tsvector(g.terms), updated_at = g."updatedAt"
      from unchanged g
    where r.location_id = $1 and r.kind = ${kind} and r.id = g.id
    returning r.id
  ), created as (
    insert into record (location_id, kind, id, object_id, doc, terms, created_at, updated_at)
    select $1, ${kind}, id, "objectId", document, array_to_tsvector(terms), "createdAt", "updatedAt" from given
      where "seenAt" is null
    returning id
  ), written as (
    select * from given where "seenAt" is null union all select * from unchanged
  ), counted as (
    insert into record_count_change (location_id, kind, id, counts) select $1, ${kind}, "countId", counts from written
      where counts is not null
  )
  insert into change (location_id, id, kind, entity_id, op, delta, actor, cause, at)
  select $1, "changeId", ${kind}, id, case when "seenAt" is null then 'create' else 'update' end, delta, actor, cause,
    "updatedAt" from written
  returning entity_id as id`,
)
