import { byCreation, byText, byUpdate, type OrderKey } from '../../store/records/index.ts'
import { NAMES } from './filter-fields.ts'

const SORTS: Record<string, (direction: 'asc' | 'desc') => OrderKey> = {
  dateAdded: byCreation,
  dateUpdated: byUpdate,
  ...Object.fromEntries(
    [...NAMES, 'email', 'phone', 'address1', 'dateOfBirth', 'dnd'].map((name) => [
      name,
      (direction) => byText(name, direction),
    ]),
  ),
  firstNameLowerCase: (direction) => byText('firstName', direction),
  lastNameLowerCase: (direction) => byText('lastName', direction),
  businessName: (direction) => byText('companyName', direction),
}

export const SORT_FIELDS = Object.keys(SORTS)

/** The order of a search; the newest first unless told otherwise. */
export function toOrder(sort: readonly { field: string; direction?: 'asc' | 'desc' | undefined }[]): OrderKey[] {
  if (sort.length === 0) return [byCreation('desc')]
  return sort.map(({ field, direction = 'asc' }) =>
    (SORTS[field] as (direction: 'asc' | 'desc') => OrderKey)(direction),
  )
}
