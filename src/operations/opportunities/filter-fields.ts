import { sql } from 'kysely'
import { byCreation, byText, byUpdate, fieldText, type OrderKey } from '../../store/records/index.ts'
import { type Field, moment, scalar, some } from '../contacts/index.ts'

const text = (name: string): Field => ({ some: scalar(fieldText(name)) })
const stored = (name: string) => moment(sql`(${fieldText(name)})::timestamptz`)

/** What filters may ask for. Clients spell the names as in the address of the other search, too: `pipeline_id`. */
const FIELDS: Record<string, Field> = {
  id: { some: scalar(sql`id`) },
  ...Object.fromEntries(
    ['pipelineId', 'pipelineStageId', 'status', 'contactId', 'assignedTo', 'name', 'source', 'lostReasonId'].map(
      (name) => [name, text(name)],
    ),
  ),
  monetaryValue: { some: scalar(sql`coalesce(${fieldText('monetaryValue')}, '0')`) },
  followers: { some: some(sql`jsonb_array_elements_text(doc->'followers')`) },
  dateAdded: moment(sql`created_at`),
  createdAt: moment(sql`created_at`),
  dateUpdated: moment(sql`updated_at`),
  updatedAt: moment(sql`updated_at`),
  lastStatusChangeDate: stored('lastStatusChangeAt'),
  lastStatusChangeAt: stored('lastStatusChangeAt'),
  lastStageChangeDate: stored('lastStageChangeAt'),
  lastStageChangeAt: stored('lastStageChangeAt'),
}

export const FIELD_NAMES = Object.keys(FIELDS)

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export function findField(name: string): Field | null {
  const known = camel(name)
  return Object.hasOwn(FIELDS, known) ? (FIELDS[known] as Field) : null
}

type Sort = (direction: 'asc' | 'desc') => OrderKey

const byValue: Sort = (direction) => ({
  key: sql`coalesce(${fieldText('monetaryValue')}, '0')::numeric`,
  type: 'number',
  descending: direction === 'desc',
  nullable: false,
})

const SORTS: Record<string, Sort> = {
  dateAdded: byCreation,
  createdAt: byCreation,
  dateUpdated: byUpdate,
  updatedAt: byUpdate,
  monetaryValue: byValue,
  ...Object.fromEntries(
    ['name', 'status', 'source', 'lastStatusChangeAt', 'lastStageChangeAt'].map((name) => [
      name,
      (direction: 'asc' | 'desc') => byText(name, direction),
    ]),
  ),
  lastStatusChangeDate: (direction) => byText('lastStatusChangeAt', direction),
  lastStageChangeDate: (direction) => byText('lastStageChangeAt', direction),
}

export const SORT_FIELDS = [...new Set(Object.keys(SORTS).flatMap((name) => [name, snake(name)]))]

/** The order of a search; the newest first unless told otherwise. */
export function toOrder(sort: readonly { field: string; direction?: 'asc' | 'desc' | undefined }[]): OrderKey[] {
  if (sort.length === 0) return [byCreation('desc')]
  return sort.map(({ field, direction = 'asc' }) => (SORTS[camel(field)] as Sort)(direction))
}
