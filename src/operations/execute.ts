import { createHash } from 'node:crypto'
import type { Caller } from '../auth/caller.ts'
import { locateAsset } from '../auth/tenants.ts'
import { onBehalfOf } from '../db/fair-pool.ts'
import type { Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { AppError, invalid } from '../errors.ts'
import { logSecurity, type SecurityEvent } from '../log.ts'
import { canonicalJson } from '../store/hash.ts'
import { misfitsOf, trimAndCheck } from '../store/validate.ts'
import { statusOf } from './answer.ts'
import type { Answer, Call } from './call.ts'
import { contextOf } from './context.ts'
import type { Operation } from './define.ts'
import { isTenants, tenantOf } from './door.ts'
import { claimKey, storeAnswer } from './idempotency.ts'
import type { Limits } from './limits.ts'
import type { Platform } from './platform.ts'
import { keepDone, keepTold, namesBefore } from './security.ts'
import { namedLocation, speakerAt, speakerOf } from './speaker.ts'

/**
 * THE pipeline behind the door: tenancy of what the body names -> validate -> idempotency -> transaction -> run ->
 * check output -> commit. Nothing that a caller asks for happens outside of it. Where an operation knows what most
 * calls come to, its shortcut is tried before the transaction: work out -> check output -> write in one trip.
 */
export async function execute(platform: Platform, { heavy }: Pick<Limits, 'heavy'>, call: Call): Promise<Answer> {
  const tenant = tenantOf(call.caller)
  // Before any connection is taken: whoever waits for a turn holds nothing that the one before needs.
  const leave = call.operation.heavy ? await heavy.enter(tenant) : null
  try {
    // What a caller began to write is written, also when nobody hears of it.
    return await onBehalfOf(
      tenant,
      () => carryOut(platform, call),
      call.operation.access === 'read' ? call.signal : undefined,
    )
  } finally {
    leave?.()
  }
}

async function carryOut(platform: Platform, call: Call): Promise<Answer> {
  const { operation } = call
  const named = await speakerOf(platform, operation, call.caller, call.input)
  const faults = [...new Set([...call.faults, ...trimAndCheck(operation.input, call.input)])]
  if (faults.length > 0) throw invalid(faults)
  const locationId = await locate(platform, operation, named, call.input)
  const caller = speakerAt(operation, named, locationId)
  if (operation.access === 'read') return run(platform, call, caller, locationId, null)
  const short = call.idempotencyKey === undefined ? await takeShortcut(platform, call, caller, locationId) : null
  if (short !== null) return short
  const told: SecurityEvent[] = []
  const outcome = await inTransaction(platform.db, async (tx) => {
    told.length = 0
    return write({ platform, call, caller, locationId, tx, told }).catch(async (error) => {
      const kept = keepOrUndo(error)
      told.push(...(await keepTold(platform, call, kept, tx)))
      return kept
    })
  })
  // What is logged has happened.
  for (const event of told) logSecurity(platform.log, event)
  if (outcome instanceof AppError) throw outcome
  return outcome
}

/** A refusal that has something to remember commits; every other failure undoes what was written. */
function keepOrUndo(error: unknown): AppError {
  if (error instanceof AppError && error.keepWrites) return error
  throw error
}

interface Writing {
  platform: Platform
  call: Call
  caller: Caller
  locationId: string | null
  tx: Tx
  /** What it decides about access. */
  told: SecurityEvent[]
}

async function write(writing: Writing): Promise<Answer> {
  const { tx, call, caller } = writing
  const { operation, idempotencyKey: key } = call
  // Answers to nobody in particular, to the operator, and tokens, are not kept.
  if (key === undefined || !isTenants(operation) || operation.formBody) return runAndKeep(writing)
  const requestHash = createHash('sha256')
    .update(`${operation.name}\n${canonicalJson(call.input)}`)
    .digest('hex')
  const stored = await claimKey(tx, { tokenId: caller.tokenId, key, operation: operation.name, requestHash })
  if (stored !== null) return stored
  const answer = await runAndKeep(writing)
  await storeAnswer(tx, { tokenId: caller.tokenId, key, answer })
  return answer
}

/** The location a call is about: named by it, the token's own, or that of the asset it names. */
async function locate(
  platform: Platform,
  operation: Operation,
  caller: Caller,
  input: Record<string, unknown>,
): Promise<string | null> {
  const named = namedLocation(operation, input)
  if (named !== undefined) return named
  if (caller.locationId !== null || operation.locate === null) return caller.locationId
  const { kind, others = [], param } = operation.locate
  return locateAsset(platform.db, caller, [kind, ...others], String(input[param]))
}

/** Null: there is none, or something stands in its way. */
async function takeShortcut(
  platform: Platform,
  call: Call,
  caller: Caller,
  locationId: string | null,
): Promise<Answer | null> {
  const { operation, input } = call
  const shortcut = await operation.shortcut?.(contextOf(platform, call, caller, locationId, null), input as never)
  if (!shortcut) return null
  const answer = checked(operation, shortcut.answer)
  return (await shortcut.take()) ? answer : null
}

async function runAndKeep({ platform, call, caller, locationId, tx, told }: Writing): Promise<Answer> {
  const names = await namesBefore(call, tx)
  const answer = await run(platform, call, caller, locationId, tx)
  told.push(...(await keepDone(platform, call, { answer, names }, tx)))
  return answer
}

async function run(
  platform: Platform,
  call: Call,
  caller: Caller,
  locationId: string | null,
  tx: Tx | null,
): Promise<Answer> {
  const { operation, input } = call
  return checked(operation, await operation.run(contextOf(platform, call, caller, locationId, tx), input as never))
}

function checked(operation: Operation, outcome: unknown): Answer {
  const answer = statusOf(operation.status, outcome)
  const { status, body } = answer
  if (status === 204 && operation.status !== 204 && !operation.mayBeEmpty)
    throw new Error(`${operation.name} answered nothing, and does not say that it may`)
  if (status === 204) return { ...answer, body: undefined }
  if (operation.output === 'stream') return answer
  const faults = misfitsOf(operation.output, body)
  if (faults.length > 0)
    throw new Error(`${operation.name} answered what its schema does not allow: ${faults.slice(0, 5).join('; ')}`)
  return answer
}
