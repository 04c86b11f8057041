import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PreparingClient } from '../../src/db/statements.ts'

/** Writes down into a folder, once, each text that a connection of ours sends from now on in this process. */
export function gatherStatements(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${process.pid}.jsonl`)
  const seen = new Set<string>()
  const { query } = PreparingClient.prototype
  PreparingClient.prototype.query = function gathered(this: PreparingClient, config: unknown, ...rest: unknown[]) {
    const text = typeof config === 'string' ? config : (config as { text?: string } | null)?.text
    if (text !== undefined && !seen.has(text)) {
      seen.add(text)
      appendFileSync(file, `${JSON.stringify(text)}\n`)
    }
    return query.call(this, config, ...rest)
  } as typeof query
}

/** What all processes of a run wrote down, each text once. */
export function readStatements(folder: string): string[] {
  const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
  return [...new Set(lines)].filter((line) => line !== '').map((line) => JSON.parse(line) as string)
}
