import { createDemo } from '../../operations/demo.ts'
import type { Application, Command, Invocation } from './command.ts'
import { demoPath, readDemoFile, writeDemoFile } from './demo-file.ts'
import { listenForStop } from './stop-request.ts'

export const up: Command = {
  name: 'up',
  usage: 'up',
  summary: 'Run everything: database, API, console and worker. Creates the demo on the first start.',
  async run(call) {
    const stop = listenForStop()
    await using app = await call.createApp(call.config)
    const url = await app.serve()
    await app.work()
    const demo = call.config.demo ? await provideDemo(call, app, url) : null
    call.print(`Tintype runs at ${url}`)
    call.print(`Reference       ${url}/docs`)
    if (demo !== null) call.print(demo)
    call.print('Ctrl-C stops it.')
    await stop.asked
    call.tell('Stopping ...')
    return 0
  },
}

/** Creates the demo once, and keeps the address in its file current. Answers the line that says where the file is. */
async function provideDemo({ config }: Invocation, app: Application, baseUrl: string): Promise<string> {
  const path = demoPath(config)
  const created = await createDemo(app.platform, baseUrl)
  if (created !== null) writeDemoFile(config, created)
  const known = readDemoFile(config)
  if (known === null) return `Demo            exists, but ${path} is gone. New tokens: tintype token create`
  if (known.baseUrl !== baseUrl) writeDemoFile(config, { ...known, baseUrl })
  return `Demo            ${path} (addresses, tokens, log-in)`
}
