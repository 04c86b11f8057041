import { invalid } from '../../errors.ts'
import { newId, newObjectId, uuidv7 } from '../../ids.ts'
import type { Author } from '../changes/index.ts'
import { faultsOf } from '../validate.ts'
import { countsOf } from './counts.ts'
import { deltaOf, isSame } from './delta.ts'
import type { RecordRow } from './reads.ts'
import type { RecordDocument, RecordResource } from './resource.ts'
import { termsOf } from './terms.ts'

// What is going to be written of a record, worked out without the database.

/** Where and as whom. */
export interface Place {
  locationId: string
  author: Author
}

export interface NewRecord {
  document: RecordDocument
  /** Default: a new one. */
  id?: string | undefined
  /** Default: now. For records that come from elsewhere. */
  createdAtMs?: number | undefined
}

/** A record as it will be stored. */
export function newRow(
  author: Author,
  resource: RecordResource,
  { document, id = newId(resource.idFormat), createdAtMs = author.atMs }: NewRecord,
): RecordRow {
  const stored = checked(resource, document)
  return {
    id,
    objectId: newObjectId(),
    document: stored,
    createdAt: new Date(createdAtMs),
    updatedAt: new Date(Math.max(author.atMs, createdAtMs)),
    deletedAt: null,
  }
}

/** The record with another document; null when it is the same. */
export function nextRow(
  { author }: Pick<Place, 'author'>,
  resource: RecordResource,
  row: RecordRow,
  edited: RecordDocument,
): RecordRow | null {
  const document = checked(resource, edited)
  if (isSame(row.document, document)) return null
  // Two writes in one millisecond still have an order, in `updated_at` and in the change log.
  return { ...row, document, updatedAt: new Date(Math.max(author.atMs, row.updatedAt.getTime() + 1)) }
}

/** All that is written with a record that becomes another; `before` is null where it comes into being. */
export function partsOfWrite(
  { locationId, author }: Place,
  resource: RecordResource,
  { before, after }: { before: RecordRow | null; after: RecordRow },
) {
  const { id, objectId, document, createdAt, updatedAt } = after
  const change = {
    changeId: uuidv7(updatedAt.getTime()),
    delta: deltaOf(before?.document ?? {}, document),
    actor: author.actor,
    cause: author.cause,
  }
  const counts = countsOf(resource, [[before?.document, document]])
  const count = { countId: uuidv7(author.atMs), counts: counts.size === 0 ? null : Object.fromEntries(counts) }
  return {
    id,
    objectId,
    document,
    terms: termsOf(resource, locationId, document),
    createdAt,
    updatedAt,
    seenAt: before?.updatedAt ?? null,
    ...change,
    ...count,
  }
}

function checked(resource: RecordResource, document: RecordDocument): RecordDocument {
  const stored = Object.fromEntries(
    Object.entries(document).filter(([, value]) => value !== undefined && value !== null),
  )
  const faults = faultsOf(resource.schema, stored)
  if (faults.length > 0) throw invalid(faults)
  return stored
}
