import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { makeClosed } from '../whole-files.ts'
import { EmbeddedError } from './embedded-error.ts'
import { filesOf, findRunning, passwordOf } from './embedded-folder.ts'
import { hasEnded, stop } from './embedded-process.ts'
import { binaries, initialise, unprivilegedAccount } from './embedded-programs.ts'
import { type EmbeddedOptions, type Server, Starter } from './embedded-starter.ts'

/** For a server that starts. One that says it recovers gets longer: it writes down again what it had acknowledged. */
const START_MS = 60_000
/** How soon the end of a server that another process started is noticed. */
const LOOK_MS = 500

export interface EmbeddedServer {
  /** The same for as long as it is looked after. */
  url: string
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL that npm brought, on a port of 127.0.0.1, with its files below `dataDir`, and looks after it. A
 * server that already runs on these files (another process of ours, or one that outlived a killed process) is used as
 * it is, and taken over when whoever started it ends.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { dataDir, log } = options
  const account = unprivilegedAccount()
  makeFolder(dataDir)
  const programs = await binaries()
  if (!existsSync(join(filesOf(dataDir), 'PG_VERSION')))
    await initialise({ bin: programs, files: filesOf(dataDir), passwordFile: passwordOf(dataDir), account })
  const starter = new Starter({ ...options, account, programs })
  const first = await starter.bring(START_MS)
  let current = first
  let isStopping = false
  const keep = async () => {
    for (;;) {
      await ended(current, () => isStopping, dataDir)
      if (isStopping) return
      log.error(
        { folder: filesOf(dataDir), said: current.words() },
        'the embedded PostgreSQL ended; it is started again',
      )
      current = await starter.bring(options.patienceMs ?? START_MS, first.port)
      log.warn({ pid: current.pid }, 'the embedded PostgreSQL runs again')
    }
  }
  // Whoever does not say what is to happen then needs it for a moment only.
  const kept =
    options.onGivenUp === undefined
      ? Promise.resolve()
      : keep().catch((error: Error) => (isStopping ? undefined : options.onGivenUp?.(error)))
  return {
    url: starter.urlFor(first.port),
    async stop() {
      isStopping = true
      starter.stop()
      if (current.child !== null) await stop(current.child)
      await kept
    },
  }
}

/** Settles when the server is gone. */
async function ended({ child, pid }: Server, isStopping: () => boolean, dataDir: string): Promise<void> {
  if (child !== null) {
    if (!hasEnded(child)) await new Promise((resolve) => child.once('exit', resolve))
    return
  }
  while (!isStopping() && findRunning(dataDir)?.pid === pid) await pause(LOOK_MS)
}

function makeFolder(dataDir: string): void {
  try {
    makeClosed(dataDir)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new EmbeddedError(
      `The data folder ${dataDir} cannot be made (${code}). Choose another with --data FOLDER, or give this user ` +
        'write access.',
      {
        cause,
      },
    )
  }
}
