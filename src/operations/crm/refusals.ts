import { AppError, type HubSpotFault } from '../../errors.ts'
import type { ObjectType, ValueFault } from '../../objects/index.ts'

// What this wire refuses, word for word where clients read the words (wire/hubspot.md, "CRM objects ...").

/** 400, category VALIDATION_ERROR. */
export const refused = (reason: string, errors?: readonly HubSpotFault[]) =>
  new AppError('bad_request', { reason }, { hubspot: errors === undefined ? {} : { errors } })

export const unknownType = (spelled: string) => new AppError('type_unknown', { type: spelled.slice(0, 100) })

/** 404. */
export const objectNotFound = () => new AppError('resource_unknown')

/** Values that a caller gave: all faults together. `portalId` stands in each, as there. */
export function valuesRefused(faults: readonly ValueFault[], portalId: number): AppError {
  const listed = faults.map(({ message, error, name }) => ({
    isValid: false,
    message,
    error,
    name,
    localizedErrorMessage: message,
    portalId,
  }))
  return refused(`Property values were not valid: ${JSON.stringify(listed)}`, faults.map(toFault))
}

const toFault = ({ message, error, name }: ValueFault): HubSpotFault => ({
  message,
  code: error,
  context: { propertyName: [name] },
})

/** Of a new object, all that it cannot be without: those that it says nothing of. */
export const requiredMissing = ({ typeId, name, custom }: ObjectType, properties: readonly string[]) =>
  new AppError(
    'bad_request',
    {
      reason: `Error creating ${custom === null ? name.toUpperCase() : typeId}. Some required properties were not set.`,
    },
    { hubspot: { context: { properties: [...properties] } } },
  )

/** A change without any property. */
export const nothingToUpdate = () =>
  new AppError(
    'bad_request',
    { reason: 'No properties found to update, please provide at least one.' },
    { hubspot: { context: { properties: ['{}'] } } },
  )

/** 409: clients cut the id out of the text; it stands in the context, too. */
export function alreadyExists(label: string, objectId: number): AppError {
  return new AppError(
    'object_exists',
    { label, id: objectId },
    { hubspot: { category: 'CONFLICT', context: { existingId: [String(objectId)] } } },
  )
}

/** 409: a value of a property that no two records share. */
export function valueTaken(name: string, value: string, objectId: number): AppError {
  return new AppError(
    'value_taken',
    { name, value, id: objectId },
    {
      hubspot: {
        category: 'CONFLICT',
        context: { propertyName: [name], existingId: [String(objectId)] },
      },
    },
  )
}

/** 403: the token does not hold the scope of the type. */
export function scopesMissing(scopes: readonly string[]): AppError {
  const errors = [
    {
      message: 'One or more of the following scopes are required.',
      context: { requiredGranularScopes: [...scopes] },
    },
  ]
  return new AppError('scopes_missing', {}, { hubspot: { category: 'MISSING_SCOPES', errors } })
}
