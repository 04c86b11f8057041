import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadModule, parseSync } from 'libpg-query'
import { PLACEMENTS } from '../../../src/db/placement.ts'
import { readFacts, type Schema } from './read.ts'
import { type Finding, findingsOf, type Volatility } from './rules.ts'

const SCHEMA = join(import.meta.dirname, '../../../sql/schema.sql')

/** Columns of all tables, as the generated schema lists them; a part of a table has those of the table. */
export function readColumns(): Map<string, string[]> {
  const schema = readFileSync(SCHEMA, 'utf8')
  const columns = new Map(
    [...schema.matchAll(/^create table (\w+) \(\n(.*?)^\)/gms)].map(([, name, body]) => [
      name as string,
      [...(body as string).matchAll(/^ {2}"?([a-z_]+)"? [a-z]/gm)].map(([, column]) => column as string),
    ]),
  )
  for (const [, part, whole] of schema.matchAll(PARTS)) columns.set(part as string, columns.get(whole as string) ?? [])
  return columns
}

const PARTS = /^create table (\w+) partition of (\w+)/gm
const wholes = new Map([...readFileSync(SCHEMA, 'utf8').matchAll(PARTS)].map(([, part, whole]) => [part, whole]))
const placeOf = (table: string) => PLACEMENTS.get(wholes.get(table) ?? table)

const schema: Schema = {
  columns: readColumns(),
  isSpread: (table) => placeOf(table) === 'location',
  isCentral: (table) => placeOf(table) === 'coordinator',
}

await loadModule()

const DEFINES = /^(Create|Alter|Drop|Index)/

/** What a statement does that a cluster refuses or does on all nodes; null: it is nothing that the parser knows. */
export function judge(text: string, volatility: Volatility): Finding[] | null {
  try {
    const statements = (parseSync(text).stmts ?? []).flatMap(({ stmt }) => stmt ?? [])
    // Migrations write to whole tables.
    if (statements.some((one) => DEFINES.test(Object.keys(one)[0] as string))) return []
    return statements.flatMap((one) => findingsOf(readFacts(one, schema), volatility))
  } catch {
    return null
  }
}

/** Read once from the database that the statements were sent to. */
export const VOLATILITY = `
  select proname as name,
    case when min(provolatile) <> max(provolatile) then null
      when min(provolatile) = 'i' then 'immutable' when min(provolatile) = 's' then 'stable' else 'volatile' end as kind
  from pg_proc where prokind = 'f' group by proname`
