import type { Command } from './command.ts'
import { hintAtAgency } from './hints.ts'
import { listenForStop, runUntil } from './stop-request.ts'

export const serve: Command = {
  name: 'serve',
  usage: 'serve',
  summary: 'Run the API and the console only. Any number of these share one database.',
  async run(call) {
    const stop = listenForStop()
    await using app = await call.createApp(call.config)
    call.print(`Tintype serves at ${await app.serve()}`)
    await hintAtAgency(call, app)
    return await runUntil(stop, app, call)
  },
}
