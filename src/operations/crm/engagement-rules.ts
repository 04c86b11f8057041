import { newId } from '../../ids.ts'
import type { ObjectType, ValueFault } from '../../objects/index.ts'
import { CALL_TYPES } from '../../resources/records/message-types.ts'
import { LONGEST_MS } from '../../scheduling/index.ts'
import type { RecordDocument } from '../../store/records/index.ts'
import { type MessageDocument, statusOfCall } from '../conversations/index.ts'
import type { Context } from '../define.ts'
import type { Shelf } from './shelf.ts'

/** What a kind of record has beside what a caller of this wire says of it. */
export interface Rules {
  /** A new one. */
  blank(ctx: Context, shelf: Shelf): RecordDocument
  /** What a write says of itself. */
  written?(ctx: Context, next: RecordDocument, before: RecordDocument | null): RecordDocument
  /** What is wrong with it as a whole. */
  faultsIn?(next: RecordDocument, type: ObjectType): ValueFault[]
}

/** Whoever writes one on this wire has sent it, or made the call, elsewhere. */
export const messages: Rules = {
  blank: (_ctx, { type }) => ({
    messageType: type.where?.values[0],
    direction: 'outbound',
    source: 'app',
    attachments: [],
    ...(type.typeId === '0-49' ? { to: [], cc: [], bcc: [] } : {}),
  }),
  written: (_ctx, next, before) => ({
    ...next,
    direction: next.direction ?? 'outbound',
    contentType: next.html ? 'text/html' : 'text/plain',
    ...(CALL_TYPES.includes(next.messageType as never)
      ? { status: before?.status ?? 'connected', ...statusIfCalled(next, before) }
      : {
          emailMessageId: before?.emailMessageId ?? newId(),
          status: next.status ?? (next.direction === 'inbound' ? 'delivered' : 'sent'),
        }),
  }),
}

/** Nobody looks whether the time is free: here it is told what has been arranged elsewhere. */
export const appointments: Rules = {
  blank: () => ({
    appointmentStatus: 'confirmed',
    users: [],
    assignedResources: [],
    createdBy: { source: 'third_party' },
  }),
  written: (ctx, next, before) => ({
    ...next,
    ...timesOf(ctx, next, before),
    title: next.title ?? '',
    appointmentStatus: next.appointmentStatus ?? 'confirmed',
    users: usersOf(next, before),
  }),
  faultsIn: ({ startTime, endTime }, { typeId }) => {
    const [start, end] = [String(startTime), String(endTime)]
    const days = LONGEST_MS.appointments / DAY_MS
    const fault = (message: string) => [
      { name: typeId === '0-421' ? 'hs_appointment_end' : 'hs_meeting_end_time', error: 'INVALID_DATE', message },
    ]
    if (end < start) return fault(`${end} is before the start time ${start}.`)
    if (Date.parse(end) - Date.parse(start) > LONGEST_MS.appointments)
      return fault(`${end} is more than ${days} days after the start time ${start}.`)
    return []
  },
}

export const invoices: Rules = {
  blank: () => ({ total: 0, status: 'draft' }),
  written: (_ctx, next) => ({ ...next, total: next.total ?? 0, status: next.status ?? 'draft' }),
}

const DAY_MS = 86_400_000
/** How long an appointment takes that nobody said the end of. */
const USUAL_MS = 1_800_000

/** What became of a call, where its own status has changed. */
const statusIfCalled = (next: RecordDocument, before: RecordDocument | null) => {
  const [call, was] = [next.call, before?.call] as MessageDocument['call'][]
  return before !== null && call?.status === was?.status ? {} : { status: statusOfCall(call) }
}

/** An appointment that begins after its end takes as long as it did before. */
function timesOf(ctx: Context, next: RecordDocument, before: RecordDocument | null) {
  const startTime = String(next.startTime ?? before?.startTime ?? new Date(ctx.author.atMs).toISOString())
  const { endTime } = next as { endTime?: string }
  if (endTime && (endTime > startTime || endTime !== before?.endTime)) return { startTime, endTime }
  const tookMs = before === null ? USUAL_MS : Date.parse(String(before.endTime)) - Date.parse(String(before.startTime))
  return { startTime, endTime: new Date(Date.parse(startTime) + tookMs).toISOString() }
}

/** Whoever has it belongs to it; whoever had it before does not. */
function usersOf({ users, assignedUserId }: RecordDocument, before: RecordDocument | null): unknown[] {
  const all = (users ?? []) as unknown[]
  if (before !== null && before.assignedUserId === assignedUserId) return all
  const others = all.filter((id) => id !== before?.assignedUserId && id !== assignedUserId)
  return assignedUserId ? [...others, assignedUserId] : others
}
