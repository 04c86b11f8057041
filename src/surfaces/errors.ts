import { isInfrastructure } from '../db/transaction.ts'
import { AppError, type ErrorCode } from '../errors.ts'
import { BodyStoreAway } from '../journal/index.ts'

const REASONS: Record<number, string> = { 401: 'Unauthorized', 403: 'Forbidden', 422: 'Unprocessable Entity' }

/** What OAuth calls them (RFC 6749, 5.2): its clients read these words. */
const OAUTH_REASONS: Partial<Record<ErrorCode, string>> = {
  client_invalid: 'invalid_client',
  grant_invalid: 'invalid_grant',
  grant_scope: 'invalid_scope',
  target_unknown: 'invalid_target',
  app_not_installed: 'unauthorized_client',
  app_public: 'unauthorized_client',
}

/** What the console reads of a sign-in. */
const SIGN_IN_REASONS: Partial<Record<ErrorCode, string>> = {
  second_factor_needed: 'second_factor_needed',
  second_factor_wrong: 'second_factor_wrong',
}

export interface ErrorAnswer {
  status: number
  code: ErrorCode
  body: {
    statusCode: number
    message: string | readonly string[]
    error?: string
    error_description?: string
    meta?: Record<string, unknown>
    canonicalCode?: string
    traceId: string
  }
}

/**
 * Error bodies of the HighLevel wire (wire/highlevel.md, "Errors"). What is not in the catalogue tells nothing: 500.
 */
export function toErrorAnswer(error: unknown, traceId: string): ErrorAnswer {
  const known = asAppError(error)
  const { status } = known
  const oauth = OAUTH_REASONS[known.code]
  const reason = oauth ?? SIGN_IN_REASONS[known.code] ?? REASONS[status]
  const message = status === 422 ? (known.faults ?? [known.message]) : known.message
  return {
    status,
    code: known.code,
    body: {
      statusCode: status,
      message,
      ...(reason === undefined ? {} : { error: reason }),
      ...(oauth === undefined ? {} : { error_description: known.message }),
      ...(known.meta === undefined ? {} : { meta: known.meta }),
      ...(known.canonicalCode === undefined ? {} : { canonicalCode: known.canonicalCode }),
      traceId,
    },
  }
}

/**
 * The same for whoever asks as an app: each refusal has OAuth's name for it (RFC 6749, 5.2; 7009, 2.2.1; 7662, 2.3).
 */
export function toClientErrorAnswer(error: unknown, traceId: string): ErrorAnswer {
  const answer = toErrorAnswer(error, traceId)
  const { message, error_description } = answer.body
  if (answer.status >= 500 || error_description !== undefined) return answer
  const faults = [message].flat()
  const oauth = faults.some((fault) => fault.startsWith('grant_type must be one of'))
    ? 'unsupported_grant_type'
    : 'invalid_request'
  return { ...answer, body: { ...answer.body, error: oauth, error_description: faults.join('; ') } }
}

/** Seconds after which a request that was refused for now may be sent again. */
export const retryAfter = (error: unknown) => String((error instanceof AppError ? error.retrySeconds : undefined) ?? 1)

/** Of people, whom a browser must not ask for anything. */
const BY_COOKIE: readonly ErrorCode[] = [
  'session_ended',
  'sign_in_wrong',
  'second_factor_needed',
  'second_factor_wrong',
]

/** How a caller who is not known can prove itself (RFC 6749, 5.2; RFC 6750, 3); undefined for all other answers. */
export function challengeFor(
  { status, body, code }: { status: number; body: { error?: string }; code: ErrorCode },
  authorization: string | undefined,
): string | undefined {
  if (status !== 401 || BY_COOKIE.includes(code)) return undefined
  if (body.error === 'invalid_client')
    return isBasic(authorization) ? 'Basic realm="tintype", charset="UTF-8"' : undefined
  // Another token would not help.
  const fault = code.startsWith('version_') ? 'invalid_request' : 'invalid_token'
  return `Bearer realm="tintype"${authorization === undefined ? '' : `, error="${fault}"`}`
}

export const isBasic = (authorization: string | undefined) => /^basic\b/i.test(authorization ?? '')

/** Of PostgreSQL: a statement's end, a lock that did not come, a transaction that nobody went on with. */
const TOOK_TOO_LONG = ['57014', '55P03', '25P03']

/** A statement was ended: it took too long, or nobody waits for it any more. */
export const wasCancelled = (error: unknown) => (error as { code?: string }).code === '57014'

const DISK_FULL = '53100'
/** What a caller asked for had no end in time: the database is well. */
export const tookTooLong = (error: unknown) => TOOK_TOO_LONG.includes((error as { code?: string }).code ?? '')

/** Two that met: each may try again, and the database is well. */
const MET = ['40001', '40P01']

/** The database is away, or cannot do its work: everybody's requests fail alike. */
export function isAway(error: unknown): boolean {
  const { code = '' } = error as { code?: string }
  return isInfrastructure(error) && !TOOK_TOO_LONG.includes(code) && !MET.includes(code)
}

/** What went wrong, by the catalogue. */
export const asAppError = (error: unknown) => (error instanceof AppError ? error : fromFramework(error))

function fromFramework(error: unknown): AppError {
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string }
  if (TOOK_TOO_LONG.includes(code ?? '')) return new AppError('took_too_long', {}, { cause: error })
  if (code === DISK_FULL)
    return new AppError(
      'not_ready',
      { reason: 'The database cannot write: its disk is full. Nothing of the request was written.' },
      { cause: error },
    )
  if (isInfrastructure(error))
    return new AppError('not_ready', { reason: 'The database does not answer. Try again soon.' }, { cause: error })
  if (error instanceof BodyStoreAway)
    return new AppError('not_ready', { reason: 'The object store does not answer. Try again soon.' }, { cause: error })
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new AppError('body_too_large', { limit: 'the allowed number of' }, { cause: error })
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new AppError('method_unsupported', { type: 'none' }, { cause: error })
  // Nothing of an address that is none is said again.
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new AppError('bad_request', { reason: 'This is not an address of the API' }, { cause: error })
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new AppError('bad_request', { reason: message }, { cause: error })
  return new AppError('internal', {}, { cause: error })
}
