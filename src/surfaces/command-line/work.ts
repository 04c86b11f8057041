import { getPriority, setPriority } from 'node:os'
import type { Command } from './command.ts'
import { listenForStop, runUntil } from './stop-request.ts'

/** Where processors are short, whoever waits for an answer goes before jobs (`nice`; a server has 0). */
const NICE = 5

export const work: Command = {
  name: 'work',
  usage: 'work',
  summary: 'Run jobs only. Any number of these share one database.',
  async run(call) {
    const stop = listenForStop()
    if (getPriority() < NICE) setPriority(NICE)
    await using app = await call.createApp(call.config)
    await app.work()
    call.print('The worker waits for jobs.')
    return await runUntil(stop, app, call)
  },
}
