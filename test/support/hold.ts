import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Story } from './stories.ts'

/** Holds rows of the database until it is let go, or what was done to them is kept. */
export async function hold(
  { server }: Pick<Story, 'server'>,
  statement: string,
  values: unknown[],
): Promise<{ letGo(): Promise<void>; keep(): Promise<void>; waiting(): Promise<void> }> {
  const client = new pg.Client({ connectionString: server.databaseUrl })
  await client.connect()
  await client.query('begin')
  const { rows } = await client.query('select pg_backend_pid() as pid')
  await client.query(statement, values)
  const end = async (how: 'commit' | 'rollback') => {
    await client.query(how)
    await client.end()
  }
  return {
    /** Until somebody waits for what is held. */
    async waiting() {
      const { pool } = server.app.database
      for (let tries = 0; tries < 500; tries++) {
        if (
          (await pool.query('select 1 from pg_stat_activity where $1 = any(pg_blocking_pids(pid))', [rows[0].pid]))
            .rowCount !== 0
        )
          return
        await pause(10)
      }
      assert.fail('nobody waits')
    },
    letGo: () => end('rollback'),
    keep: () => end('commit'),
  }
}
