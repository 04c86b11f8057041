import { sql } from 'kysely'
import { type Db, query, texts } from '../../db/pool.ts'
import { queryPlanned } from '../../db/prepared.ts'
import { naturalKey } from '../natural-key.ts'
import { termQuery } from './terms.ts'

/*
 * What hangs on configuration: how many records of a location stand in a stage, book a calendar, bear a tag. For
 * whoever is about to change or remove it. Counts tell of living records.
 */

/**
 * A stage is asked for by its own id, of kind `stages`, and by its pipeline's: `within`. Ids are the location's own.
 */
export interface Asked {
  locationId: string
  kind: string
  id: string
  within?: string | undefined
  /** Of a tag, where it is known; its asset is asked for it otherwise. */
  name?: string | undefined
}

export interface Standing {
  locationId: string
  kind: string
  id: string
  /** None with a count of zero, unless there may be more. */
  records: RecordsStanding[]
}

export interface RecordsStanding {
  kind: string
  count: number
  /** Of appointments: those that have not begun and are not called off. */
  upcoming?: number
  /** There may be more: only so many records of the location were looked at. */
  atLeast?: true
}

/** Where records name assets of a kind: answered by the terms of the records. */
interface Place {
  kind: string
  field: string
  /** Only those with this `field=value` too. */
  only?: readonly [field: string, value: string]
  /** The field that names what it is asked for within. */
  within?: string
}

const PLACES: Record<string, readonly Place[]> = {
  pipelines: [{ kind: 'opportunities', field: 'pipelineId' }],
  stages: [{ kind: 'opportunities', field: 'pipelineStageId', within: 'pipelineId' }],
  calendars: [
    { kind: 'appointments', field: 'calendarId' },
    { kind: 'recurring_appointments', field: 'calendarId' },
    { kind: 'blocked_slots', field: 'calendarId' },
    { kind: 'schedules', field: 'calendarIds' },
  ],
  workflows: [{ kind: 'enrolments', field: 'assetId', only: ['state', 'active'] }],
  campaigns: [{ kind: 'enrolments', field: 'assetId', only: ['state', 'active'] }],
  associations: [{ kind: 'object_associations', field: 'labelId' }],
  objects: [{ kind: 'object_records', field: 'objectId' }],
}

/** What of its place in the list of the asked. */
type Answer = RecordsStanding & { index: number }

/** Records of a location that are looked at for values of its custom fields: there is no index of them. */
const MOST_READ = 10_000

/**
 * How many records hang on each, in the order asked. One statement for each kind of record, whatever the number of
 * locations.
 */
export async function countStanding(
  db: Db,
  asked: readonly Asked[],
  { nowMs, mostRead = MOST_READ }: { nowMs: number; mostRead?: number },
): Promise<Standing[]> {
  const answers: Answer[] = [...(await countTagged(db, asked))]
  for (const kind of new Set(Object.values(PLACES).flatMap((places) => places.map((place) => place.kind))))
    answers.push(...(await countNamed(db, kind, asked, nowMs)))
  for (const kind of ['contacts', 'opportunities']) answers.push(...(await countValues(db, kind, asked, mostRead)))
  const standing = asked.map(({ locationId, kind, id }): Standing => ({ locationId, kind, id, records: [] }))
  for (const { index, ...records } of answers)
    if (records.count > 0 || records.atLeast) standing[index]?.records.push(records)
  return standing
}

const indexed = (asked: readonly Asked[], isMeant: (one: Asked) => boolean) =>
  asked.flatMap((one, index) => (isMeant(one) ? [{ ...one, index }] : []))

/**
 * By their terms: a look into the index for each, and into the documents found, since terms do not tell upper case from
 * lower.
 */
async function countNamed(db: Db, kind: string, asked: readonly Asked[], nowMs: number): Promise<Answer[]> {
  const wanted = asked.flatMap(({ locationId, kind: assetKind, id, within = null }, index) =>
    (PLACES[assetKind] ?? [])
      .filter((place) => place.kind === kind)
      .flatMap(({ field, only, within: holder = '' }) => {
        const more = [only, within === null ? undefined : ([holder, within] as const)].flatMap((pair) =>
          pair === undefined ? [] : [pair],
        )
        const terms = [termQuery(locationId, field, id), ...more.map((pair) => termQuery(locationId, ...pair))]
        return terms.includes(null) ? [] : [{ index, locationId, field, id, holder, within, term: terms.join(' & ') }]
      }),
  )
  if (wanted.length === 0) return []
  const isUpcoming = sql`doc->>'startTime' collate "C" >= ${new Date(nowMs).toISOString()}
      and doc->>'appointmentStatus' not in ('cancelled', 'noshow', 'invalid')`
  const upcoming = kind === 'appointments' ? sql`, count(*) filter (where ${isUpcoming}) as upcoming` : sql``
  return queryPlanned(
    db,
    sql<Answer>`
      select w.index, ${kind}::text as kind, r.*
      from unnest((select ${wanted.map(({ index }) => index)}::int[]),
        (select ${texts(wanted.map(({ locationId }) => locationId))}),
        (select ${texts(wanted.map(({ term }) => term))}),
        (select ${texts(wanted.map(({ field }) => field))}), (select ${texts(wanted.map(({ id }) => id))}),
          (select ${texts(wanted.map(({ holder }) => holder))}),
        (select ${texts(wanted.map(({ within }) => within))})) w(index, location_id, term, field, id, holder, within)
      cross join lateral (
        select count(*) as count${upcoming} from record
        where location_id || '' = w.location_id and kind = ${sql.lit(kind)} and deleted_at is null
          and terms @@ w.term::tsquery and doc->w.field ? w.id
          and (w.within is null or doc->>w.holder = w.within)
      ) r`,
  )
}

/** Without reading a contact: how many have each tag is known (counts.ts). */
async function countTagged(db: Db, asked: readonly Asked[]): Promise<Answer[]> {
  const wanted = indexed(asked, ({ kind }) => kind === 'tags')
  if (wanted.length === 0) return []
  const keys = wanted.map(({ name }) => (name === undefined ? null : naturalKey(name)))
  return query(
    db,
    sql<Answer>`
      with wanted as materialized (
        select w.index, w.location_id, 'tags=' || coalesce(w.key, a.key) as term
        from unnest(${wanted.map(({ index }) => index)}::int[], ${texts(wanted.map(({ locationId }) => locationId))},
          ${texts(wanted.map(({ id }) => id))}, ${texts(keys)}) w(index, location_id, id, key)
        left join asset a on w.key is null and a.location_id = w.location_id and a.kind = 'tags' and a.id = w.id
      ), since as (
        select c.location_id, t.key as term, sum(t.value::bigint) as n
          from record_count_change c, jsonb_each_text(c.counts) t
        where c.kind = 'contacts' and c.location_id in (select location_id from wanted)
          and t.key in (select term from wanted) group by 1, 2
      )
      select w.index, 'contacts' as kind, (coalesce(c.n, 0) + coalesce(s.n, 0))::bigint as count from wanted w
      left join record_count c on c.location_id = w.location_id and c.kind = 'contacts' and c.term = w.term
      left join since s on s.location_id = w.location_id and s.term = w.term`,
  )
}

/**
 * How many records have a value of a custom field. No index tells: the oldest records of each location are read, once
 * for all of its fields that are asked for. Where there are more records than that, `atLeast` says so.
 */
async function countValues(db: Db, kind: string, asked: readonly Asked[], mostRead: number): Promise<Answer[]> {
  const wanted = indexed(asked, (one) => one.kind === 'custom_fields')
  if (wanted.length === 0) return []
  const rows = await query(
    db,
    sql<{ locationId: string; isAll: boolean; counts: Record<string, number> }>`
      select l.location_id as "locationId", r.read <= ${mostRead} as "isAll", r.counts
        from unnest(${texts([...new Set(wanted.map(({ locationId }) => locationId))])}) l(location_id)
      cross join lateral (
        with seen as materialized (
          select doc->'customFields' as field_values from record
          where location_id = l.location_id and kind = ${sql.lit(kind)} and deleted_at is null order by created_at, id
            limit ${mostRead}
        ), counted as (
          select v->>'id' as id, count(*) as n from seen, jsonb_array_elements(field_values) v
            where v->>'id' = any(${texts(wanted.map(({ id }) => id))}) group by 1
        )
        select (select count(*) from (
            select 1 from record where location_id = l.location_id and kind = ${sql.lit(kind)} and deleted_at is null
              limit ${mostRead + 1}) one_more) as read,
          (select coalesce(jsonb_object_agg(id, n), '{}') from counted) as counts
      ) r`,
  )
  const found = new Map(rows.map((row) => [row.locationId, row]))
  return wanted.map(({ index, locationId, id }) => {
    const { isAll = true, counts = {} } = found.get(locationId) ?? {}
    return { index, kind, count: counts[id] ?? 0, ...(isAll ? {} : { atLeast: true as const }) }
  })
}
