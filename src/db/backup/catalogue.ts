import pg from 'pg'
import type { Partition, Table } from './format.ts'

/** Ours are the tables of these schemas. An extension's are not. */
const OURS = `n.nspname in ('public', 'graphile_worker') and not exists (select 1 from pg_depend e where e.objid = c.oid and e.deptype = 'e')`
/** Made by the job queue's own migrations, which the target runs itself. */
const LEFT_OUT = ['graphile_worker.migrations']

/** How values are spelled in a backup, whatever a server is set to. For a transaction. */
export const SPELLING =
  `set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local bytea_output = 'hex'; set ` +
  'local extra_float_digits = 1'

/** Statements of one connection, in its transaction. */
export type Ask = <Row>(text: string, values?: unknown[]) => Promise<Row[]>

export const asker =
  (client: pg.Client): Ask =>
  async (text, values) =>
    (await client.query(text, values)).rows

export const nameOf = ({ schema, name }: { schema: string; name: string }) =>
  `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`
export const columnsOf = ({ columns }: Table) => columns.map((column) => pg.escapeIdentifier(column)).join(', ')

/** Tables with the columns that hold what was written; what is computed is computed again. */
export async function listTables(ask: Ask): Promise<Table[]> {
  const tables = await ask<Table>(`
    select n.nspname as schema, c.relname as name,
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${OURS} and c.relkind in ('r', 'p') and not c.relispartition
    order by 1, 2`)
  return tables.filter(({ schema, name }) => !LEFT_OUT.includes(`${schema}.${name}`))
}

export function listPartitions(ask: Ask): Promise<Partition[]> {
  return ask<Partition>(`
    select c.relname as name, p.relname as parent, pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_inherits i on i.inhrelid = c.oid
      join pg_class p on p.oid = i.inhparent
    where ${OURS} and c.relispartition and c.relkind = 'r'
    order by 1`)
}

/** Where each counter of a column stands, by `schema.table.column`. Read after the rows: never behind them. */
export async function readCounters(ask: Ask): Promise<Record<string, number>> {
  const counters = await ask<{ column: string; sequence: string }>(`
    select n.nspname || '.' || c.relname || '.' || a.attname as column, s.oid::regclass::text as sequence
    from pg_class s join pg_depend d on d.objid = s.oid and d.deptype in ('a', 'i') join pg_class c
      on c.oid = d.refobjid
      join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
        and a.attnum = d.refobjsubid
    where s.relkind = 'S' and ${OURS}
    order by 1`)
  const values: Record<string, number> = {}
  for (const { column, sequence } of counters) {
    const [row] = await ask<{ value: string }>(`select last_value as value from ${sequence} where is_called`)
    if (row !== undefined) values[column] = Number(row.value)
  }
  return values
}
