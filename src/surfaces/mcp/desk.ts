import type { Caller } from '../../auth/caller.ts'
import type { Shown } from '../../operations/call.ts'
import type { Operation } from '../../operations/define.ts'
import { admit } from '../../operations/door.ts'
import { execute } from '../../operations/execute.ts'
import type { Limits } from '../../operations/limits.ts'
import type { Platform } from '../../operations/platform.ts'
import type { RateState } from '../../operations/rate-limit.ts'
import type { Registry } from '../../operations/registry.ts'
import { networkOf } from '../addresses.ts'
import { isAway, toErrorAnswer } from '../errors.ts'
import { isLocationId, noteRefusal } from '../failures.ts'
import { readArguments, takeFiles } from './arguments.ts'
import type { Choice } from './groups.ts'
import { type CallResult, collect, type Outcome, toFailure, toResult } from './results.ts'

/** One request of a client: who asks, and for what share of the tools. */
export interface Desk {
  platform: Platform
  limits: Limits
  registry: Registry
  /** Who was let in by the token. */
  caller: Caller
  shown: Shown
  choice: Choice
  /** The address of whoever asks. */
  from: string
  traceId: string
  signal: AbortSignal
  onRate(state: RateState): void
}

type Json = Record<string, unknown>

/** Asks for an operation as a request over HTTP does: through the door, then the pipeline. */
export async function ask(desk: Desk, operation: Operation, args: Json): Promise<Outcome> {
  const { platform, limits, shown, from, traceId, signal } = desk
  const ends: (() => void)[] = []
  try {
    const { input, faults, idempotencyKey } = readArguments(operation, args, desk.caller)
    const caller = await admit(platform, limits, {
      operation,
      shown,
      from: networkOf(from),
      named: input,
      onRate: desk.onRate,
      onEnd: (act) => void ends.push(act),
      // It came with the body of the request, which has its place.
      brings: 0,
    })
    await using _files = await takeFiles(operation, input, platform.config)
    const answer = await execute(platform, limits, {
      operation,
      caller,
      shown,
      from,
      input,
      faults,
      idempotencyKey,
      traceId,
      signal,
    })
    return operation.output === 'stream' ? { ...answer, collected: await collect(operation, answer, signal) } : answer
  } finally {
    for (const end of ends) end()
  }
}

/** The same for a tool: what goes wrong is told to the model, which can do something about it. */
export async function callTool(desk: Desk, operation: Operation, args: Json): Promise<CallResult> {
  const { platform, traceId } = desk
  const beganMs = performance.now()
  const tell = (status: number) => {
    if (platform.config.requestLog === 'off' || (platform.config.requestLog === 'failed' && status < 400)) return
    const { agencyId: tenant, locationId: location, tokenId } = desk.caller
    const ms = Math.round((performance.now() - beganMs) * 10) / 10
    const line = { tool: true, traceId, operation: operation.name, status, ms, tenant, location, tokenId }
    platform.log.info(line, `tool ${operation.name} ${status}`)
  }
  try {
    const outcome = await ask(desk, operation, args)
    tell(outcome.status)
    return toResult(operation, outcome, traceId)
  } catch (error) {
    const answer = toErrorAnswer(error, traceId)
    tell(answer.status)
    const aimedAt = isLocationId(args.locationId) ? args.locationId : undefined
    noteRefusal(platform, answer, { event: operation.name, caller: desk.caller, from: desk.from, traceId, aimedAt })
    if (answer.status >= 500 && answer.code === 'internal' && !isAway(error))
      platform.log.error({ err: error, traceId, operation: operation.name }, 'tool failed')
    return toFailure(error, answer)
  }
}
