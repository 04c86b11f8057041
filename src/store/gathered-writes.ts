import type { Db } from '../db/pool.ts'
import { OutcomeUnknown } from '../db/session.ts'
import { prepare, preparePerKind } from '../db/statements.ts'
import { runAtOnce } from '../db/transaction.ts'
import { isMissingKey } from './assets.ts'
import { askForSumAfter } from './record-counts.ts'
import { OWN_EMAILS, OWN_PHONES, type Own } from './record-identities.ts'
import type { RecordRow } from './record-reads.ts'
import type { RecordResource } from './record-resource.ts'
import { type Place, partsOfWrite } from './record-rows.ts'
import { tagNamesOf } from './tag-names.ts'

/*
 * Contacts that concurrent requests write to one location are stored together: what arrives while others are being stored goes along
 * with the next statement. Each of them is written or not for itself, and a request alone waits for nobody. What it saves
 * stands in docs/decisions/0010.
 */

/** A contact to be made, or to become another, and what must not stand in its way. */
export interface Write {
  resource: RecordResource
  author: Place['author']
  /** As it was read; somebody may have written it since. Null: it is new. */
  before: RecordRow | null
  after: RecordRow
  /** Nobody else may have one of these. E-mails in lower case. */
  emails: readonly string[]
  phones: readonly string[]
  /** Natural keys of tags: each must be there. */
  tags: readonly string[]
  /** What nobody else may just be asking for: names of locks, see `lockIdentity`. */
  locks: readonly string[]
}

interface Waiting {
  write: Write
  /** All that is written, as JSON. */
  json: string
  settle: PromiseWithResolvers<boolean>
}

/** Of one location. */
interface Gathering {
  waiting: Waiting[]
  running: number
}

const MOST_TOGETHER = 50
const MOST_CHARACTERS = 1_000_000
/** PostgreSQL has room for some thousands, for all connections together. */
const MOST_LOCKS = 500
/** One is made ready while the other is stored. */
const MOST_RUNNING = 2

const gatherings = new WeakMap<Db, Map<string, Gathering>>()

/**
 * Writes a contact in one trip to the database, unless something stands in its way. False: nothing was written; who wants to know
 * why has to look, in a transaction of its own. Waits for no lock.
 */
export function writeGathered(db: Db, locationId: string, write: Write): Promise<boolean> {
  const all = gatherings.get(db) ?? new Map<string, Gathering>()
  gatherings.set(db, all)
  const gathering = all.get(locationId) ?? { waiting: [], running: 0 }
  all.set(locationId, gathering)
  const settle = Promise.withResolvers<boolean>()
  const { resource, author, before, after, emails, phones, tags } = write
  const json = JSON.stringify({ ...partsOfWrite({ locationId, author }, resource, { before, after }), emails, phones, tags })
  gathering.waiting.push({ write, json, settle })
  storeNext(db, locationId, gathering, all)
  return settle.promise
}

function storeNext(db: Db, locationId: string, gathering: Gathering, all: Map<string, Gathering>): void {
  if (gathering.running === 0 && gathering.waiting.length === 0) all.delete(locationId)
  if (gathering.running === MOST_RUNNING || gathering.waiting.length === 0) return
  const batch = takeBatch(gathering)
  gathering.running++
  void store(db, locationId, batch).then(() => {
    gathering.running--
    storeNext(db, locationId, gathering, all)
  })
}

/** In their order, but no two that want the same: a lock does not part those who hold it together. */
function takeBatch(gathering: Gathering): Waiting[] {
  const taken = new Set<string>()
  const batch: Waiting[] = []
  const left: Waiting[] = []
  let [characters, locks] = [0, 0]
  for (const one of gathering.waiting) {
    const { write, json, settle } = one
    const isTooMuch = characters + json.length > MOST_CHARACTERS || locks + write.locks.length > MOST_LOCKS
    const isFull = batch.length === MOST_TOGETHER || (batch.length > 0 && isTooMuch)
    if (write.before !== null && taken.has(write.after.id)) {
      // It was read before the one that goes first is written.
      settle.resolve(false)
      continue
    }
    if (isFull || write.locks.some((name) => taken.has(name))) left.push(one)
    else {
      batch.push(one)
      characters += json.length
      locks += write.locks.length
    }
    for (const name of [...write.locks, write.after.id]) taken.add(name)
  }
  gathering.waiting = left
  return batch
}

async function store(db: Db, locationId: string, batch: readonly Waiting[]): Promise<void> {
  const { kind } = (batch[0] as Waiting).write.resource
  const locks = batch.flatMap(({ write: { locks, tags, after } }) => [
    ...locks.map((name) => ({ id: after.id, name, shared: false })),
    ...(tags.length > 0 ? [{ id: after.id, name: tagNamesOf(locationId), shared: true }] : []),
  ])
  try {
    const written = await runAtOnce(db, [
      [LOCK, [locks.map(({ id }) => id), locks.map(({ name }) => name), locks.map(({ shared }) => shared)]],
      [WRITE(kind), [locationId, `[${batch.map(({ json }) => json).join(',')}]`]],
    ])
    const ids = new Set((written as { id: string }[]).map(({ id }) => id))
    for (const { write, settle } of batch) settle.resolve(ids.has(write.after.id))
    // Nobody waits for it. Where it fails, another will ask.
    askForSumAfter(db, { locationId, kind }, ids.size).catch(() => {})
  } catch (error) {
    // What was undone each may try alone.
    for (const { settle } of batch) {
      if (error instanceof OutcomeUnknown) settle.reject(error)
      else settle.resolve(false)
    }
  }
}

/** Tells the next statement whose locks others hold. What was written under locks that are free now, that statement sees. */
const LOCK = prepare(`
  select set_config('tintype.locked_out', coalesce(string_agg(id, ','), ''), true) from unnest($1::text[], $2::text[], $3::bool[]) l(id, name, shared)
  where not case when shared then pg_try_advisory_xact_lock_shared(hashtextextended(name, 0)) else pg_try_advisory_xact_lock(hashtextextended(name, 0)) end`)

const nobodyElseHas = (kind: string, own: Own, values: string) => `
  (select 1 from record r where location_id = $1 and kind = ${kind} and deleted_at is null and ${own.primary} = any(${values}) and r.id <> g.id limit 1) is null and
  (select 1 from record r where location_id || '' = $1 and kind = ${kind} and deleted_at is null
    and ${own.list} is not null and ${own.inList} ?| ${values} and r.id <> g.id limit 1) is null`

const WRITE = preparePerKind<{ id: string }>(
  (kind) => `
  with given as materialized (
    select g.* from jsonb_to_recordset($2::jsonb) g(id text, "objectId" bigint, document jsonb, terms text[], "createdAt" timestamptz, "updatedAt" timestamptz,
      "seenAt" timestamptz, "changeId" uuid, delta jsonb, actor text, cause text, "countId" uuid, counts jsonb, emails text[], phones text[], tags text[])
    where g.id <> all(string_to_array(current_setting('tintype.locked_out'), ','))
      and ${nobodyElseHas(kind, OWN_EMAILS, 'g.emails')} and ${nobodyElseHas(kind, OWN_PHONES, 'g.phones')}
      and (select 1 from unnest(g.tags) t(key) where ${isMissingKey('$1', "'tags'", 't.key')} limit 1) is null
  ), unchanged as materialized (
    select g.* from given g join record r on r.location_id = $1 and r.kind = ${kind} and r.id = g.id
    where r.deleted_at is null and date_trunc('milliseconds', r.updated_at) = g."seenAt"
    for update of r skip locked
  ), changed as (
    update record r set doc = g.document, terms = array_to_tsvector(g.terms), updated_at = g."updatedAt" from unchanged g
    where r.location_id = $1 and r.kind = ${kind} and r.id = g.id
    returning r.id
  ), created as (
    insert into record (location_id, kind, id, object_id, doc, terms, created_at, updated_at)
    select $1, ${kind}, id, "objectId", document, array_to_tsvector(terms), "createdAt", "updatedAt" from given where "seenAt" is null
    returning id
  ), written as (
    select * from given where "seenAt" is null union all select * from unchanged
  ), counted as (
    insert into record_count_change (location_id, kind, id, counts) select $1, ${kind}, "countId", counts from written where counts is not null
  )
  insert into change (location_id, id, kind, entity_id, op, delta, actor, cause, at)
  select $1, "changeId", ${kind}, id, case when "seenAt" is null then 'create' else 'update' end, delta, actor, cause, "updatedAt" from written
  returning entity_id as id`,
)
