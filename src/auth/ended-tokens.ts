import { sql } from 'kysely'
import { type Db, queryOne } from '../db/pool.ts'

/** Whether what was signed under this id was ended before its time. */
export async function isEnded(db: Db, id: string | undefined): Promise<boolean> {
  return (await queryOne(db, sql`select 1 from ended_token where id = ${id ?? ''}`)) !== null
}

export async function endId(db: Db, id: string, endsMs: number): Promise<void> {
  await sql`insert into ended_token (id, ends_at) values (${id}, ${new Date(endsMs)})
      on conflict do nothing`.execute(db)
}

/** Those that would have ended by themselves by now. */
export async function forgetEnded(db: Db, atMs: number): Promise<void> {
  await sql`delete from ended_token where ends_at <= ${new Date(atMs)}`.execute(db)
}
