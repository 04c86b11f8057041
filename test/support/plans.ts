import assert from 'node:assert/strict'
import pg from 'pg'
import { type Db, openDatabase } from '../../src/db/pool.ts'
import type { TestServer } from './server.ts'

interface PlanNode {
  Plans?: PlanNode[]
  'Actual Rows': number
  'Actual Loops': number
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Join Filter'?: number
  'Rows Removed by Index Recheck'?: number
}

interface Plan {
  shown: string
  /** Rows that its nodes gave or threw away, all passes together: what it did, however fast the machine is. */
  rows: number
  /** Blocks of the database that it looked at. */
  blocks: number
}

const rowsOf = (node: PlanNode): number =>
  node['Actual Loops'] *
    (node['Actual Rows'] +
      (node['Rows Removed by Filter'] ?? 0) +
      (node['Rows Removed by Join Filter'] ?? 0) +
      (node['Rows Removed by Index Recheck'] ?? 0)) +
  (node.Plans ?? []).reduce((sum, child) => sum + rowsOf(child), 0)

/**
 * What the statements about records and rows of connections that `work` sends say, and their plans, by whichever way the planner is made to
 * plan.
 */
export async function plansOf(
  server: TestServer,
  work: (db: Db) => Promise<unknown>,
): Promise<{ count: number; plans: Plan[] }> {
  const { db, pool, close } = openDatabase({ url: server.databaseUrl, poolSize: 1, log: server.app.platform.log })
  const asked: { text: string; values: readonly unknown[] }[] = []
  const ask = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [first, second] = args as [string | { text?: string; values?: unknown[] }, unknown[]]
    const { text = '', values = [] } = typeof first === 'string' ? { text: first, values: second } : first
    if (/(from|update) (record|connection_row)\s/.test(text)) asked.push({ text, values })
    return ask.apply(this, args)
  } as never
  try {
    await work(db)
  } finally {
    pg.Client.prototype.query = ask as never
  }
  const plans: Plan[] = []
  for (const { text, values } of asked) {
    const listed = (value: unknown) =>
      Array.isArray(value) ? `{${value.map((one) => JSON.stringify(one)).join(',')}}` : String(value)
    const literals = values.map((value) => (value === null ? 'null' : pg.escapeLiteral(listed(value))))
    for (const mode of ['generic', 'custom']) {
      await pool.query(
        `set plan_cache_mode = force_${mode}_plan; deallocate all; set tintype.locked_out = ''; prepare asked as ` +
          `${text}; begin`,
      )
      const { rows } = await pool.query(
        `explain (analyze, buffers, timing off, format json) execute asked(${literals.join(', ')})`,
      )
      await pool.query('rollback')
      const plan = rows[0]['QUERY PLAN'][0].Plan as PlanNode
      plans.push({
        shown: JSON.stringify(plan),
        rows: rowsOf(plan),
        blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
      })
    }
  }
  await close()
  return { count: asked.length, plans }
}

/** None reads the location, or a queue, from end to end, whether or not the planner knows which `count` records are looked for. */
export function areDirect(plans: readonly Plan[], count: number): void {
  for (const { shown, rows, blocks } of plans) {
    assert.ok(!/"Node Type":"Seq Scan",("[^"]+":[^,]+,)*"Relation Name":"(record|connection_row)/.test(shown), shown)
    assert.ok(!shown.includes('_created_at_') && !shown.includes('_updated_at_'), shown)
    assert.ok(rows <= 30 * count && blocks <= 50 + 60 * count, `${rows} rows, ${blocks} blocks: ${shown}`)
  }
}
