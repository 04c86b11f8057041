import { deriveId } from '../../ids.ts'
import { RESOURCES } from '../../resources/index.ts'
import { RECORDS } from '../../resources/records/index.ts'
import type { RecordDocument } from '../../store/records/index.ts'
import type { Change, EventType, Known } from './event-type.ts'

const AT = new Date('2026-03-03T09:30:00.000Z')
const id = (name: string) => deriveId('id20', 'webhook', 'sample', name)
const known: Known = {
  association: () => RESOURCES.get('associations')?.examples[0] as never,
  groupOf: () => id('group'),
  contact: () => RECORDS.get('contacts')?.examples[0] as RecordDocument,
  locationName: () => 'Larkspur Photography',
  companyName: () => 'Larkspur Group',
}

/** A body as a webhook of a location gets it, the same each time, all but its type. */
export function sampleBody({ kind, body }: EventType): Record<string, unknown> {
  const now = ((RECORDS.get(kind) ?? RESOURCES.get(kind))?.examples[0] ?? {}) as RecordDocument
  const locationId = id('location')
  const life = { agencyId: id('agency'), locationId, name: 'Larkspur Photography', email: null }
  const row = { kind, entityId: id(kind), locationId, under: id('agency'), at: AT, createdAt: AT, event: life }
  const change = { row, act: 'update', now, delta: {} } as unknown as Change
  const webhookId = deriveId('uuid', 'webhook', 'sample', 'event')
  return { appId: id('webhook'), locationId, ...body(change, known), webhookId, timestamp: AT.toISOString() }
}
