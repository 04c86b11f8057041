import type { Db } from '../../db/pool.ts'
import { OutcomeUnknown } from '../../db/session.ts'
import { runAtOnce } from '../../db/transaction.ts'
import { askForSumAfter } from './counts.ts'
import { LOCK, WRITE } from './gathered-statements.ts'
import type { RecordRow } from './reads.ts'
import type { RecordResource } from './resource.ts'
import { type Place, partsOfWrite } from './rows.ts'
import { tagNamesOf } from './tag-names.ts'

/*
 * Contacts that concurrent requests write to one location are stored together: what arrives while others are being
 * stored goes along with the next statement. Each of them is written or not for itself, and a request alone waits for
 * nobody. What it saves stands in docs/decisions/0010.
 */

/** A contact to be made, or to become another, and what must not stand in its way. */
export interface Write {
  resource: RecordResource
  author: Place['author']
  /** As it was read; somebody may have written it since. Null: it is new. */
  before: RecordRow | null
  after: RecordRow
  /** Nobody else may have one of these. E-mails as `emailKey` makes them. */
  emails: readonly string[]
  phones: readonly string[]
  /** Natural keys of tags: each must be there. */
  tags: readonly string[]
  nowMs: () => number
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
 * Writes a contact in one trip to the database, unless something stands in its way. False: nothing was written; who
 * wants to know why has to look, in a transaction of its own. Waits for no lock.
 */
export function writeGathered(db: Db, locationId: string, write: Write): Promise<boolean> {
  const all = gatherings.get(db) ?? new Map<string, Gathering>()
  gatherings.set(db, all)
  const gathering = all.get(locationId) ?? { waiting: [], running: 0 }
  all.set(locationId, gathering)
  const settle = Promise.withResolvers<boolean>()
  gathering.waiting.push({ write, json: toJson(locationId, write), settle })
  storeNext(db, locationId, gathering, all)
  return settle.promise
}

function toJson(locationId: string, { resource, author, before, after, emails, phones, tags }: Write): string {
  return JSON.stringify({
    ...partsOfWrite({ locationId, author }, resource, { before, after }),
    emails,
    phones,
    tags,
  })
}

/** Whoever reads by the last change has come to now: what has waited until now is of now. */
const STALE_MS = 100

function asOfNow(locationId: string, { write, json }: Waiting): string {
  const { after, author, nowMs } = write
  const now = nowMs()
  if (now - after.updatedAt.getTime() <= STALE_MS) return json
  after.updatedAt = new Date(now)
  return toJson(locationId, { ...write, author: { ...author, atMs: now } })
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
      [WRITE(kind), [locationId, `[${batch.map((one) => asOfNow(locationId, one)).join(',')}]`]],
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
