import { useQueries, useQuery } from '@tanstack/react-query'
import { CallError, call } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { isDoc } from '../../parts/document/editors.ts'
import { type Doc, nameOf, readRecord } from './sources.ts'
import { texts } from './texts.ts'

type Of = 'contacts' | 'businesses' | 'users'

/** Fields that hold ids of records and people, one or several, wherever they stand in a record. */
const FIELDS: Readonly<Record<string, Of>> = {
  contactId: 'contacts',
  businessId: 'businesses',
  assignedTo: 'users',
  assignedUserId: 'users',
  userId: 'users',
  staffId: 'users',
  users: 'users',
  userIds: 'users',
  selectedUsers: 'users',
  followers: 'users',
}
/** Fields that hold ids of assets, by their kind. */
const ASSETS: Readonly<Record<string, string>> = {
  calendarId: 'calendars',
  serviceId: 'calendar_services',
  assignedResources: 'calendar_resources',
}
const STAGED = ['pipelineId', 'pipelineStageId']
const FRESH_MS = 60_000
const MOST = 1000
const { gone } = texts

/** What an asset names is told by its name already. */
const isId = (text: string) => /^[A-Za-z0-9-]{16,64}$/.test(text)

/** Every id in a value with the field that it stands in. */
function textsIn(field: string, value: unknown): { field: string; id: string }[] {
  if (typeof value === 'string') return isId(value) ? [{ field, id: value }] : []
  if (Array.isArray(value)) return value.flatMap((one) => textsIn(field, one))
  return isDoc(value) ? Object.entries(value).flatMap(([name, one]) => textsIn(name, one)) : []
}

async function readName(of: Of, { locationId, id, signal }: { locationId: string; id: string; signal: AbortSignal }) {
  try {
    if (of === 'users') return nameOf((await call('users.get', { userId: id }, { locationId, signal })) as Doc)
    return nameOf(await readRecord(of, locationId, id, signal))
  } catch (error) {
    if (error instanceof CallError && [400, 404].includes(error.status)) return gone[of]
    throw error
  }
}

/** Writes names in place of ids: of a field's value, or (field: '') of a whole record. */
export type NamesIn = (field: string, value: unknown) => unknown

/**
 * What the references in these states of a record are called. What cannot be read, or is not known yet, stays as it
 * stands there.
 */
export function useReferences(locationId: string, states: readonly (Doc | null)[]): NamesIn {
  const held = states.flatMap((state) => textsIn('', state))
  const named = held.flatMap(({ field, id }) => {
    const of = FIELDS[field]
    return of === undefined ? [] : [{ of, id, key: `${of}/${id}` }]
  })
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
  const kinds = [...new Set(held.flatMap(({ field }) => ASSETS[field] ?? []))]
  const lists = useQueries({
    queries: kinds.map((kind) => reads('locations.assets', { locationId, kind, limit: MOST })),
  })
  const assets = new Map(kinds.map((kind, index) => [kind, lists[index]?.data?.assets]))
  const { data: listed } = useQuery({
    ...reads('pipelines.list', { locationId }),
    enabled: held.some(({ field }) => STAGED.includes(field)),
  })
  const pipelines = listed?.pipelines as Doc[] | undefined
  const stages = pipelines?.flatMap((one) => (one.stages ?? []) as Doc[])

  const nameOfOne = (field: string, id: string): string => {
    const of = FIELDS[field]
    if (of !== undefined) return names.get(`${of}/${id}`) || id
    const [list, otherwise] =
      field === 'pipelineId'
        ? [pipelines, gone.pipeline]
        : field === 'pipelineStageId'
          ? [stages, gone.stage]
          : [assets.get(ASSETS[field] ?? ''), gone.assets[field]]
    const name = list?.find((one) => one.id === id)?.name
    // Of a list that goes on nobody knows what it lacks.
    return String(name ?? (list === undefined || list.length >= MOST ? id : (otherwise ?? id)))
  }
  const namesIn: NamesIn = (field, value) => {
    if (typeof value === 'string') return isId(value) ? nameOfOne(field, value) : value
    if (Array.isArray(value)) return value.map((one) => namesIn(field, one))
    if (!isDoc(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, namesIn(name, one)]))
  }
  return namesIn
}
