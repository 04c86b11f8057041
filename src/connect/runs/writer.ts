import type { Db, Tx } from '../../db/pool.ts'
import type { Author } from '../../store/changes/index.ts'
import type { RecordRow } from '../../store/records/index.ts'
import type { Habits, MappedValues, Mapping, Problem } from '../mapping/document.ts'

/** Which of our records is theirs, and what was written of it last. */
export interface Link {
  recordId: string
  /** Of what was made of it; null: it is written again. */
  hash: string | null
  synced: Synced
}

export interface Synced {
  values: MappedValues
  lines?: { key: string; values: MappedValues }[]
}

/** An item as the mapping has it, and what is known of it. */
export interface MappedItem extends Synced {
  externalId: string | null
  changedAt?: string | undefined
  link: Link | null
}

export type Left = { to: string; because: string }

/** What became of an item. `later`: what it needs is not there yet. */
export type Written =
  | { outcome: 'created' | 'updated' | 'unchanged'; recordId: string; delta: Delta; left: Left[] }
  | { outcome: 'failed'; problems: Problem[] }
  | { outcome: 'later'; problems: Problem[] }

export type Delta = Record<string, [unknown, unknown]>

/** Where, as whom and by which rules items are written. */
export interface Writing {
  db: Db
  tx: Tx
  agencyId: string
  locationId: string
  connectionId: string
  author: Author
  mapping: Mapping
  /** What would have been written; null: it is written. */
  dry: DryWorld | null
}

/** What becomes of the items of one object. What knows the rules of it stands above, and is handed in (app.ts). */
export interface Writer {
  /** The kind of record. */
  kind: string
  /** What no two items that are written together may share. */
  ownOf(item: MappedItem): string[]
  /** In the order of the items, in as few statements as for one. */
  write(writing: Writing, items: readonly MappedItem[]): Promise<Written[]>
  /** Before the first: what values are read by that do not say it. */
  habits(writing: Pick<Writing, 'db' | 'agencyId' | 'locationId'>): Promise<Habits>
  /** Of those of the location's custom fields that are there: of what type each is, by what a mapping calls it. */
  typesOf?(
    writing: Pick<Writing, 'tx' | 'agencyId' | 'locationId'>,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, string>>
  /** Takes back what a run did to some of them. */
  revert(place: Reverting, reverts: readonly Revert[]): Promise<Reverted[]>
}

/** What a run did to a record: from before its first row of it to after its last. */
export interface Revert {
  recordId: string
  isCreated: boolean
  delta: Delta
}

export interface Reverted {
  recordId: string
  /** `kept`: nothing of it could be taken back. */
  state: 'reverted' | 'kept'
  isGone: boolean
  delta: Delta
  left: Left[]
}

export interface Place {
  tx: Tx
  locationId: string
  author: Author
}

/** Where and as whom records are taken back. */
export interface Reverting extends Place {
  agencyId: string
}

export type Writers = Readonly<Record<Mapping['object'], Writer>>

/** Records as they would be after what a dry run has looked at so far. */
export class DryWorld {
  readonly links = new Map<string, Link>()
  readonly #rows = new Map<string, RecordRow>()
  readonly #byKey = new Map<string, Set<string>>()

  /** The record as it would be; the one given where it would not be another. */
  seen(row: RecordRow): RecordRow {
    return this.#rows.get(row.id) ?? row
  }

  get(id: string): RecordRow | undefined {
    return this.#rows.get(id)
  }

  having(keys: readonly string[]): RecordRow[] {
    const ids = new Set(keys.flatMap((key) => [...(this.#byKey.get(key) ?? [])]))
    return [...ids].flatMap((id) => this.#rows.get(id) ?? [])
  }

  put(row: RecordRow, keys: readonly string[]): void {
    this.#rows.set(row.id, row)
    for (const key of keys) this.#byKey.set(key, (this.#byKey.get(key) ?? new Set()).add(row.id))
  }
}
