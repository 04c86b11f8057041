import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkStatements, readVolatility } from '../test/support/placement/check.ts'
import { readStatements } from '../test/support/sent-statements.ts'

export interface SentStatements extends Disposable {
  /** Where the processes of a run write down what they send. */
  folder: string
  /** Says what of it a cluster would not take, and answers whether it takes all; `whole`: nothing was left out. */
  check(databaseUrl: string, options: { whole: boolean }): Promise<boolean>
}

/** Every statement that the tests make us send is looked at once, when they have ended. */
export function gatherSent(): SentStatements {
  const given = process.env.TINTYPE_TEST_STATEMENTS
  // Named so that the runner sweeps it when we are killed.
  const folder = given ?? mkdtempSync(join(tmpdir(), `tintype-test-${process.pid}-statements-`))
  return {
    folder,
    async check(databaseUrl, { whole }) {
      const texts = readStatements(folder)
      if (texts.length === 0) return true
      const { problems, unused } = checkStatements(texts, await readVolatility(databaseUrl))
      for (const problem of problems) process.stderr.write(`✖ On a cluster: ${problem}\n`)
      if (problems.length > 0)
        process.stderr.write('Name the location, or say why not: test/support/placement/exceptions.ts\n')
      if (whole && unused.length > 0) process.stdout.write(`ℹ exceptions that nothing needed: ${unused.join(', ')}\n`)
      return problems.length === 0
    },
    [Symbol.dispose]() {
      if (given === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
