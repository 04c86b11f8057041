import type { Command } from './command.ts'
import { ensureConsole } from './console-build.ts'

export const build: Command = {
  name: 'build',
  usage: 'build',
  summary: 'Build the web console where it is missing or older than its source. `up` does it by itself.',
  async run({ print }) {
    await ensureConsole(print)
    print('The console is built.')
    return 0
  },
}
