import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { CallError, call } from '../../../api/call.ts'
import { useMayWork } from '../../../parts/role.ts'
import { type Definition, ofConnection, type Row, type Whole } from '../standing.tsx'
import { type Field, finished, type Mapping } from './model.ts'

const TYPING_MS = 350

/** What a mapping makes of the sample, while somebody works on it. */
export interface Live {
  row: Row | undefined
  /** What is wrong with one of our fields, as `firstName`. */
  faultAt: (to: string) => string | undefined
  valueAt: (to: string) => unknown
  /** What is wrong and of no single field. */
  error: unknown
}

/** `item` undefined: there is no sample. Nothing is written by it. */
export function useLive(connection: Whole, item: unknown, definition: Definition): Live {
  const mayWork = useMayWork()
  const mapping = finished(definition.mapping)
  const isHalf = NEEDED[mapping.object].some(({ to }) => has(definition.mapping, to) && !has(mapping, to))
  const asked = isHalf ? '' : JSON.stringify({ items: [item], definition: { ...definition, mapping } })
  const [settled] = useDebouncedValue(asked, TYPING_MS)
  // Of what is half chosen, and cannot be left out, nothing is asked that is refused anyway.
  const enabled = mayWork && item !== undefined && settled !== ''
  const { data, error } = useQuery({
    queryKey: ['connections.preview', connection.id, settled],
    queryFn: ({ signal }) =>
      call('connections.preview', { ...ofConnection(connection), ...JSON.parse(settled) }, { signal }),
    enabled,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 10_000,
  })
  const row = enabled && error === null ? data?.rows[0] : undefined
  const refused = enabled ? refusalsOf(error, mapping.fields) : new Map<string, string>()
  const { values = {} } = (row?.mapped ?? {}) as { values?: Record<string, unknown> }
  return {
    row,
    faultAt: (to) => refused.get(to) ?? row?.problems.find(({ at }) => at === to)?.message,
    valueAt: (to) => values[to],
    error: refused.size > 0 || !enabled ? null : error,
  }
}

/** What the server says of fields by their place in the mapping: by the names of the fields. */
function refusalsOf(error: unknown, fields: readonly Field[]): Map<string, string> {
  const reasons = error instanceof CallError && error.status === 422 ? error.reasons : []
  return new Map(
    reasons.flatMap((reason) => {
      const [, place, message] = /^mapping\.fields\[(\d+)\]\S*: (.*)$/s.exec(reason) ?? []
      const to = fields[Number(place)]?.to
      return to === undefined || message === undefined ? [] : [[to, message] as const]
    }),
  )
}

/** What cannot be left out, filled with something that is taken. */
const NEEDED: Record<Mapping['object'], readonly Field[]> = {
  contact: [],
  invoice: [
    { to: 'total', from: { value: 0 } },
    { to: 'status', from: { value: 'draft' } },
  ],
  location: [{ to: 'name', from: { value: '-' } }],
}

const has = ({ fields }: Mapping, to: string) => fields.some((field) => field.to === to)

/** A mapping of one field alone: what is wrong with others does not hide what becomes of it. */
export function onlyField({ object, conflicts }: Mapping, field: Field): Mapping {
  const others = NEEDED[object].filter(({ to }) => to !== field.to)
  const { conflicts: _, ...own } = field
  return {
    object,
    conflicts: conflicts === 'newest' ? 'source' : conflicts,
    fields: [own, ...others],
    filters: [],
    externalId: { value: '-' },
    keys: ['externalId'],
  }
}
