import type { Application, Command, Invocation } from './command.ts'
import { ensureConsole } from './console-build.ts'
import { demoPath, readDemoFile, writeDemoFile } from './demo-file.ts'
import { hintAtAgency, signInLine } from './hints.ts'
import { holdFolder } from './holder.ts'
import { listenForStop, runUntil } from './stop-request.ts'

export const up: Command = {
  name: 'up',
  usage: 'up',
  summary: 'Run everything: database, API, console and worker. Creates the demo on the first start.',
  async run(call) {
    const stop = listenForStop()
    // With neither of them, nothing of ours is in the folder.
    using hold = call.config.databaseUrl === undefined || call.config.demo ? await holdFolder(call.config.data) : null
    void stop.asked.then(() => hold?.stops())
    const built = buildConsole(call)
    await using app = await call.createApp(call.config)
    // The demo before the first answer: whoever waits for /ready finds demo.json.
    if (call.config.demo) await makeDemo(call, app)
    await built
    const url = await app.serve()
    hold?.serves(url)
    const demo = call.config.demo ? placeDemo(call, url) : null
    await app.work()
    call.print(`Tintype runs at ${url}`)
    if (call.config.console) call.print(`Console         ${url}/app`)
    call.print(`Reference       ${url}/docs`)
    if (demo === null) await hintAtAgency(call, app)
    else {
      call.print(demo)
      const line = await signInLine(app, readDemoFile(call.config)?.admin?.email ?? '')
      if (line !== null) call.print(line)
    }
    call.print('Ctrl-C stops it.')
    return await runUntil(stop, app, call)
  },
}

/** While the database starts. Without a console everything else works: the start page says what to do. */
async function buildConsole({ config, tell }: Invocation): Promise<void> {
  if (!config.console) return
  await ensureConsole(tell).catch((error: Error) =>
    tell(`The console could not be built; everything else works without. ${error.message}`),
  )
}

/** Creates the demo on the first start. */
async function makeDemo({ config }: Invocation, app: Application): Promise<void> {
  const { createDemo } = await import('../../demo/index.ts')
  const created = await createDemo(app.platform, config.publicUrl ?? `http://${config.host}:${config.port}`)
  if (created !== null) writeDemoFile(config, created)
}

/** Keeps the address in the demo's file current. Answers the line that says where the file is. */
function placeDemo({ config }: Invocation, baseUrl: string): string {
  const path = demoPath(config)
  const known = readDemoFile(config)
  if (known === null) return `Demo            exists, but ${path} is gone. New tokens: tintype token create`
  if (known.baseUrl !== baseUrl) writeDemoFile(config, { ...known, baseUrl })
  return `Demo            ${path} (addresses, tokens, log-in)`
}
