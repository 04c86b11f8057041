import type { FastifyRequest } from 'fastify'
import type { AppError, ErrorCode, HubSpotDetail } from '../errors.ts'
import { asAppError } from './errors.ts'

export const CORRELATION = 'x-hubspot-correlation-id'

/** Paths of the HubSpot wire, known to us or not. */
const THEIRS = /^\/(crm|crm-object-schemas|webhooks\/(v\d+|\d{4}-\d{2})|webhooks-journal|oauth\/(v1|\d{4}-\d{2}))\//

/** Asked by the HubSpot wire: the operation says so, or, where there is none, the path. */
export function isHubSpot({ routeOptions, url }: FastifyRequest): boolean {
  const { wire } = routeOptions.config
  return wire === undefined ? isTheirs(url) : wire === 'hubspot'
}

/** For what cannot be read any further. */
export const isTheirs = (url: string) => THEIRS.test(url)

/**
 * On these words the official client tries again after a second; it does not read Retry-After (wire/hubspot.md,
 * "Semantics").
 */
const SECONDLY = 'You have reached your secondly limit.'

const CATEGORIES: Record<number, string> = {
  400: 'VALIDATION_ERROR',
  401: 'INVALID_AUTHENTICATION',
  403: 'MISSING_SCOPES',
  404: 'OBJECT_NOT_FOUND',
  409: 'CONFLICT',
  413: 'VALIDATION_ERROR',
  415: 'VALIDATION_ERROR',
  429: 'RATE_LIMITS',
}

/** Where HubSpot answers with another status than HighLevel. */
const STATUS: Partial<Record<ErrorCode, number>> = { invalid: 400, scope_missing: 403, token_kind: 403 }

export interface HubSpotErrorAnswer {
  status: number
  code: ErrorCode
  body: { status: string; message: string; correlationId: string; category: string } & HubSpotDetail & {
      /** OAuth's word for it: some read that. */
      error?: string
    }
}

/** Error bodies of the HubSpot wire (wire/hubspot.md, "Shapes"). */
export function toHubSpotErrorAnswer(error: unknown, correlationId: string): HubSpotErrorAnswer {
  const known = asAppError(error)
  const status = STATUS[known.code] ?? known.status
  const { category = CATEGORIES[status] ?? 'INTERNAL_ERROR', ...detail } = known.hubspot ?? {}
  return {
    status,
    code: known.code,
    body: {
      status: 'error',
      message: messageOf(known, status),
      correlationId,
      category,
      ...faultsOf(known),
      ...detail,
    },
  }
}

function messageOf({ message, faults, hubspot }: AppError, status: number): string {
  if (status === 429) return SECONDLY
  return faults === undefined || hubspot !== undefined ? message : `Invalid input: ${message}`
}

function faultsOf({ faults }: AppError): HubSpotDetail {
  if (faults === undefined) return {}
  return { errors: faults.map((message) => ({ message, in: message.split(/[ :]/)[0] as string })) }
}
