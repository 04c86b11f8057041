/** Ctrl-C reaches the whole process group, and parents forward it too: echoes within this time are one request. */
const ECHO_MS = 500
/** Jobs still running then are abandoned; they are built to be killed at any instruction, and run again. */
const PATIENCE_MS = 8_000

export interface StopRequest {
  /** Settles when somebody asks for the end: a signal, or the death of the process that started this one. */
  readonly asked: Promise<void>
}

/** Listens from now on. A second signal ends the process at once, and so does a stop that takes too long. */
export function listenForStop(): StopRequest {
  let askedAtMs = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const ask = () => {
    const now = performance.now()
    if (askedAtMs === 0) {
      askedAtMs = now
      setTimeout(() => process.exit(1), PATIENCE_MS).unref()
      resolve()
    } else if (now - askedAtMs > ECHO_MS) process.exit(130)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask)
  process.on('disconnect', ask)
  process.channel?.unref()
  return { asked: promise }
}
