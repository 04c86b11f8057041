import type { Static } from 'typebox'
import { AppError } from '../../errors.ts'
import {
  firstOffsets,
  isGivenOffset,
  type Journal,
  keptFromMs,
  knownOffsets,
  msOfOffset,
  readFile,
  signFile,
} from '../../journal/index.ts'
import type { Context } from '../define.ts'
import { appOf, getPortal, onlyPortal, type Pointer } from './wire.ts'

/** Whose journal a call is about. */
export interface Reading {
  journal: Journal
  /** Null: of all portals. */
  portalId: number | null
}

export async function readingOf(
  ctx: Context,
  { isLocal, installPortalId }: { isLocal: boolean; installPortalId: number | undefined },
): Promise<Reading> {
  const appId = appOf(ctx)
  if (!isLocal && installPortalId === undefined) return { journal: { appId, locationId: null }, portalId: null }
  const portal = installPortalId === undefined ? await onlyPortal(ctx) : await getPortal(ctx, installPortalId)
  return { journal: { appId, locationId: portal.locationId }, portalId: portal.portalId }
}

/** 404 for an offset that was never given, or whose time is over; the latter says where the journal begins now. */
export async function checkOffset(ctx: Context, { journal }: Reading, offset: string): Promise<void> {
  const ms = msOfOffset(offset)
  const whole: Journal = { ...journal, locationId: null }
  if (ms !== null) {
    if (ms >= keptFromMs(ctx.clock.nowMs(), ctx.config.journalDays)) {
      if ((await knownOffsets(ctx.db, whole, [offset])).length > 0) return
      if (await isGivenOffset(ctx.db, offset)) return
    } else throw await expired(ctx, journal, offset)
  }
  throw new AppError('not_found', { what: 'journal offset', id: offset })
}

async function expired(ctx: Context, journal: Journal, offset: string): Promise<AppError> {
  const [earliest] = await firstOffsets(ctx.db, journal, 1)
  const context =
    earliest === undefined
      ? { earliestOffset: [], earliestTime: [] }
      : { earliestOffset: [earliest], earliestTime: [new Date(msOfOffset(earliest) as number).toISOString()] }
  return new AppError('offset_expired', { offset }, { hubspot: { category: 'OBJECT_NOT_FOUND', context } })
}

/** What leads to files. `inline`: with what they hold. */
export async function pointersTo(
  ctx: Context,
  { journal, portalId }: Reading,
  offsets: readonly string[],
  inline = false,
): Promise<Static<typeof Pointer>[]> {
  const expiresMs = ctx.clock.nowMs() + ctx.config.journalUrlSeconds * 1000
  const base = ctx.publicUrl()
  return Promise.all(
    offsets.map(async (currentOffset) => ({
      url: `${base}${await signFile(ctx.db, { appId: journal.appId, offset: currentOffset, portalId, expiresMs })}`,
      expiresAt: new Date(expiresMs).toISOString(),
      currentOffset,
      ...(inline ? { journalEvents: await eventsAt(ctx, { journal, portalId }, currentOffset) } : {}),
    })),
  )
}

async function eventsAt(ctx: Context, { journal, portalId }: Reading, offset: string): Promise<unknown[]> {
  const text = await readFile(ctx.db, ctx.bodies, { appId: journal.appId, offset, portalId })
  if (text === null) throw new AppError('not_found', { what: 'journal offset', id: offset })
  return (JSON.parse(text) as { journalEvents: unknown[] }).journalEvents
}
