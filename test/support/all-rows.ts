import type pg from 'pg'

/**
 * Number of rows and a hash over all of them, of each table that is there. Asked of the catalogue: whoever leaves out a
 * table is found out.
 */
export async function digestAll(client: pg.Client | pg.Pool): Promise<Record<string, string>> {
  const { rows: tables } = await client.query(`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p')
      and not c.relispartition order by 1`)
  const digests: Record<string, string> = {}
  for (const { name } of tables) {
    const { rows } = await client.query(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text collate "C")), '') as digest
          from ${name} t`,
    )
    digests[name] = rows[0].digest
  }
  // The job queue's own migrations are made where the rows arrive, each with its moment.
  delete digests['graphile_worker.migrations']
  return digests
}

export const countOf = (digest: string | undefined) => Number((digest ?? '0').split(' ')[0])
