import { inTransaction } from '../../db/transaction.ts'
import { getConnection } from '../connections/connection.ts'
import { askToFeed, endTurn } from '../incoming/turns.ts'
import { type Feeding, feedSetOrStop, type Place } from './feed.ts'
import { Lanes } from './lanes.ts'

/** One connection works for so long, then others have their turn. */
const TURN_MS = 10_000
/** Sets that are under way beside the first one, where many rows wait. */
const BESIDE = 2

/**
 * Makes of what waits for a connection what it comes to, in sets: each is one transaction that ends what it has taken, so
 * whoever is killed has done a set or nothing of it. One job at a time works on a connection. Where many rows wait,
 * three sets are under way: while the database writes some, another is worked out.
 */
export async function feedConnection(feeding: Feeding, place: Place): Promise<void> {
  const untilMs = performance.now() + TURN_MS
  const isTime = () => performance.now() < untilMs
  for (;;) {
    const isDone = await feedWhile(isTime, feeding, place)
    if (isDone && (await endTurn(feeding.db, place))) return
    if (isTime()) continue
    return await inTransaction(feeding.db, async (tx) => askToFeed(tx, await getConnection(tx, place)))
  }
}

/** False: there may be more, but others have their turn. */
async function feedWhile(isTime: () => boolean, feeding: Feeding, place: Place): Promise<boolean> {
  const lanes = new Lanes()
  const beside: Promise<void>[] = []
  const first = async () => {
    for (;;) {
      const fed = await feedSetOrStop(feeding, place, { lanes, isFirst: true })
      if (fed === 'none') return true
      if (!isTime()) return false
      if (fed !== 'full' || beside.length === BESIDE) continue
      const other = feedBeside(feeding, place, { lanes, isTime })
      other.catch(() => {}) // told below
      beside.push(other)
    }
  }
  const [ended] = await Promise.allSettled([first()])
  await Promise.allSettled(beside)
  await Promise.all(beside)
  if (ended.status === 'rejected') throw ended.reason
  return ended.value
}

async function feedBeside(
  feeding: Feeding,
  place: Place,
  { lanes, isTime }: { lanes: Lanes; isTime: () => boolean },
): Promise<void> {
  while (isTime() && (await feedSetOrStop(feeding, place, { lanes, isFirst: false })) === 'full');
}
