import type { MappedField, Mapping } from '../mapping/document.ts'
import type { CsvReading } from '../reading/csv.ts'
import type { EmailReading } from '../reading/email.ts'

/** What a connection begins with, by the program on the other side. People change it to what theirs really sends. */
export interface Preset {
  id: string
  name: string
  /** Where the items come from, and how they get here. */
  description: string
  mapping: Mapping
  /** One of `SIGNATURE_PRESETS`. */
  signature?: string
  csv?: CsvReading
  email?: EmailReading
  /** What arrives: items of a hook or a poll as they are, a CSV or a mail as a whole. */
  sample: { items: readonly unknown[] } | { csv: string } | { mail: string }
}

/** A field from a path, or from the first of several at which something stands. */
export const field = (to: string, ...paths: string[]): MappedField => ({
  to,
  from: paths.length === 1 ? { path: paths[0] as string } : { paths },
})

export const constant = (to: string, value: string): MappedField => ({ to, from: { value } })

export const worked = (to: string, expression: string): MappedField => ({ to, from: { expression } })

export const mappingOf = (
  object: Mapping['object'],
  mapping: Partial<Mapping> & Pick<Mapping, 'fields' | 'externalId' | 'keys'>,
): Mapping => ({ object, filters: [], conflicts: 'source', ...mapping })
