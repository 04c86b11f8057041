import type { Static, TObject } from 'typebox'
import type { IdFormat } from '../../ids.ts'

/** A record as it is stored: no `id`, no moments, and no nulls (a field that is null is a field that is not there). */
export type RecordDocument = Record<string, unknown>

/** What reading a kind needs to know of it. Enough to look into a kind that is declared elsewhere. */
export interface RecordKind {
  /** Plural and snake_case. */
  kind: string
  /** Key of one record in an answer (`{contact: ...}`), and the word in error messages. */
  noun: string
  /**
   * Fields of `exact` with few values that many records share: how many have each is always known
   * (counts.ts).
   */
  counted?: readonly string[]
}

/** What becomes of a record when something that a field of it names is deleted. */
export interface RecordRef {
  /** Kinds of records or assets that the field names; `locations` for locations. */
  to: readonly string[]
  /** `delete`: the record is a part of the other and goes along. `clear`: it goes on without it. */
  gone: 'delete' | 'clear'
}

/** One kind of CRM data, as data. */
export interface RecordResource<Schema extends TObject = TObject> extends RecordKind {
  label: string
  idFormat: IdFormat
  /** Scopes of the HighLevel wire that reading and writing need. */
  scopes: { read: string; write: string }
  /** The document without `id`, `locationId` and the moments of writing. */
  schema: Schema
  /** Top-level fields whose words full-text search finds, each from its beginning. */
  search: readonly string[]
  /**
   * Top-level fields whose values are found through the index, without regard to case; elements of lists one by one.
   */
  exact: readonly string[]
  counted: readonly string[]
  /**
   * Top-level fields that name one other thing, or a list of such: `contactId`, or one of `exact`, so that an index
   * finds them. Who wrote or made something is no reference but a trace, and stays; so does configuration that is gone,
   * which a roll-back may bring back (docs/decisions/0006).
   */
  refs: Record<string, RecordRef>
  /** Bytes are kept beside each record, under its id (files.ts), and go with it. */
  hasBytes: boolean
  /** Documents that the demo, the reference and the tests use. */
  examples: Static<Schema>[]
}

type Optional = 'idFormat' | 'search' | 'exact' | 'counted' | 'refs' | 'hasBytes'

/** A contact's own. */
export const OF_CONTACT = { contactId: { to: ['contacts'], gone: 'delete' } } as const satisfies Record<
  string,
  RecordRef
>
/** People who may leave. */
export const TO_USER = { to: ['users'], gone: 'clear' } as const satisfies RecordRef

/** Declares a kind of record. */
export function record<Schema extends TObject>(
  resource: Omit<RecordResource<Schema>, Optional> & Partial<Pick<RecordResource<Schema>, Optional>>,
): RecordResource<Schema> {
  return { idFormat: 'id20', search: [], exact: [], counted: [], refs: {}, hasBytes: false, ...resource }
}
