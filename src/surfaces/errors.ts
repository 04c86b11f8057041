import { AppError, type ErrorCode } from '../errors.ts'

const REASONS: Record<number, string> = { 401: 'Unauthorized', 403: 'Forbidden', 422: 'Unprocessable Entity' }

/** What OAuth calls them (RFC 6749, 5.2): its clients read these words. */
const OAUTH_REASONS: Partial<Record<ErrorCode, string>> = {
  client_invalid: 'invalid_client',
  grant_invalid: 'invalid_grant',
  grant_scope: 'invalid_scope',
  app_not_installed: 'unauthorized_client',
}

export interface ErrorAnswer {
  status: number
  body: { statusCode: number; message: string | readonly string[]; error?: string; error_description?: string; meta?: Record<string, unknown>; traceId: string }
}

/** Error bodies of the HighLevel wire (wire/highlevel.md, "Errors"). What is not in the catalogue tells nothing: 500. */
export function toErrorAnswer(error: unknown, traceId: string): ErrorAnswer {
  const known = error instanceof AppError ? error : fromFramework(error)
  const { status } = known
  const oauth = OAUTH_REASONS[known.code]
  const reason = oauth ?? REASONS[status]
  const message = status === 422 ? (known.faults ?? [known.message]) : known.message
  return {
    status,
    body: {
      statusCode: status,
      message,
      ...(reason === undefined ? {} : { error: reason }),
      ...(oauth === undefined ? {} : { error_description: known.message }),
      ...(known.meta === undefined ? {} : { meta: known.meta }),
      traceId,
    },
  }
}

function fromFramework(error: unknown): AppError {
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new AppError('body_too_large', { limit: 'the allowed number of' }, { cause: error })
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new AppError('method_unsupported', { type: '' }, { cause: error })
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new AppError('bad_request', { reason: message }, { cause: error })
  return new AppError('internal', {}, { cause: error })
}
