// A plain reference for POST /contacts/search: filters and sorts an array in memory, one obvious step at a time.

export interface PlainContact {
  id: string
  createdMs: number
  fields: Record<string, unknown>
  customFields: Record<string, unknown>
}

export type Filter = { group: 'AND' | 'OR'; filters: Filter[] } | { field: string; operator: string; value?: unknown }

const RENAMED: Record<string, string> = {
  firstNameLowerCase: 'firstName',
  lastNameLowerCase: 'lastName',
  address: 'address1',
  businessName: 'companyName',
}
const MOMENTS = ['dateAdded', 'dateOfBirth']

/** The values of a field, as texts; none where the contact lacks it. */
function valuesOf(contact: PlainContact, field: string): string[] {
  if (field === 'id') return [contact.id]
  if (field === 'dateAdded') return [new Date(contact.createdMs).toISOString()]
  if (field === 'name')
    return [['firstName', 'lastName'].flatMap((name) => contact.fields[name] ?? []).join(' ')].filter(
      (name) => name !== '',
    )
  const value = field.startsWith('customFields.')
    ? contact.customFields[field.slice('customFields.'.length)]
    : contact.fields[RENAMED[field] ?? field]
  return [value ?? []].flat().map(String)
}

const parse = (value: unknown) => new Date(value as string | number).getTime()

function isEqual(field: string, have: string, wanted: unknown): boolean {
  if (!MOMENTS.includes(field)) return have.toLowerCase() === String(wanted).toLowerCase()
  return /^\d{4}-\d{2}-\d{2}$/.test(String(wanted)) ? have.slice(0, 10) === wanted : parse(have) === parse(wanted)
}

function isWithin(field: string, have: string, bounds: Record<string, string | number>): boolean {
  return Object.entries(bounds).every(([name, bound]) => {
    const numeric = typeof bound === 'number' && !MOMENTS.includes(field)
    if (numeric && !/^-?\d+(\.\d+)?$/.test(have)) return false
    const [a, b] = MOMENTS.includes(field)
      ? [parse(have), parse(bound)]
      : numeric
        ? [Number(have), bound]
        : [have.toLowerCase(), String(bound).toLowerCase()]
    return name === 'gt' ? a > b : name === 'gte' ? a >= b : name === 'lt' ? a < b : a <= b
  })
}

export function matches(contact: PlainContact, filter: Filter): boolean {
  if ('group' in filter) {
    if (filter.filters.length === 0) return true
    return filter.group === 'AND'
      ? filter.filters.every((one) => matches(contact, one))
      : filter.filters.some((one) => matches(contact, one))
  }
  const { field, operator, value } = filter
  const have = valuesOf(contact, field)
  const wanted = [value].flat()
  const equal = have.some((one) => wanted.some((want) => isEqual(field, one, want)))
  const holds = have.some((one) => wanted.some((want) => one.toLowerCase().includes(String(want).toLowerCase())))
  switch (operator) {
    case 'eq':
      return equal
    case 'not_eq':
      return !equal
    case 'contains':
      return holds
    case 'not_contains':
      return !holds
    case 'exists':
      return have.some((one) => one !== '')
    case 'not_exists':
      return !have.some((one) => one !== '')
    default:
      return have.some((one) => isWithin(field, one, value as Record<string, string | number>))
  }
}

export interface Sort {
  field: string
  direction: 'asc' | 'desc'
}

/** Without a value: last, whatever the direction. Equals: by id, in the direction of the first key. */
export function sorted(contacts: readonly PlainContact[], sort: readonly Sort[]): PlainContact[] {
  const keys = sort.length === 0 ? [{ field: 'dateAdded', direction: 'desc' as const }] : sort
  const rows = contacts.map((contact) => ({
    contact,
    values: keys.map(({ field }) => valuesOf(contact, field)[0]?.toLowerCase()),
  }))
  rows.sort((a, b) => {
    for (const [index, { direction }] of keys.entries()) {
      const [x, y] = [a.values[index], b.values[index]]
      if (x === y) continue
      if (x === undefined || y === undefined) return x === undefined ? 1 : -1
      return (x < y ? -1 : 1) * (direction === 'asc' ? 1 : -1)
    }
    return (a.contact.id < b.contact.id ? -1 : 1) * (keys[0]?.direction === 'asc' ? 1 : -1)
  })
  return rows.map(({ contact }) => contact)
}

/**
 * Every word of the text begins a word of the contact's names, e-mail or company, or its telephone number with or
 * without the country.
 */
export function isFound(contact: PlainContact, query: string): boolean {
  const split = (text: string) =>
    text
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((word) => word !== '')
  const phone = String(contact.fields.phone ?? '').replace('+', '')
  const words = ['firstName', 'lastName', 'email', 'companyName'].flatMap((field) =>
    split(String(contact.fields[field] ?? '')),
  )
  return split(query).every((part) => [...words, phone, phone.slice(-10)].some((word) => word.startsWith(part)))
}
