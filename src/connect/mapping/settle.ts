import type { Conflicts, MappedField, MappedValues } from './document.ts'

export interface Sides {
  /** What our record holds, by our fields; null: there is no record yet. */
  ours: Readonly<Record<string, unknown>> | null
  incoming: MappedValues
  /** What the last run wrote or found; null: this is the first time. */
  lastSynced: MappedValues | null
  oursChangedAt?: string | undefined
  incomingChangedAt?: string | undefined
}

export interface Settled {
  write: MappedValues
  left: { to: string; because: string }[]
}

/** Pure. `fields` say where a field of the mapping has a policy of its own. */
export declare function changesOf(
  policy: { conflicts: Conflicts; fields: readonly Pick<MappedField, 'to' | 'conflicts'>[] },
  sides: Sides,
): Settled
