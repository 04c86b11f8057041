import { type Static, type TProperties, type TSchema, Type } from 'typebox'

const Shape = <P extends Record<string, TSchema>>(properties: P, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description === undefined ? {} : { description }) })

const Name = (description: string) => Type.String({ minLength: 1, maxLength: 200, description })
const Path = (description: string) => Type.String({ minLength: 1, maxLength: 500, description })
const Url = (description: string) => Type.String({ minLength: 1, maxLength: 2000, description })
const Size = () =>
  Type.Optional(
    Shape({
      parameter: Name('How the size is asked for: `limit`.'),
      value: Type.Integer({ minimum: 1, maximum: 10_000 }),
    }),
  )

const Paging = Type.Union([
  Shape({ style: Type.Literal('none') }, 'All in one answer.'),
  Shape({
    style: Type.Literal('page'),
    parameter: Name('How a page is asked for: `page`.'),
    first: Type.Optional(Type.Integer({ minimum: 0, maximum: 1 })),
    size: Size(),
  }),
  Shape({ style: Type.Literal('offset'), parameter: Name('How its beginning is asked for: `offset`.'), size: Size() }),
  Shape({
    style: Type.Literal('cursor'),
    parameter: Name('How the next page is asked for: `cursor`, `starting_after`.'),
    path: Path('Where the answer says it: `meta.next_cursor`.'),
    size: Size(),
  }),
  Shape({ style: Type.Literal('link'), size: Size() }, 'The header Link with rel="next" (RFC 8288).'),
  Shape({
    style: Type.Literal('url'),
    path: Path('Where the answer has the next address: `links.next`.'),
    size: Size(),
  }),
])

const Scope = () => Type.Optional(Type.String({ maxLength: 1000 }))

/** Who is asked for permission: by both addresses, or by the issuer that names them (OpenID Connect Discovery, RFC 8414). */
const ByAddresses = {
  authorizeUrl: Url('Where a person is asked for permission.'),
  tokenUrl: Url('Where tokens are made.'),
}
const ByIssuer = { issuer: Url('Whose metadata name both addresses: `https://accounts.ex.test`.') }

const ByPerson = <P extends TProperties>(server: P) =>
  Shape(
    {
      kind: Type.Literal('oauth'),
      grant: Type.Literal('authorization_code'),
      ...server,
      scope: Scope(),
      clientIn: Type.Optional(
        Type.Enum(['header', 'body', 'none'], {
          description: 'Where the client shows who it is. `none`: it has no secret.',
        }),
      ),
    },
    'OAuth 2.0: a person allows it at the other program.',
  )

const AuthorisationRule = Type.Union([
  Shape({ kind: Type.Literal('none') }),
  Shape({
    kind: Type.Literal('key'),
    in: Type.Enum(['header', 'query']),
    name: Name('`X-Api-Key`, `api_key`.'),
    prefix: Type.Optional(Type.String({ maxLength: 40, description: 'Before the key.' })),
  }),
  Shape({ kind: Type.Literal('basic') }),
  Shape({ kind: Type.Literal('bearer') }),
  Shape(
    {
      kind: Type.Literal('oauth'),
      grant: Type.Enum(['client_credentials', 'refresh_token']),
      tokenUrl: Url('Where tokens are made.'),
      scope: Scope(),
      clientIn: Type.Optional(Type.Enum(['header', 'body'], { description: 'Where the client shows who it is.' })),
    },
    'OAuth 2.0.',
  ),
  ByPerson(ByAddresses),
  ByPerson(ByIssuer),
])

/** How the items of another program are asked for. Secrets are kept elsewhere. */
export const PollReading = Shape({
  url: Url('The list: `https://api.ex.test/v1/invoices?status=all`.'),
  headers: Type.Optional(
    Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 1000 }), { maxProperties: 20 }),
  ),
  items: Type.Optional(Path('Where the list stands in the answer: `data`. Without it the answer is the list.')),
  paging: Paging,
  since: Type.Optional(
    Shape({
      parameter: Name('How what was changed since is asked for: `updated_since`.'),
      format: Type.Enum(['iso', 'seconds', 'milliseconds', 'date']),
    }),
  ),
  authorisation: AuthorisationRule,
})
export type PollReading = Static<typeof PollReading>
export type Authorisation = PollReading['authorisation']
/** A person allows it. */
export type CodeGrant = Extract<Authorisation, { grant: 'authorization_code' }>

/** Kept sealed. Which are needed follows from the kind of authorisation. */
export interface PollCredentials {
  key?: string
  username?: string
  password?: string
  /** Of `bearer`; of `oauth` the one that is made. */
  token?: string
  tokenEndsAtMs?: number
  clientId?: string
  clientSecret?: string
  refreshToken?: string
}

/** Where the next page begins. It is stored between pages, so that a poll goes on where it was. */
export interface PollCursor {
  at: string | number
}

export type PollResult =
  /** The other side says that its limit is used up for so long: 0, as long as something is left. */
  | { outcome: 'page'; items: unknown[]; next: PollCursor | null; pauseMs: number }
  /** The other side wants a pause. */
  | { outcome: 'limited'; retryAfterMs: number }
  /** Nobody but a person can mend it. */
  | { outcome: 'unauthorised'; because: string }
  | { outcome: 'failed'; because: string; again: boolean }
