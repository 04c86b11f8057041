import type { Command } from './command.ts'
import { listenForStop, runUntil } from './stop-request.ts'

export const work: Command = {
  name: 'work',
  usage: 'work',
  summary: 'Run jobs only. Any number of these share one database.',
  async run(call) {
    const stop = listenForStop()
    await using app = await call.createApp(call.config)
    await app.work()
    call.print('The worker waits for jobs.')
    return await runUntil(stop, app, call)
  },
}
