import { type Logger, pino } from 'pino'

export type Log = Logger

/** Structured log on stderr. Tokens and secrets are redacted wherever an object carries them. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: undefined,
      redact: ['authorization', 'token', '*.authorization', '*.token', 'password', '*.password', 'req.headers.authorization'],
    },
    pino.destination({ fd: 2, sync: true }),
  )
}
