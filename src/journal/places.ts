import { sql } from 'kysely'
import { reasonOf } from '../db/outage.ts'
import { type Db, texts } from '../db/pool.ts'
import type { Log } from '../log.ts'
import type { Journal } from './segments.ts'

/** What is remembered is written down this often at most. */
const WRITE_MS = 5_000
/** The name of the consumer that stands for whoever keeps its place itself. */
const NAMELESS = ''

/** How far programs have read that keep their place themselves: the offset they asked to go on from. */
export interface ReadingPlaces extends AsyncDisposable {
  note(journal: Journal, offset: string): void
}

interface Place extends Journal {
  offset: string
  atMs: number
}

/**
 * Kept in memory, and written by one statement for all journals: the first at once, what follows within seconds. A
 * reader waits for nothing, and its thousand requests a second are one row in five seconds.
 */
export function createReadingPlaces({ db, nowMs, log }: { db: Db; nowMs: () => number; log: Log }): ReadingPlaces {
  let noted = new Map<string, Place>()
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()
  const write = () => {
    const places = [...noted.values()]
    noted = new Map()
    timer = places.length === 0 ? null : setTimeout(write, WRITE_MS).unref()
    if (places.length > 0)
      writing = writing
        .then(() => writePlaces(db, places))
        .catch((error) => log.warn({ reason: reasonOf(error) }, 'where journals are read was not written down'))
  }
  return {
    note({ appId, locationId }, offset) {
      noted.set(`${appId}/${locationId ?? ''}`, { appId, locationId, offset, atMs: nowMs() })
      timer ??= setTimeout(write, 0).unref()
    },
    async [Symbol.asyncDispose]() {
      if (timer !== null) clearTimeout(timer)
      write()
      if (timer !== null) clearTimeout(timer)
      await writing
    },
  }
}

/** In the order of their keys, so that two processes do not wait for each other; of two, the later place stands. */
async function writePlaces(db: Db, places: readonly Place[]): Promise<void> {
  await sql`
    insert into journal_consumer (app_id, location_id, name, "offset", updated_at)
    select p.app_id, p.location_id, ${NAMELESS}, p."offset", p.at
    from unnest(${texts(places.map(({ appId }) => appId))}, ${texts(places.map(({ locationId }) => locationId ?? ''))},
      ${places.map(({ offset }) => offset)}::uuid[],
      ${places.map(({ atMs }) => new Date(atMs))}::timestamptz[]) p(app_id, location_id, "offset", at)
    where exists (select 1 from app a where a.id = p.app_id)
    order by p.app_id, p.location_id
    on conflict (app_id, location_id, name) do update
      set "offset" = excluded."offset", updated_at = excluded.updated_at
      where journal_consumer.updated_at <= excluded.updated_at`.execute(db)
}
