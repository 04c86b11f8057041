import { type RawBuilder, sql } from 'kysely'
import { uuidv7Prefix } from '../../ids.ts'

/** An id for each row of a set-based insert into the change log: one moment, one random part, the row's number. */
export function numberedChangeId(atMs: number): RawBuilder<string> {
  return sql<string>`(${uuidv7Prefix(atMs)}::text || lpad(to_hex(row_number() over ()), 8, '0'))::uuid`
}

/** How far the clocks of the process that makes a push and of the one that carries it out may differ. */
const CLOCK_SLACK_MS = 24 * 3600 * 1000

/** Every change that a push made has an id from here on. */
export function firstChangeOf(push: { createdAt: Date }): string {
  return firstIdAt(new Date(push.createdAt.getTime() - CLOCK_SLACK_MS))
}

/** The smallest UUIDv7 of a moment. */
export function firstIdAt(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}
