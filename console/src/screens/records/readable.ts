import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { isDoc } from '../../parts/document/editors.ts'
import { labelOf } from '../../parts/document/labels.ts'
import { valueText } from '../../parts/json-view.tsx'

/** Names of a sub-account's custom fields by their ids; none while they are not known, or may not be read. */
export function useFieldNames(locationId: string): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: ['customFields.list', locationId],
    queryFn: ({ signal }) => call('customFields.list', { locationId, model: 'all' } as never, { signal, locationId }),
    retry: false,
  })
  return new Map((data?.customFields ?? []).map(({ id, name }) => [id, name]))
}

/** Whether people want to see it: not what only repeats something else for those who search, nor where we are. */
export const isTold = (name: string) => !/LowerCase$/.test(name) && !['locationId', 'traceId'].includes(name)

const isPlain = (value: unknown) => value === null || typeof value !== 'object'

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

export const isMoment = (value: unknown): value is string => typeof value === 'string' && MOMENT.test(value)

/** A value as people read it: moments by their own clock, lists in a line, custom fields by their names. */
export function readable(value: unknown, fields: ReadonlyMap<string, string>): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (isMoment(value)) return new Date(value).toLocaleString('en-GB')
  if (isDoc(value))
    return Object.entries(value)
      .filter(([, one]) => one !== '' && one !== null)
      .map(([name, one]) => `${labelOf(name)}: ${readable(one, fields)}`)
      .join('\n')
  if (!Array.isArray(value)) return valueText(value)
  if (value.every(isPlain)) return value.map(valueText).join(', ')
  const entries = value as readonly { id?: unknown; value?: unknown; fieldValue?: unknown }[]
  if (!entries.every(({ id }) => typeof id === 'string' && fields.has(id))) return valueText(value)
  return entries
    .map(({ id, ...one }) => `${fields.get(id as string)}: ${readable(one.value ?? one.fieldValue, fields)}`)
    .join('\n')
}
