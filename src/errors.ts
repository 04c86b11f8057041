/**
 * The one catalogue of errors: code -> HTTP status, message, whether trying again can help.
 * `{name}` in a message is replaced by the parameter of that name.
 */
export const ERRORS = {
  version_missing: { status: 401, message: 'version header was not found.', retry: false },
  version_invalid: { status: 401, message: 'version header is invalid', retry: false },
  token_missing: { status: 401, message: 'Invalid token: access token is missing', retry: false },
  token_invalid: { status: 401, message: 'Invalid token: access token is invalid', retry: false },
  signature_wrong: { status: 401, message: 'This was not signed by whom it should be: {because}', retry: false },
  token_kind: {
    status: 401,
    message: 'This authClass type is not allowed to access this scope. It needs {needed}.',
    retry: false,
  },
  scope_missing: { status: 401, message: 'The token is not authorized for this scope.', retry: false },
  role_missing: { status: 403, message: 'Your role ({role}) does not allow this.', retry: false },
  session_ended: { status: 401, message: 'You are signed out. Sign in again.', retry: false },
  sign_in_wrong: { status: 401, message: 'E-mail or password is wrong.', retry: false },
  second_factor_needed: { status: 401, message: 'The code of your second factor is needed too.', retry: false },
  second_factor_wrong: { status: 401, message: 'This code is wrong, or was used already.', retry: false },
  password_wrong: { status: 403, message: 'This is not your present password.', retry: false },
  second_factor_there: { status: 409, message: 'There is a second factor already. Switch it off first.', retry: false },
  code_wrong: { status: 403, message: 'This code is wrong, or was used already.', retry: false },
  link_spent: { status: 403, message: 'This link was used already, or is too old. Ask for another one.', retry: false },
  owner_only: { status: 403, message: 'Only an owner may make, change, disable or remove an owner.', retry: false },
  last_owner: { status: 409, message: 'The agency would have no owner any more.', retry: false },
  person_disabled: { status: 409, message: 'This person is disabled: enable them first.', retry: false },
  set_up_refused: { status: 403, message: 'There is an agency already, or this is not the code.', retry: false },
  not_from_here: { status: 403, message: '{reason}', retry: false },
  location_forbidden: { status: 403, message: 'The token does not have access to this location.', retry: false },
  locations_forbidden: {
    status: 403,
    message: 'The token does not have access to these locations: {ids}',
    retry: false,
  },
  portal_forbidden: { status: 403, message: 'The app is not installed in portal {portalId}.', retry: false },
  app_scope_missing: { status: 403, message: 'The app lacks the scope {scope}.', retry: false },
  offset_expired: {
    status: 404,
    message: 'journal offset {offset} has expired: what came after it is no longer kept in full',
    retry: false,
  },
  url_refused: { status: 403, message: 'The URL of this file is not valid: {reason}', retry: false },
  company_forbidden: { status: 403, message: 'The token does not have access to this company.', retry: false },
  location_needed: {
    status: 400,
    message: 'locationId is required: an agency token must say which location it means',
    retry: false,
  },
  client_invalid: { status: 401, message: 'Invalid client: client_id or client_secret is wrong', retry: false },
  client_unknown: { status: 400, message: 'missing or unknown client id', retry: false },
  grant_invalid: { status: 400, message: 'Invalid grant: {reason}', retry: false },
  grant_scope: { status: 400, message: 'Invalid scope: {scopes}', retry: false },
  target_unknown: { status: 400, message: 'Invalid target: {resource} is not a resource of this server', retry: false },
  app_public: { status: 400, message: 'The app is public: it {what}', retry: false },
  app_not_installed: { status: 400, message: 'The app is not installed {where}', retry: false },
  rate_limited: { status: 429, message: 'Too many requests. Try again in {seconds} s.', retry: true },
  bad_request: { status: 400, message: '{reason}', retry: false },
  invalid: { status: 422, message: '{reason}', retry: false },
  body_too_large: { status: 413, message: 'The body is larger than {limit} bytes.', retry: false },
  body_too_slow: { status: 408, message: 'The body did not come, or came too slowly.', retry: true },
  head_too_large: { status: 431, message: 'The address and the headers of a request are too large.', retry: false },
  request_too_slow: { status: 408, message: 'The request did not come, or came too slowly.', retry: true },
  expectation_failed: { status: 417, message: 'Nothing but 100-continue can be expected here.', retry: false },
  file_type: { status: 415, message: 'Files such as {name} are not taken here. Allowed: {allowed}', retry: false },
  range_beyond: { status: 416, message: 'The file has {size} bytes', retry: false },
  route_unknown: { status: 404, message: 'Cannot {method} {path}', retry: false },
  post_only: { status: 405, message: 'Only POST is answered here: there are no sessions and no streams', retry: false },
  method_unsupported: { status: 415, message: 'Unsupported media type {type}. Send application/json.', retry: false },
  body_packed: {
    status: 415,
    message: 'Bodies are not taken packed ({encoding}). Send the body as it is.',
    retry: false,
  },
  not_found: { status: 404, message: '{what} {id} was not found', retry: false },
  message_unknown: { status: 400, message: 'Message {messageId} was not found', retry: false },
  exists: { status: 400, message: '{what} with this {field} already exists: {value}', retry: false },
  contact_duplicated: { status: 400, message: 'This location does not allow duplicated contacts.', retry: false },
  resource_unknown: { status: 404, message: 'resource not found', retry: false },
  type_unknown: { status: 404, message: 'Unable to infer object type from: {type}', retry: false },
  object_exists: { status: 409, message: '{label} already exists. Existing ID: {id}', retry: false },
  value_taken: {
    status: 409,
    message: 'Another record has the value {value} of {name} already. Existing ID: {id}',
    retry: false,
  },
  property_exists: { status: 409, message: '{what} named {name} already exists.', retry: false },
  scopes_missing: {
    status: 403,
    message: "This app hasn't been granted all required scopes to make this call.",
    retry: false,
  },
  idempotency_reused: { status: 422, message: 'This Idempotency-Key was used with another request', retry: false },
  plan_stale: {
    status: 409,
    message:
      'The plan is stale: its version or its options were others, or a target has changed since. Make a new plan ' +
      'and look at it. Current hash: {hash}',
    retry: false,
  },
  push_not_finished: {
    status: 409,
    message: 'The push is {state}. Wait until it has ended, or cancel it first.',
    retry: true,
  },
  changed_meanwhile: {
    status: 409,
    message: 'The {noun} has changed since it was read{how}. Nothing was written.',
    retry: false,
  },
  push_finished: { status: 409, message: 'The push has already ended: {state}', retry: false },
  push_nothing_failed: {
    status: 409,
    message: 'Nothing in this push has failed, so there is nothing to retry',
    retry: false,
  },
  push_already_reverted: { status: 409, message: 'Push {pushId} was rolled back by {by}', retry: false },
  push_undone_later: {
    status: 409,
    message: 'Roll back {first} first, then {pushId}: roll-backs are taken back in reverse order',
    retry: false,
  },
  snapshot_source_gone: {
    status: 409,
    message: 'The source location {locationId} no longer exists, so the snapshot cannot be refreshed',
    retry: false,
  },
  snapshot_no_source: {
    status: 409,
    message: 'This snapshot came from a file. Import a newer file instead.',
    retry: false,
  },
  snapshot_in_use: { status: 409, message: 'A push of this snapshot is still running', retry: true },
  share_spent: { status: 403, message: 'This share link has been used already', retry: false },
  share_spent_here: {
    status: 403,
    message: 'This share link has been used already: already imported as "{name}" ({id})',
    retry: false,
  },
  share_withdrawn: {
    status: 404,
    message: 'The publisher has withdrawn this snapshot. What was imported stays as it is.',
    retry: false,
  },
  share_revoked: { status: 403, message: 'This share link has been revoked', retry: false },
  share_foreign: { status: 403, message: 'This share link is for other agencies or sub-accounts', retry: false },
  share_imported: { status: 403, message: 'An imported snapshot can be shared by its publisher only', retry: false },
  snapshot_only_locations: {
    status: 403,
    message: 'This snapshot may only be pushed to the sub-accounts it was shared with',
    retry: false,
  },
  too_much: {
    status: 429,
    message: 'Too many {what} of yours in a while: at most {most} in {per} s. Try again in {seconds} s.',
    retry: true,
  },
  too_many: {
    status: 429,
    message: 'Too many {what} of yours at a time: at most {most}. Try again in {seconds} s.',
    retry: true,
  },
  crowded: { status: 503, message: 'Too many {what} at a time. Try again in {seconds} s.', retry: true },
  busy: { status: 503, message: 'Too many requests of yours are under way. Try again in {seconds} s.', retry: true },
  took_too_long: {
    status: 503,
    message: 'The request took too long and was ended; nothing of it was written. Ask for less, or try again.',
    retry: true,
  },
  not_ready: { status: 503, message: '{reason}', retry: true },
  internal: { status: 500, message: 'Internal server error', retry: true },
} as const

export type ErrorCode = keyof typeof ERRORS

/** wire/hubspot.md, "Shapes": one fault of several. */
export interface HubSpotFault {
  message: string
  code?: string
  in?: string
  context?: Record<string, string[]>
}

/** What the error body of the HubSpot wire holds; what is left out follows from the code. */
export interface HubSpotDetail {
  /** Other than `error`. */
  status?: string
  category?: string
  subCategory?: string
  errors?: readonly HubSpotFault[]
  context?: Record<string, string[]>
}

/**
 * A code of the catalogue with its parameters. `faults` lists one message per fault of the input (422); `meta` says
 * more to programs. `keepWrites`: what was written before the refusal stays (a stolen token's family is revoked by the
 * very call that is refused), and `told` is kept for the agency that has to know of it.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly faults: readonly string[] | undefined
  readonly meta: Record<string, unknown> | undefined
  readonly keepWrites: boolean
  readonly told: { agencyId: string; event: string; who: string; about: Record<string, string | null> } | undefined
  /** What the HighLevel wire calls it, where its clients read that. */
  readonly canonicalCode: string | undefined
  /** What the HubSpot wire says of it beside the message. */
  readonly hubspot: HubSpotDetail | undefined
  /** After how many seconds trying again can help, where that is known. */
  readonly retrySeconds: number | undefined

  constructor(
    code: ErrorCode,
    params: Record<string, unknown> = {},
    options: {
      cause?: unknown
      faults?: readonly string[]
      meta?: Record<string, unknown>
      keepWrites?: boolean
      told?: AppError['told']
      canonicalCode?: string
      hubspot?: HubSpotDetail
    } = {},
  ) {
    const message = ERRORS[code].message.replace(/\{(\w+)\}/g, (_, name) => String(params[name] ?? ''))
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.status = ERRORS[code].status
    this.faults = options.faults
    this.meta = options.meta
    this.keepWrites = options.keepWrites ?? false
    this.told = options.told
    this.canonicalCode = options.canonicalCode
    this.hubspot = options.hubspot
    this.retrySeconds = typeof params.seconds === 'number' ? params.seconds : undefined
  }
}

/** 422 with one message per fault. */
export function invalid(faults: readonly string[]): AppError {
  return new AppError('invalid', { reason: faults.join('; ') }, { faults })
}
