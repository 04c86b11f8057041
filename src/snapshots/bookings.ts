import { sql } from 'kysely'
import { type Tx, texts } from '../db/pool.ts'
import { addTotals, type Totals } from './options.ts'
import type { PieceResult } from './piece.ts'
import type { BatchTarget, PushRow } from './push.ts'
import type { WantedKind } from './wanted.ts'

export interface Booking {
  kind: WantedKind
  result: PieceResult
}

/**
 * Writes what became of the kinds to their targets. Entries that nobody mentioned are unchanged. Returns what the
 * push's totals gain.
 */
export async function bookTotals(
  tx: Tx,
  push: PushRow,
  bookings: readonly Booking[],
  targets: readonly BatchTarget[],
): Promise<Totals> {
  const sum: Totals = {}
  const rows = targets.map(({ locationId, totals, completed, failed: earlierFailed }) => {
    const booked: Record<string, Totals> = {}
    const failed: string[] = []
    for (const { kind, result } of bookings) {
      if (completed.includes(kind.kind)) continue
      const now: Totals = { ...result.totals.get(locationId) }
      const earlier = totals[kind.kind]
      if (earlier === undefined)
        addTotals(now, {
          unchanged: kind.entries.length - Object.values(now).reduce((count, number) => count + number, 0),
        })
      addTotals(now, result.removals.get(locationId) ?? {})
      const again = { failed: -(earlier?.failed ?? 0) }
      addTotals(addTotals(sum, now), again)
      if ((now.failed ?? 0) > 0) failed.push(kind.kind)
      booked[kind.kind] = addTotals(addTotals({ ...earlier }, again), now)
    }
    return { locationId, booked, failed: [...earlierFailed.filter((kind) => !Object.hasOwn(booked, kind)), ...failed] }
  })
  // Most targets of a batch have the same to book: each different booking is read once.
  const groups = [...Map.groupBy(rows, ({ booked, failed }) => JSON.stringify([booked, failed])).values()]
  const first = groups.map((group) => group[0] as (typeof rows)[number])
  await sql`
    with booking as materialized (
      select b.number, b.booked::jsonb as booked, array(select jsonb_array_elements_text(b.done::jsonb)) as done,
        array(select jsonb_array_elements_text(b.failed::jsonb)) as failed
      from unnest(${texts(first.map((r) => JSON.stringify(r.booked)))},
        ${texts(first.map((r) => JSON.stringify(Object.keys(r.booked).filter((kind) => !r.failed.includes(kind)))))},
        ${texts(first.map((r) => JSON.stringify(r.failed)))}) with ordinality b(booked, done, failed, number)
    )
    update push_target t set totals = t.totals || b.booked, completed = t.completed || b.done, failed = b.failed
    from unnest(${texts(groups.flatMap((group) => group.map((r) => r.locationId)))},
      ${groups.flatMap((group, index) => group.map(() => index + 1))}::bigint[]) r(location_id, number)
    join booking b on b.number = r.number
    where t.push_id = ${push.id} and t.location_id = r.location_id`.execute(tx)
  return sum
}
