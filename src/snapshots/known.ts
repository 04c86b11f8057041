import type { Covered } from './covered.ts'
import type { Policy } from './options.ts'

/** What is special about an entry in one target (identity.ts). */
export interface Known {
  locationId: string
  lineage: string
  /** The asset it is matched to by this push; null: as the tables say. */
  id: string | null
  isAmbiguous: boolean
  /** An alias that no longer counts: it is taken away when the asset is written. */
  drops: boolean
  /** The entry's document as this location names things; null: as it is. */
  hash: string | null
  /** Name and key of that document, where they name something; null: as they are. */
  title: string | null
  key: string | null
  /** The `local` that a creation gives, as this location names things; null: as it is. */
  local: Record<string, unknown> | null
  /** Parts that this push matches: lineage -> id in the location. */
  parts: Record<string, string> | null
  /** Somebody decided about the whole asset there. */
  policy: Policy | null
  /** Whose side stands where the target has deleted it, as this push was told; null: as everywhere. */
  ifGone: 'source' | 'target' | null
  /** Somebody decided about fields of it: code takes them over. */
  merges: boolean
  /** It is looked at although neither side has changed. */
  looks: boolean
  /** What was pushed last of what was deleted there, as this location names things now; null: as it was written. */
  removed: string | null
  /** What it is where an alias to something else that was deleted gives way: it was deleted itself before that. */
  covered: Covered | null
}

/** An entry of which nothing is special yet. */
export const knownAs = (locationId: string, lineage: string): Known => ({
  locationId,
  lineage,
  id: null,
  isAmbiguous: false,
  drops: false,
  hash: null,
  title: null,
  key: null,
  local: null,
  parts: null,
  policy: null,
  ifGone: null,
  merges: false,
  looks: false,
  removed: null,
  covered: null,
})
