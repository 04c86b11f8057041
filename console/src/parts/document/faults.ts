import { type Doc, type Editor, isDoc, type Schema } from './editors.ts'
import { labelOf } from './labels.ts'

export interface Fault {
  path: string
  reason: string
}

/**
 * What a value lacks or has too much of, so that nobody sends in vain what would be refused. The server has the last
 * word.
 */
function faultsOf(schema: Schema, value: unknown, path = ''): Fault[] {
  const fault = (reason: string): Fault[] => [{ path, reason }]
  if (schema.anyOf) {
    const tries = schema.anyOf.map((one) => faultsOf(one, value, path))
    return tries.some((faults) => faults.length === 0) ? [] : (tries[0] ?? [])
  }
  if (schema.enum) return schema.enum.includes(value) ? [] : fault(`is none of ${schema.enum.join(', ')}`)
  switch (schema.type) {
    case 'string':
      return textFaults(schema, value, fault)
    case 'number':
    case 'integer':
      return numberFaults(schema, value, fault)
    case 'boolean':
      return typeof value === 'boolean' ? [] : fault('is neither true nor false')
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((one, index) => faultsOf(schema.items ?? {}, one, `${path}[${index + 1}]`))
        : fault('is no list')
    case 'object':
      return isDoc(value) ? objectFaults(schema, value, path) : fault('is no object')
    default:
      return []
  }
}

type Tell = (reason: string) => Fault[]

function textFaults({ minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Schema, value: unknown, fault: Tell) {
  if (typeof value !== 'string') return fault('is no text')
  if (value.trim().length < minLength) return fault('is empty')
  return value.length > maxLength ? fault(`is longer than ${maxLength} characters`) : []
}

function numberFaults({ type, minimum = -Infinity, maximum = Infinity }: Schema, value: unknown, fault: Tell) {
  if (typeof value !== 'number') return fault('is no number')
  if (type === 'integer' && !Number.isInteger(value)) return fault('is no whole number')
  if (value < minimum) return fault(`is less than ${minimum}`)
  return value > maximum ? fault(`is more than ${maximum}`) : []
}

function objectFaults(schema: Schema, value: Record<string, unknown>, path: string): Fault[] {
  const properties = schema.properties ?? {}
  const under = (name: string) => (path === '' ? name : `${path}.${name}`)
  const missing = (schema.required ?? []).filter((name) => value[name] === undefined)
  const unknown =
    schema.additionalProperties === false ? Object.keys(value).filter((name) => properties[name] === undefined) : []
  return [
    ...missing.map((name) => ({ path: under(name), reason: 'is missing' })),
    ...unknown.map((name) => ({ path: under(name), reason: 'is nothing that this kind has' })),
    ...Object.entries(properties).flatMap(([name, one]) =>
      value[name] === undefined ? [] : faultsOf(one, value[name], under(name)),
    ),
  ]
}

/** `fields[3].label: is empty`, as people read it. */
const faultText = ({ path, reason }: Fault): string =>
  path === ''
    ? reason
    : `${path
        .split('.')
        .map((part) => labelOf(part))
        .join(' › ')} ${reason}`

/** What would be refused of some of its fields, as people read it. */
export const faultsIn = ({ schema }: Editor, names: readonly string[], document: Doc): string[] =>
  names.flatMap((name) =>
    document[name] === undefined ? [] : faultsOf(schema.properties?.[name] ?? {}, document[name], name).map(faultText),
  )

/** The same of a whole document that is to be made. */
export const faultsOfAll = ({ schema }: Editor, document: Doc): string[] => faultsOf(schema, document).map(faultText)
