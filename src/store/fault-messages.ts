import type { ErrorObject } from 'ajv'

/** One branch of an `anyOf`, as far as it can be told in words. */
interface Branch {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  description?: string
}

/** Far more than are told: what comes after these costs nothing. */
const MOST_ERRORS = 500

/** One message per fault, in the words of the HighLevel wire. */
export function toMessages(errors: readonly ErrorObject[]): string[] {
  return withoutBranches(errors.filter((error) => error.keyword !== 'if').slice(0, MOST_ERRORS)).map(messageOf)
}

/** A value is not one of these things: its type, or the value itself, is another. */
const IS_ANOTHER = ['type', 'const', 'enum']

/**
 * Of a value that fits no branch of an `anyOf`, each branch says why. Where it is of the kind of one branch alone, that
 * one's faults are meant; else it is said once what the value may be.
 */
function withoutBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  let left = [...errors]
  // Inner ones first: what they leave stands for the branch that they are in.
  const choices = errors
    .filter(({ keyword }) => keyword === 'anyOf')
    .sort((one, other) => other.schemaPath.length - one.schemaPath.length)
  for (const choice of choices) {
    const isInside = (error: ErrorObject) =>
      error.schemaPath.startsWith(`${choice.schemaPath}/`) && isAt(error, choice.instancePath)
    const branchOf = ({ schemaPath }: ErrorObject) => schemaPath.slice(choice.schemaPath.length + 1).split('/')[0]
    const isOfAnother = (error: ErrorObject) =>
      error.instancePath === choice.instancePath && (IS_ANOTHER.includes(error.keyword) || error.keyword === 'anyOf')
    const branches = [...Map.groupBy(left.filter(isInside), branchOf).values()]
    const fitting = branches.filter((faults) => !faults.some(isOfAnother))
    const told = fitting.length === 1 ? (fitting[0] as ErrorObject[]) : null
    left = left.filter((error) => (error === choice ? told === null : told?.includes(error) || !isInside(error)))
  }
  return left
}

const isAt = ({ instancePath }: ErrorObject, path: string) =>
  instancePath === path || instancePath.startsWith(`${path}/`)

const wordsOf = (types: string | string[]) => [types].flat().map((type) => TYPE_WORDS[type] ?? type)

/** What a value may be, branch by branch. */
function expected({ schema }: ErrorObject): string[] {
  const words = (schema as Branch[]).flatMap(({ type, const: only, enum: values }) => {
    if (only !== undefined) return [JSON.stringify(only)]
    if (values !== undefined) return [`one of the following values: ${values.join(', ')}`]
    return type === undefined ? ['something else'] : wordsOf(type)
  })
  return [...new Set(words)]
}

/** A pattern alone says little: what the schema says of it beside. */
function meantBy({ parentSchema }: ErrorObject): string {
  const { description } = (parentSchema ?? {}) as Branch
  return description === undefined ? '' : `: ${description.charAt(0).toLowerCase()}${description.slice(1)}`
}

const TYPE_WORDS: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer number',
  boolean: 'a boolean value',
  array: 'an array',
  object: 'an object',
  null: 'null',
}

function messageOf(error: ErrorObject): string {
  const path = error.instancePath
    .slice(1)
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
  const inside = (name: string) => (path === '' ? name : `${path}.${name}`)
  const name = path === '' ? 'body' : path
  const params = error.params as Record<string, unknown>
  switch (error.keyword) {
    case 'required':
      return `${inside(String(params.missingProperty))} should not be empty`
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return `property ${inside(String(params.additionalProperty ?? params.unevaluatedProperty))} should not exist`
    case 'type':
      return `${name} must be ${wordsOf(params.type as string | string[]).join(' or ')}`
    case 'enum':
      return `${name} must be one of the following values: ${(params.allowedValues as unknown[]).join(', ')}`
    case 'const':
      return `${name} must be ${JSON.stringify(params.allowedValue)}`
    case 'minLength':
      return Number(params.limit) === 1
        ? `${name} should not be empty`
        : `${name} must be longer than or equal to ${params.limit} characters`
    case 'maxLength':
      return `${name} must be shorter than or equal to ${error.schema} characters`
    case 'format':
      return `${name} must be a valid ${params.format}`
    case 'pattern':
      return `${name} must match pattern "${params.pattern}"${meantBy(error)}`
    case 'anyOf':
      return `${name} must be ${expected(error).join(' or ')}`
    default:
      return `${name} ${error.message ?? 'is not valid'}`
  }
}
