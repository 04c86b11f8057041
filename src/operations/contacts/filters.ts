import { sql } from 'kysely'
import { invalid } from '../../errors.ts'
import { opportunities } from '../../resources/records/opportunities.ts'
import { allOf, anyOf, type Condition, isNamedBy } from '../../store/records/index.ts'
import { OPERATORS, type Operator, type Place, toTest } from './filter-conditions.ts'
import { type Field, findField, findOpportunityField } from './filter-fields.ts'

/** Filters and values of one search, on all levels. */
const MOST_TESTS = 500
/** Filters alone: each reads and folds what is stored for itself, values of one do not. */
const MOST_FILTERS = 100

/** 422 for a search that asks too much; nothing of it is worked out. */
function refuseMany(filters: readonly unknown[]): void {
  let count = 0
  let leaves = 0
  const add = (filter: unknown): void => {
    const { filters: inner, value } = (filter ?? {}) as { filters?: unknown; value?: unknown }
    count += Array.isArray(value) ? Math.max(1, value.length) : 1
    leaves += Array.isArray(inner) ? 0 : 1
    if (leaves > MOST_FILTERS) throw invalid([`filters: at most ${MOST_FILTERS} filters in all groups together`])
    if (count > MOST_TESTS) throw invalid([`filters: at most ${MOST_TESTS} filters and values in all groups together`])
    if (Array.isArray(inner)) inner.forEach(add)
  }
  filters.forEach(add)
}

/** The filters of a search as one condition: all of the list must hold. 422 with the path of each fault. */
export function toCondition(place: Place, filters: readonly unknown[], fieldOf = findField): Condition {
  refuseMany(filters)
  const faults: string[] = []
  const condition = toGroup({ place, fieldOf, faults }, 'AND', filters, 'filters')
  if (faults.length > 0) throw invalid(faults)
  return condition
}

interface Search {
  place: Place
  fieldOf: (name: string) => Field | null
  faults: string[]
}

function toGroup(search: Search, group: 'AND' | 'OR', filters: readonly unknown[], path: string): Condition {
  const conditions = filters.map((filter, index) => toFilter(search, filter, `${path}[${index}]`))
  return group === 'AND' || conditions.length === 0 ? allOf(conditions) : anyOf(conditions)
}

const NOTHING = sql<boolean>`false`

function toFilter(search: Search, filter: unknown, path: string): Condition {
  const { place, fieldOf, faults } = search
  const fail = (fault: string) => {
    faults.push(fault)
    return NOTHING
  }
  if (filter === null || typeof filter !== 'object' || Array.isArray(filter)) return fail(`${path} must be an object`)
  const { group, filters, field: name, operator, value, ...others } = filter as Record<string, unknown>
  if (name === 'opportunities' && operator === 'nested' && Array.isArray(filters)) {
    // One of them meets all.
    const ofDeal = { ...search, fieldOf: findOpportunityField }
    const where = toGroup(ofDeal, 'AND', filters, `${path}.filters`)
    return isNamedBy(opportunities, place.locationId, { name: 'contactId', where })
  }
  for (const other of Object.keys(others)) fail(`property ${path}.${other} should not exist`)
  if (group !== undefined || filters !== undefined) {
    if (group !== 'AND' && group !== 'OR') return fail(`${path}.group must be one of the following values: AND, OR`)
    if (!Array.isArray(filters)) return fail(`${path}.filters must be an array`)
    return toGroup(search, group, filters, `${path}.filters`)
  }
  const field = typeof name === 'string' ? fieldOf(name) : null
  if (field === null) return fail(`${path}.field ${JSON.stringify(name) ?? ''} is not a field that can be searched`)
  if (!OPERATORS.includes(operator as Operator))
    return fail(`${path}.operator must be one of the following values: ${OPERATORS.join(', ')}`)
  return toTest(place, field, operator as Operator, value, (fault) => fail(`${path}.value ${fault}`))
}
