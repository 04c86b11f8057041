import { createApp } from '../../src/app.ts'
import { runCommandLine } from '../../src/surfaces/command-line/index.ts'

/** A command as its user sees it: how it ended, and the lines that it printed and told. */
export async function run(
  env: Record<string, string>,
  ...words: string[]
): Promise<{ code: number; out: string; err: string }> {
  const [printed, told]: [string[], string[]] = [[], []]
  const code = await runCommandLine(words, {
    env,
    createApp,
    print: (line) => void printed.push(line),
    tell: (line) => void told.push(line),
  })
  return { code, out: printed.join('\n'), err: told.join('\n') }
}
