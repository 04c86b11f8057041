import type { Clock } from '../../clock.ts'
import type { Db } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { type Arrived, addArrivals } from './arrivals.ts'

/*
 * What arrives while others are being kept goes along with the next statement, as contacts do (docs/decisions/0010):
 * whoever arrives alone is kept at once. An answer means that it is in the database.
 */

interface Waiting {
  arrived: Arrived
  settle: PromiseWithResolvers<string>
}

interface Gathering {
  waiting: Waiting[]
  running: number
}

const MOST_TOGETHER = 500
const MOST_BYTES = 8_000_000
/** One is made ready while the other is stored. */
const MOST_RUNNING = 2

const gatherings = new WeakMap<Db, Gathering>()

/** Keeps something that arrived; answers what it is known by. */
export function gatherArrival(db: Db, clock: Clock, arrived: Arrived): Promise<string> {
  const gathering = gatherings.get(db) ?? { waiting: [], running: 0 }
  gatherings.set(db, gathering)
  const settle = Promise.withResolvers<string>()
  gathering.waiting.push({ arrived, settle })
  keepNext(db, clock, gathering)
  return settle.promise
}

function keepNext(db: Db, clock: Clock, gathering: Gathering): void {
  if (gathering.running === MOST_RUNNING || gathering.waiting.length === 0) return
  let bytes = 0
  const fits = gathering.waiting.findIndex(({ arrived }, n) => {
    bytes += arrived.body.length
    return n === MOST_TOGETHER || (n > 0 && bytes > MOST_BYTES)
  })
  const batch = gathering.waiting.splice(0, fits === -1 ? gathering.waiting.length : fits)
  gathering.running++
  void keep(db, clock, batch).then(() => {
    gathering.running--
    keepNext(db, clock, gathering)
  })
}

async function keep(db: Db, clock: Clock, batch: readonly Waiting[]): Promise<void> {
  try {
    const all = batch.map(({ arrived }) => arrived)
    const ids = await inTransaction(db, (tx) => addArrivals(tx, all, clock.nowMs()))
    for (const [n, { settle }] of batch.entries()) settle.resolve(ids[n] as string)
  } catch (error) {
    for (const { settle } of batch) settle.reject(error)
  }
}
