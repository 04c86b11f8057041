import { accessSync, constants, statSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Config } from '../../config.ts'
import { makeClosed } from '../../whole-files.ts'
import { lookAtDisks, MAKE_ROOM } from '../disk.ts'
import type { Command } from './command.ts'
import { demoPath, readDemoFile } from './demo-file.ts'
import { checkDatabase, type Finding } from './doctor-database.ts'
import { findHolder, type Holder } from './holder.ts'

export const doctor: Command = {
  name: 'doctor',
  usage: 'doctor',
  summary: 'Look for what keeps this installation from working, and say what to do.',
  async run({ config, print }) {
    const holder = findHolder(config.data)
    const findings = [
      checkNode(),
      checkFolder(config),
      ...(await checkDisks(config)),
      ...(await checkDatabase(config, holder)),
      await checkPort(config, holder),
      checkDemo(config),
    ]
    for (const { ok, what, advice } of findings)
      print(`${ok ? '✓' : '✗'} ${what}${ok || advice === undefined ? '' : `\n    ${advice}`}`)
    const bad = findings.filter((finding) => !finding.ok).length
    print(bad === 0 ? '\nAll is well.' : `\n${bad} of ${findings.length} checks failed.`)
    return bad === 0 ? 0 : 1
  },
}

function checkNode(): Finding {
  const ok = Number(process.versions.node.split('.')[0]) >= 26
  return {
    ok,
    what: `Node ${process.versions.node}`,
    advice: 'Node 26 or newer is needed; bin/tintype.js brings it: node bin/tintype.js doctor',
  }
}

function checkFolder({ data }: Config): Finding {
  try {
    makeClosed(data)
    accessSync(data, constants.W_OK)
    return { ok: true, what: `Data folder ${data} is writable` }
  } catch (error) {
    return {
      ok: false,
      what: `Data folder ${data}: ${(error as Error).message}`,
      advice: 'Give its owner write access, or choose another: --data FOLDER',
    }
  }
}

async function checkDisks(config: Config): Promise<Finding[]> {
  return (await lookAtDisks(config)).map(({ folder, free, isLow }) => ({
    ok: !isLow,
    what: `Disk of ${folder}: ${isLow ? 'nearly full, ' : ''}${free} are free`,
    advice: `${MAKE_ROOM}.`,
  }))
}

async function checkPort(config: Config, holder: Holder | null): Promise<Finding> {
  if (holder?.url) {
    const answer = await askHealth(holder.url)
    const advice = `Look at the log of process ${holder.pid}.`
    return {
      ok: answer?.ok === true,
      what: `Tintype ${answer?.ok ? 'answers' : 'does not answer'} at ${holder.url} (process ${holder.pid})`,
      advice,
    }
  }
  // With a database from outside, the demo's file knows where the server of this folder runs.
  const known = knownUrl(config)
  if (known !== null && (await isAlive(known))) return { ok: true, what: `Tintype answers at ${known}` }
  const { host, port } = config
  if (port === 0) return { ok: true, what: 'Port: any free one' }
  const at = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const here = at.replace('0.0.0.0', '127.0.0.1').replace('[::]', '[::1]')
  if (await isAlive(`http://${here}`)) return { ok: true, what: `Tintype answers at http://${here}` }
  const problem = await tryListening(host, port)
  return {
    ok: problem === null,
    what: problem === null ? `Port ${at} is free` : `Port ${at}: ${problem}`,
    advice: 'Stop the program that uses it, or choose another: --port PORT',
  }
}

function knownUrl(config: Config): string | null {
  try {
    return readDemoFile(config)?.baseUrl ?? null
  } catch {
    return null // what is wrong with it is a finding of its own
  }
}

/** A machine that is busy answers late: that is no fault of the server. */
const PATIENCE_MS = 10_000

const askHealth = (url: string) =>
  fetch(`${url}/health`, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null)

async function isAlive(url: string): Promise<boolean> {
  const answer = await askHealth(url)
  const body = await answer?.json().catch(() => null)
  return (body as { status?: string } | null)?.status === 'ok'
}

function tryListening(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' ? 'another program uses it' : error.message),
    )
    server.listen(port, host, () => server.close(() => resolve(null)))
  })
}

function checkDemo(config: Config): Finding {
  const path = demoPath(config)
  try {
    if (readDemoFile(config) === null) return { ok: true, what: 'Demo file: none' }
    const closed = process.platform === 'win32' || (statSync(path).mode & 0o077) === 0
    return {
      ok: closed,
      what: `Demo file ${path}${closed ? '' : ' can be read by others, and it holds tokens'}`,
      advice: `Run: chmod 600 ${path}`,
    }
  } catch (error) {
    return {
      ok: false,
      what: (error as Error).message,
      advice: 'Remove it; tokens can be made again: tintype token create',
    }
  }
}
