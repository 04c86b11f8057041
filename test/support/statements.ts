import { PreparingClient } from '../../src/db/statements.ts'

/** The texts of all statements that this process sends to the database while `work` runs. One at a time. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const { query } = PreparingClient.prototype
  const texts: string[] = []
  PreparingClient.prototype.query = function counted(this: PreparingClient, config: unknown, ...rest: unknown[]) {
    texts.push(typeof config === 'string' ? config : String((config as { text?: string }).text))
    return query.call(this, config, ...rest)
  }
  try {
    await work()
  } finally {
    PreparingClient.prototype.query = query
  }
  return texts
}
