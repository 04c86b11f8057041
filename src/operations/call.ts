import type { Caller } from '../auth/caller.ts'
import type { Operation } from './define.ts'
import type { RateState } from './rate-limit.ts'

/** What a request shows of who sends it. */
export interface Shown {
  /** The bearer token. */
  token?: string | undefined
  /** Of a request without any authorization: the session of a person. */
  session?: string | undefined
  /** The location that a person speaks for, where the operation's own input has no place for it. */
  at?: string | undefined
}

/** A request, whatever surface it came through. */
export interface Call {
  operation: Operation
  /** Who was let in (`admit`). */
  caller: Caller
  /** By which it was let in. */
  shown: Shown
  /** The address of whoever asks. */
  from: string
  input: Record<string, unknown>
  /** What the surface could not place: reported with the faults of the input. */
  faults: readonly string[]
  idempotencyKey: string | undefined
  /** The revision of the asset that the caller means to change. */
  ifMatch?: string | undefined
  traceId: string
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal
}

/** What is known of a request before its body is read. */
export interface Knock {
  operation: Operation
  shown: Shown
  /** Tenants that its address names. */
  named: Record<string, unknown>
  /** Where it comes from: an address, or a network that is one caller's. */
  from: string
  /** Told who it is, before whether they may. */
  onCaller?: (caller: Caller) => void
  /** Told as soon as it is known, so that refusals carry it too. */
  onRate?: (state: RateState) => void
  /** Told what is to be done when the answer has ended, however it ends. */
  onEnd: (act: () => void) => void
  /** What comes with it: a file, which goes to disk, or so many bytes, which are held in memory. */
  brings: 'file' | number
}

export interface Answer {
  status: number
  headers?: Readonly<Record<string, string>>
  body: unknown
}
