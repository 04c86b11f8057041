import { actorOf, type Caller } from '../auth/caller.ts'
import type { Tx } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import type { Precondition } from '../store/precondition.ts'
import type { Call } from './call.ts'
import type { Context } from './define.ts'
import { authenticate, authorise } from './door.ts'
import type { Platform } from './platform.ts'
import { placementOf } from './registry.ts'
import { speakerOf, speakingFor } from './speaker.ts'

/** Cheap while nothing about any caller has changed: then it is the same one that is remembered. */
function letInAgain(platform: Platform, call: Call): Context['isStillLetIn'] {
  const { operation, input } = call
  let known = call.caller
  const placed = known.person === undefined ? null : known.locationId
  return async (also) => {
    if (call.signal?.aborted) return false
    try {
      const found = await authenticate(platform, call)
      if ((placed === null ? found : speakingFor(found, placed)) === known) return true
      authorise(operation, found)
      const caller = await speakerOf(platform, operation, found, input, placed ?? undefined)
      await also()
      known = caller
      return true
    } catch (error) {
      if (error instanceof AppError && error.status < 500) return false
      throw error
    }
  }
}

/** All that a request writes is of one moment, unless it takes its time before it writes. */
const STALE_MS = 50

/** Only for the asset or record that the address ends with: what else a call changes was not read by its caller. */
function preconditionOf({ operation, input, ifMatch }: Call): Precondition | undefined {
  if (ifMatch === undefined) return undefined
  const param = operation.locate?.param ?? placementOf(operation).pathNames.at(-1)
  return param === undefined ? undefined : { id: String(input[param]), revision: ifMatch }
}

export function contextOf(
  platform: Platform,
  call: Call,
  caller: Caller,
  locationId: string | null,
  tx: Tx | null,
): Context {
  const { operation } = call
  const author = { actor: actorOf(caller), cause: call.traceId, atMs: platform.clock.nowMs() }
  const precondition = preconditionOf(call)
  const ctx: Context = {
    ...platform,
    db: tx ?? platform.db,
    caller,
    author,
    agencyId: caller.agencyId,
    traceId: call.traceId,
    from: call.from,
    signal: call.signal,
    isStillLetIn: letInAgain(platform, call),
    get locationId() {
      if (locationId !== null) return locationId
      if (operation.locate === null) throw new AppError('location_needed')
      const { kind, param } = operation.locate
      throw new AppError('not_found', {
        what: (platform.resources.get(kind) ?? platform.records.get(kind))?.noun ?? kind,
        id: call.input[param],
      })
    },
    get tx() {
      if (tx === null) throw new Error(`${operation.name} only reads`)
      return tx
    },
    get scope() {
      // What has waited since is written now: whoever reads by the last change has come to now.
      const nowMs = platform.clock.nowMs()
      if (nowMs - author.atMs > STALE_MS) author.atMs = nowMs
      return {
        tx: ctx.tx,
        locationId: ctx.locationId,
        author,
        kinds: [...platform.resources.keys()],
        records: platform.records,
        precondition,
      }
    },
  }
  return ctx
}
