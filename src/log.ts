import { type Logger, pino, stdTimeFunctions } from 'pino'

export type Log = Logger

/** Structured log on stderr. Tokens and secrets are redacted wherever an object carries them. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: undefined,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: stdTimeFunctions.isoTime,
      redact: [
        'authorization',
        'token',
        '*.authorization',
        '*.token',
        'password',
        '*.password',
        'req.headers.authorization',
      ],
    },
    pino.destination({ fd: 2, sync: true }),
  )
}
/** Something that decides, or decided, who may do what. */
export interface SecurityEvent {
  /** What was done: an operation, or an act of the authorise page (`sign-in`, `sign-out`, `consent`). */
  event: string
  outcome: 'done' | 'refused'
  /** Token, app or admin, where it is known. Never a secret. */
  who?: string | undefined
  /** The agency that it is about, where it is one. */
  tenant?: string | undefined
  /** Address of the caller. */
  from: string
  traceId: string
  status?: number
  /** What it was done to, or why not. */
  detail?: string | undefined
}

/** One line for each event, at level `info`, with `security: true`: docs/security.md says what each means. */
export function logSecurity(log: Log, event: SecurityEvent): void {
  log.info({ security: true, ...event }, `security: ${event.event} ${event.outcome}`)
}
