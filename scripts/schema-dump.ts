import { sql } from 'kysely'
import { type Db, query } from '../src/db/pool.ts'

/** Left out: what an extension owns, and everything outside of `public` (the job queue keeps its own schema). */
const OURS = sql`c.relnamespace = 'public'::regnamespace and not
    exists (select 1 from pg_depend e where e.objid = c.oid and e.deptype = 'e')`

/**
 * The schema of a migrated database as text that people read and that is the same on every supported PostgreSQL.
 * Read from the catalogue: pg_dump does not come with the embedded server, and its output differs between versions.
 */
export async function dumpSchema(db: Db): Promise<string> {
  const parts = [
    await dumpTypes(db),
    await dumpTables(db),
    await dumpViews(db),
    await dumpFunctions(db),
    await dumpTriggers(db),
  ]
  return `-- The schema that sql/migrations lead to. Generated: npm run generate\n\n${parts.flat().join('\n\n')}\n`
}

async function dumpTypes(db: Db): Promise<string[]> {
  const rows = await query(
    db,
    sql<{ text: string }>`
      select format('create type %I as enum (%s);', t.typname,
        (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e
        where e.enumtypid = t.oid)) as text
      from pg_type t where t.typnamespace = 'public'::regnamespace and t.typtype = 'e' order by t.typname`,
  )
  return rows.map((row) => row.text)
}

interface Table {
  name: string
  parent: string | null
  bound: string | null
  partitionKey: string | null
  columns: {
    name: string
    type: string
    required: boolean
    value: string | null
    identity: string
    generated: string
  }[]
  constraints: string[]
  indexes: string[]
}

async function dumpTables(db: Db): Promise<string[]> {
  const rows = await query(
    db,
    sql<Table>`
      select c.relname as name,
        (select p.relname from pg_inherits i join pg_class p on p.oid = i.inhparent where i.inhrelid = c.oid
          and c.relispartition) as parent,
        pg_get_expr(c.relpartbound, c.oid) as bound,
        case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as "partitionKey",
        (select jsonb_agg(jsonb_build_object('name', quote_ident(a.attname), 'type',
          format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull,
            'value', pg_get_expr(d.adbin, d.adrelid), 'identity', a.attidentity, 'generated', a.attgenerated)
              order by a.attnum)
          from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
        -- Newer servers also list "not null" as constraints (contype n); the columns say it already.
        coalesce((select jsonb_agg(pg_get_constraintdef(k.oid)
          order by position(k.contype in 'pucfx'), pg_get_constraintdef(k.oid))
          from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'c', 'f', 'x')),
            '[]') as constraints,
        coalesce((select jsonb_agg(pg_get_indexdef(i.indexrelid) order by n.relname)
          from pg_index i join pg_class n on n.oid = i.indexrelid
          where i.indrelid = c.oid and not n.relispartition and not
            exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)), '[]') as indexes
      from pg_class c where ${OURS} and c.relkind in ('r', 'p')
      order by coalesce((select p.relname from pg_inherits i join pg_class p on p.oid = i.inhparent
        where i.inhrelid = c.oid), c.relname), c.relispartition, c.relname`,
  )
  return rows.map(toTableText)
}

function toTableText({ name, parent, bound, partitionKey, columns, constraints, indexes }: Table): string {
  const own = indexes.map((text) => `${text.replaceAll(' public.', ' ')};`)
  if (parent !== null) return [`create table ${name} partition of ${parent} ${bound};`, ...own].join('\n')
  const lines = columns.map(
    (column) => `  ${column.name} ${column.type}${column.required ? ' not null' : ''}${valueText(column)}`,
  )
  const body = [...lines, ...constraints.map((text) => `  ${text}`)].join(',\n')
  return [
    `create table ${name} (\n${body}\n)${partitionKey === null ? '' : ` partition by ${partitionKey}`};`,
    ...own,
  ].join('\n')
}

function valueText({ value, identity, generated }: Table['columns'][number]): string {
  if (identity !== '') return ` generated ${identity === 'a' ? 'always' : 'by default'} as identity`
  if (generated !== '') return ` generated always as (${value}) ${generated === 's' ? 'stored' : 'virtual'}`
  return value === null ? '' : ` default ${value}`
}

async function dumpViews(db: Db): Promise<string[]> {
  const rows = await query(
    db,
    sql<{ text: string }>`
      select format('create %s %I as%s', case c.relkind when 'm' then 'materialized view' else 'view' end, c.relname,
        E'\n' || pg_get_viewdef(c.oid)) as text
      from pg_class c where ${OURS} and c.relkind in ('v', 'm') order by c.relname`,
  )
  return rows.map((row) => row.text)
}

async function dumpFunctions(db: Db): Promise<string[]> {
  const rows = await query(
    db,
    sql<{ text: string }>`
      select pg_get_functiondef(c.oid) as text from pg_proc c
      where c.pronamespace = 'public'::regnamespace and c.prokind in ('f', 'p') and not
        exists (select 1 from pg_depend e where e.objid = c.oid and e.deptype = 'e')
      order by c.proname, pg_get_function_identity_arguments(c.oid)`,
  )
  return rows.map((row) => `${row.text.trimEnd().replaceAll(' public.', ' ')};`)
}

async function dumpTriggers(db: Db): Promise<string[]> {
  const rows = await query(
    db,
    sql<{ text: string }>`
      select pg_get_triggerdef(t.oid) as text from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where ${OURS} and not t.tgisinternal and t.tgparentid = 0 order by c.relname, t.tgname`,
  )
  return rows.map((row) => `${row.text.replaceAll(' public.', ' ')};`)
}
