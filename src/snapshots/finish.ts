import { sql } from 'kysely'
import { queryOne, type Tx } from '../db/pool.ts'
import { findReverting } from './reverting.ts'

interface Finish {
  pushId: string
  batch: number
  atMs: number
  /** The batch was given up: why its unfinished targets fail. */
  error?: string
}

/**
 * Ends a batch, and the push when it was the last: then answers its state. The lock on the push makes sure that one
 * batch is the last.
 */
export async function finishBatch(tx: Tx, { pushId, batch, atMs, error }: Finish): Promise<string | null> {
  const push = await queryOne(
    tx,
    sql<{
      state: string
      reverts: string | null
      isPart: boolean
    }>`select state, reverts, options ? 'only' as "isPart" from push where id = ${pushId} for update`,
  )
  if (push === null || push.state !== 'processing') return null
  const at = new Date(atMs)
  await sql`
    update push_target set finished_at = ${at}, error = coalesce(${error ?? null}, error),
      state = case when ${error !== undefined}::boolean then 'failed'
        when cardinality(failed) = 0 then 'completed' when cardinality(completed) = 0 then 'failed' else 'partial' end
    where push_id = ${pushId} and batch = ${batch} and state in ('pending', 'processing')`.execute(tx)
  await sql`delete from push_progress where push_id = ${pushId} and batch = ${batch}`.execute(tx)
  const finished = await queryOne(
    tx,
    sql<{ state: string }>`
      update push p set finished_at = ${at}, state = coalesce((
        select case when bool_and(t.state = 'completed') then 'completed'
          when bool_and(t.state = 'failed') then 'failed' else 'partial' end
        from push_target t where t.push_id = p.id), 'completed')
      where id = ${pushId}
        and not exists (select 1 from push_target t where t.push_id = p.id and t.state in ('pending', 'processing'))
      returning state`,
  )
  if (finished !== null && push.reverts !== null && !push.isPart)
    await markReverted(tx, { rollbackId: pushId, pushId: push.reverts, isWhole: finished.state === 'completed' })
  return finished?.state ?? null
}

interface Behind {
  reverts: string | null
  snapshotId: string
  /** It is about single assets. */
  isPart: boolean
}

interface Reverted {
  rollbackId: string
  pushId: string
  /** Every target of the roll-back was restored; else it can be retried. */
  isWhole: boolean
}

/**
 * A target that was rolled back says so, and the push when all were. When what is undone is itself a roll-back, the
 * push behind it stands again, unless it was rolled back by another one, too, and what that push may have undone is
 * undone again: every second one of a chain stands.
 */
async function markReverted(tx: Tx, { rollbackId, pushId, isWhole }: Reverted): Promise<void> {
  await sql`
    update push_target t set state = 'rolled_back' from push_target r
    where t.push_id = ${pushId} and r.push_id = ${rollbackId} and r.location_id = t.location_id
      and r.state = 'completed'`.execute(tx)
  if (!isWhole) return
  for (let [id, stands]: [string | null, boolean] = [pushId, false]; id !== null; stands = !stands) {
    const push: Behind | null = await queryOne(
      tx,
      sql<Behind>`
        select reverts, snapshot_id as "snapshotId", options ? 'only' as "isPart" from push where id = ${id}
        for update`,
    )
    if (push === null || (stands && (await findReverting(tx, { id, snapshotId: push.snapshotId })) !== null)) return
    if (stands) await standAgain(tx, id)
    else {
      await sql`update push set state = 'rolled_back' where id = ${id}`.execute(tx)
      if (id !== pushId)
        await sql`
          update push_target set state = 'rolled_back'
          where push_id = ${id} and state in ('completed', 'partial')`.execute(tx)
    }
    // The push behind it stands all the same.
    id = push.isPart ? null : push.reverts
  }
}

/** What was rolled back in a push stands as it did before. */
async function standAgain(tx: Tx, pushId: string): Promise<void> {
  await sql`
    update push_target set state = case
      when cardinality(failed) = 0 then 'completed' when cardinality(completed) = 0 then 'failed' else 'partial' end
    where push_id = ${pushId} and state = 'rolled_back'`.execute(tx)
  await sql`
    update push p set state = (
      select case when bool_and(t.state = 'completed') then 'completed'
        when bool_and(t.state = 'failed') then 'failed' else 'partial' end
      from push_target t where t.push_id = p.id)
    where id = ${pushId}`.execute(tx)
}
