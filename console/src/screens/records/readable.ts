import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { call } from '../../api/call.ts'
import { isDoc } from '../../parts/document/editors.ts'
import { labelOf } from '../../parts/document/labels.ts'
import { valueText } from '../../parts/json-view.tsx'
import { texts } from './texts.ts'

/** Names of custom fields by their ids; undefined while they are not known, or where they may not be read. */
export type FieldNames = ReadonlyMap<string, string> | undefined

export function useFieldNames(locationId: string): FieldNames {
  const { data } = useQuery({
    queryKey: ['customFields.list', locationId],
    queryFn: ({ signal }) => call('customFields.list', { locationId, model: 'all' } as never, { signal, locationId }),
    retry: false,
  })
  return useMemo(() => data && new Map(data.customFields.map(({ id, name }) => [id, name])), [data])
}

export const fieldName = (names: FieldNames, id: string): string =>
  names === undefined ? id : (names.get(id) ?? texts.gone.field)

/** Whether people want to see it: not what only repeats something else for those who search, nor where we are. */
export const isTold = (name: string) => !/LowerCase$/.test(name) && !['locationId', 'traceId'].includes(name)

const isPlain = (value: unknown) => value === null || typeof value !== 'object'

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

export const isMoment = (value: unknown): value is string => typeof value === 'string' && MOMENT.test(value)

/** A value as people read it: moments by their own clock, lists in a line, custom fields by their names. */
export function readable(value: unknown, fields: FieldNames): string {
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
  const isCustom = ({ id, ...one }: (typeof entries)[number]) =>
    typeof id === 'string' && ('value' in one || 'fieldValue' in one)
  if (!entries.every(isCustom)) return valueText(value)
  return entries
    .map(({ id, ...one }) => `${fieldName(fields, id as string)}: ${readable(one.value ?? one.fieldValue, fields)}`)
    .join('\n')
}
