import editors from '../../api/record-editors.json' with { type: 'json' }
import type { Editor } from '../../parts/document/editors.ts'
import type { Kind } from './address.ts'

/** How a record of a kind is made, and how it is changed; null where it comes from elsewhere. */
export const recordEditorOf = (kind: Kind): { make: Editor; change: Editor } | null =>
  (editors as unknown as Partial<Record<Kind, { make: Editor; change: Editor }>>)[kind] ?? null

/** The address of an operation about one record. */
export const pathOf = ({ path, param }: Editor, id: string): string => path.replace(`:${param}`, encodeURIComponent(id))
