import { PreparingClient } from '../../src/db/statements.ts'
import type { TestServer } from './server.ts'

/**
 * What comes at any time, whatever is asked: a worker beside the server looks for something to write into the journal,
 * counts are exchanged, and who calls is looked up anew once any token anywhere was changed.
 */
const AT_ANY_TIME = /from journal_inbox order by seq limit 1|rate_count|from token t\s+where t\.hash/

/**
 * The texts of all statements that a server sends to its database while `work` runs. One at a time. Servers of other
 * files stand in the same process, and have work of their own: theirs are left out.
 */
export async function statementsOf({ app }: Pick<TestServer, 'app'>, work: () => Promise<unknown>): Promise<string[]> {
  const database = new URL(String(app.platform.config.databaseUrl)).pathname.slice(1)
  const { query } = PreparingClient.prototype
  const texts: string[] = []
  PreparingClient.prototype.query = function counted(this: PreparingClient, config: unknown, ...rest: unknown[]) {
    const text = typeof config === 'string' ? config : String((config as { text?: string }).text)
    if (this.database === database && !AT_ANY_TIME.test(text)) texts.push(text)
    return query.call(this, config, ...rest)
  }
  try {
    await work()
  } finally {
    PreparingClient.prototype.query = query
  }
  return texts
}
