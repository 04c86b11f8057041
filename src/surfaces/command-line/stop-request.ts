import type { Application, Invocation } from './command.ts'

/** Ctrl-C reaches the whole process group, and parents forward it too: echoes within this time are one request. */
const ECHO_MS = 500
/** Jobs still running then are abandoned; they are built to be killed at any instruction, and run again. */
const PATIENCE_MS = 8_000
/** The embedded database is gone and cannot be brought back; what was written last says why. */
export const EXIT_DATABASE_LOST = 3

export interface StopRequest {
  /** Settles when somebody asks for the end: a signal, or the death of the process that started this one. */
  readonly asked: Promise<void>
  /** From now on the end may not take too long. */
  hurry(code: number): void
}

/** Listens from now on. A second signal ends the process at once, and so does a stop that takes too long. */
export function listenForStop(): StopRequest {
  let askedAtMs = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const hurry = (code: number) => void setTimeout(() => process.exit(code), PATIENCE_MS).unref()
  const ask = () => {
    const now = performance.now()
    if (askedAtMs === 0) {
      askedAtMs = now
      hurry(1)
      resolve()
    } else if (now - askedAtMs > ECHO_MS) process.exit(130)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask)
  process.on('disconnect', ask)
  process.channel?.unref()
  return { asked: promise, hurry }
}

/** Runs until somebody asks for the end, or until there is no database to go on with. Answers the exit code. */
export async function runUntil(
  stop: StopRequest,
  app: Application,
  { tell }: Pick<Invocation, 'tell'>,
): Promise<number> {
  const lost = await Promise.race([stop.asked, app.lost])
  if (lost === undefined) {
    tell('Stopping ...')
    return 0
  }
  tell(`${lost.message}\nTintype ends. Nothing that was acknowledged is lost: start it again when that is mended.`)
  stop.hurry(EXIT_DATABASE_LOST)
  return EXIT_DATABASE_LOST
}
