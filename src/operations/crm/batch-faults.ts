import type { Static } from 'typebox'
import type { AppError } from '../../errors.ts'
import type { ObjectType } from '../../objects/index.ts'
import type { Fault as Shape } from './association-shapes.ts'

export type Fault = Static<typeof Shape>

/** Why an input of a batch came to nothing; `traceId` is the name that the caller gave it. */
export function faultOf({ code, message, hubspot }: AppError, traceId?: string): Fault {
  const { category = CATEGORIES[code] ?? 'VALIDATION_ERROR', context = {}, errors = [] } = hubspot ?? {}
  return {
    status: 'error',
    category,
    message,
    context: { ...context, ...(traceId === undefined ? {} : { objectWriteTraceId: [traceId] }) },
    errors: [...errors],
    links: {},
  }
}

const CATEGORIES: Readonly<Record<string, string>> = {
  resource_unknown: 'OBJECT_NOT_FOUND',
  object_exists: 'CONFLICT',
  value_taken: 'CONFLICT',
}

/** Those of a batch that are not there, together. */
export const missingFault = ({ name }: ObjectType, ids: readonly string[]): Fault => ({
  status: 'error',
  category: 'OBJECT_NOT_FOUND',
  message: `Could not get some ${name.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`,
  context: { ids: [...new Set(ids)] },
  errors: [],
  links: {},
})

/** The same of properties, which go by their names. */
export const missingProperties = (names: readonly string[]): Fault => ({
  status: 'error',
  category: 'OBJECT_NOT_FOUND',
  message: 'Could not get some properties, they may be archived or not exist.',
  context: { name: [...new Set(names)] },
  errors: [],
  links: {},
})
