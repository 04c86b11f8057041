import { useQueries, useQuery } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { type Doc, nameOf, readRecord } from './sources.ts'
import { texts } from './texts.ts'

type Of = 'contacts' | 'businesses' | 'users'

/** Fields that hold ids of records and people, one or several. */
const FIELDS: Readonly<Record<string, Of>> = {
  contactId: 'contacts',
  businessId: 'businesses',
  assignedTo: 'users',
  assignedUserId: 'users',
  userId: 'users',
  followers: 'users',
}
const FRESH_MS = 60_000
const MOST = 1000
const { gone } = texts

const idsIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string' && one !== '')

async function readName(of: Of, { locationId, id, signal }: { locationId: string; id: string; signal: AbortSignal }) {
  if (of === 'users') return nameOf((await call('users.get', { userId: id }, { locationId, signal })) as Doc)
  return nameOf(await readRecord(of, locationId, id, signal))
}

/**
 * What the references in these states of a record are called: a text for a field and its value; null where it is no
 * reference. What cannot be read stays as it stands there.
 */
export function useReferences(locationId: string, states: readonly (Doc | null)[]) {
  const hasAny = (field: string) => states.some((state) => idsIn(state?.[field]).length > 0)
  const named = Object.entries(FIELDS).flatMap(([field, of]) =>
    states.flatMap((state) => idsIn(state?.[field]).map((id) => ({ of, id, key: `${of}/${id}` }))),
  )
  const wanted = [...new Map(named.map((one) => [one.key, one])).values()]
  const found = useQueries({
    queries: wanted.map(({ of, id }) => ({
      queryKey: ['reference', locationId, of, id],
      queryFn: ({ signal }: { signal: AbortSignal }) => readName(of, { locationId, id, signal }),
      retry: false,
      staleTime: FRESH_MS,
    })),
  })
  const names = new Map(wanted.map(({ key }, index) => [key, found[index]?.data]))
  const { data: listed } = useQuery({ ...reads('pipelines.list', { locationId }), enabled: hasAny('pipelineId') })
  const pipelines = listed?.pipelines as Doc[] | undefined
  const stages = pipelines?.flatMap((one) => (one.stages ?? []) as Doc[])
  const calendars = useQuery({
    ...reads('locations.assets', { locationId, kind: 'calendars', limit: MOST }),
    enabled: hasAny('calendarId'),
  })
  const lists: Readonly<Record<string, { all: readonly Doc[] | undefined; gone: string }>> = {
    pipelineId: { all: pipelines, gone: gone.pipeline },
    pipelineStageId: { all: stages, gone: gone.stage },
    calendarId: { all: calendars.data?.assets, gone: gone.calendar },
  }
  return (field: string, value: unknown): string | null => {
    const ids = idsIn(value)
    const list = lists[field]
    if (ids.length > 0 && list?.all !== undefined)
      return String(list.all.find(({ id }) => id === ids[0])?.name ?? list.gone)
    const of = FIELDS[field]
    return of === undefined || ids.length === 0 ? null : ids.map((id) => names.get(`${of}/${id}`) || id).join(', ')
  }
}
