import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../db/pool.ts'
import type { TimedChange } from '../changes/index.ts'
import type { Precondition } from '../precondition.ts'
import { deltaOf } from './delta.ts'
import type { RecordRow } from './reads.ts'
import type { RecordDocument, RecordResource } from './resource.ts'
import type { Place } from './rows.ts'

/** Where and as whom records are written. */
export interface RecordScope extends Place {
  tx: Tx
  /** The record that is changed must still be as its caller read it: its last change is of that moment (ISO 8601). */
  precondition?: Precondition | undefined
}

/** Rows of one statement: bounds its memory. */
export const BATCH = 2000
/** Of what one statement writes, with what is told of it: longer ones hold everybody up while they are sent. */
export const BATCH_CHARACTERS = 400_000

export const isCounted = (resource: RecordResource) => resource.counted.length > 0
/** One more part of a `with`, or none. */
export const alsoIf = (wanted: boolean, part: RawBuilder<unknown>) => (wanted ? sql`, ${part}` : sql``)

export const TERMS = sql`array_to_tsvector(array(select jsonb_array_elements_text(r->'terms')))`

export function changeOf(
  scope: RecordScope,
  { kind }: RecordResource,
  op: TimedChange['op'],
  id: string,
  before: RecordDocument,
  after: RecordDocument,
  at: Date,
): TimedChange {
  return {
    locationId: scope.locationId,
    kind,
    entityId: id,
    op,
    beforeHash: null,
    afterHash: null,
    delta: deltaOf(before, after),
    atMs: at.getTime(),
  }
}

/** What an edit makes of a record: its next document. */
export type Edit = (current: RecordRow) => RecordDocument
