import type { ErrorSchema, RJSFSchema, RJSFValidationError, ValidationData, ValidatorType } from '@rjsf/utils'
import Schema from 'typebox/schema'

type Values = Record<string, unknown>

/** `/a/0/b` -> `.a.0.b`: how the form names its fields. */
const nameOf = (pointer: string) => pointer.replaceAll('/', '.')

/**
 * Checks forms without compiling code, which the page's policy forbids: TypeBox reads JSON Schema as it stands, by the
 * same rules as the server.
 */
const validator: ValidatorType<Values, RJSFSchema> = {
  validateFormData(values, schema): ValidationData<Values> {
    const errors: RJSFValidationError[] = faultsOf(schema, values)
    return { errors, errorSchema: toErrorSchema(errors) }
  },
  isValid(schema, values) {
    try {
      return Schema.Check(schema as never, values)
    } catch {
      return false
    }
  },
  rawValidation: (schema, values) => ({ errors: faultsOf(schema, values as Values | undefined) as never[] }),
  reset() {},
}

export default validator

function faultsOf(schema: RJSFSchema, values: Values | undefined): RJSFValidationError[] {
  const [isRight, faults] = Schema.Errors(schema as never, values ?? {}) as [
    boolean,
    { instancePath: string; message: string; keyword: string; params?: { requiredProperties?: string[] } }[],
  ]
  if (isRight) return []
  return faults.flatMap(({ instancePath, message, keyword, params }) => {
    const missing = keyword === 'required' ? (params?.requiredProperties ?? []) : []
    const places = missing.length === 0 ? [instancePath] : missing.map((name) => `${instancePath}/${name}`)
    const said = missing.length === 0 ? message : 'is needed'
    return places.map((place) => ({ property: nameOf(place), message: said, stack: `${nameOf(place)} ${said}` }))
  })
}

function toErrorSchema(errors: readonly RJSFValidationError[]): ErrorSchema<Values> {
  const root: ErrorSchema<Values> = {}
  for (const { property = '', message = '' } of errors) {
    let place = root as Record<string, unknown>
    for (const part of property.split('.').filter(Boolean)) {
      place[part] ??= {}
      place = place[part] as Record<string, unknown>
    }
    place.__errors = [...((place.__errors as string[] | undefined) ?? []), message]
  }
  return root
}
