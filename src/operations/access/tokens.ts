import { type Static, Type } from 'typebox'
import type { Caller } from '../../auth/caller.ts'
import { namesOfLocations } from '../../auth/location-lists.ts'
import {
  createToken,
  listTokens,
  ROTATION_OVERLAP_MS,
  revokeToken,
  rotateToken,
  type TokenRow,
} from '../../auth/tokens.ts'
import { invalid } from '../../errors.ts'
import { type Context, operation } from '../define.ts'
import { Id, Instant, Name, Noun } from '../schemas.ts'

const Token = Noun('PrivateToken', {
  id: Type.String(),
  name: Type.String(),
  companyId: Type.String(),
  locationId: Type.Union([Type.String(), Type.Null()], { description: 'Null: a token of the agency.' }),
  locationName: Type.Union([Type.String(), Type.Null()], {
    description: 'What people call that sub-account. Null: it is none, or gone for good.',
  }),
  scopes: Type.Array(Type.String()),
  createdAt: Instant(),
  expiresAt: Type.Union([Instant(), Type.Null()]),
  revokedAt: Type.Union([Instant(), Type.Null()]),
})

const Made = Type.Object({
  token: Token,
  secret: Type.String({ description: 'Sent as Bearer. This answer is the only time it can be read.' }),
})
const TokenId = Type.Object({ companyId: Id(), tokenId: Id() }, { additionalProperties: false })

const common = { category: 'Tokens', token: 'agency' } as const

const create = operation({
  ...common,
  name: 'tokens.create',
  title: 'Create Token',
  description:
    'A private integration token of the agency, or of one location when `locationId` is given. It can hold only ' +
    'scopes that the calling token holds.',
  access: 'write',
  scope: 'tokens.write',
  http: 'POST /tokens/',
  status: 201,
  query: ['companyId'],
  input: Type.Object(
    {
      companyId: Id(),
      locationId: Type.Optional(Id()),
      name: Name(),
      scopes: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
        minItems: 1,
        maxItems: 300,
        description: '`*` for every scope of the level.',
      }),
    },
    { additionalProperties: false },
  ),
  output: Made,
  async run(ctx, input) {
    refuseMoreThan(ctx.caller, input.scopes)
    const { token, row } = await createToken(
      ctx.tx,
      { name: input.name, agencyId: ctx.agencyId, locationId: input.locationId ?? null, scopes: input.scopes },
      ctx.clock.nowMs(),
    )
    return { token: await toWire(ctx, row), secret: token }
  },
})

const list = operation({
  ...common,
  name: 'tokens.list',
  title: 'List Tokens',
  description: "The agency's tokens and those of its locations, by creation. Never the secrets.",
  access: 'read',
  scope: ['tokens.readonly', 'tokens.write'],
  http: 'GET /tokens/',
  input: Type.Object(
    { companyId: Id(), locationId: Type.Optional(Id('Only tokens of this location.')) },
    { additionalProperties: false },
  ),
  output: Type.Object({ tokens: Type.Array(Token) }),
  async run(ctx, input) {
    const rows = await listTokens(ctx.db, ctx.agencyId)
    const wanted = rows.filter(({ locationId }) => input.locationId === undefined || locationId === input.locationId)
    const names = await namesOf(ctx, wanted)
    return { tokens: wanted.map((row) => toAnswer(row, names)) }
  },
})

const rotate = operation({
  ...common,
  name: 'tokens.rotate',
  title: 'Rotate Token',
  description: 'A new token in place of an old one, which goes on working for `overlapSeconds`.',
  access: 'destructive',
  scope: 'tokens.write',
  http: 'POST /tokens/:tokenId/rotate',
  status: 201,
  query: ['companyId'],
  input: Type.Object(
    {
      ...TokenId.properties,
      overlapSeconds: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 31_536_000, description: 'Default 7 days; 0 ends the old token at once.' }),
      ),
    },
    { additionalProperties: false },
  ),
  output: Made,
  async run(ctx, input) {
    const atMs = ctx.clock.nowMs()
    const overlapMs = input.overlapSeconds === undefined ? ROTATION_OVERLAP_MS : input.overlapSeconds * 1000
    const { token, row } = await rotateToken(ctx.tx, { id: input.tokenId, agencyId: ctx.agencyId, overlapMs }, atMs)
    // The answer carries a working secret, so it must not be stronger than the token that asks for it.
    refuseMoreThan(ctx.caller, row.scopes)
    return { token: await toWire(ctx, row), secret: token }
  },
})

const revoke = operation({
  ...common,
  name: 'tokens.revoke',
  title: 'Revoke Token',
  description: 'Ends a token at once and for good.',
  access: 'destructive',
  scope: 'tokens.write',
  http: 'DELETE /tokens/:tokenId',
  input: TokenId,
  output: Type.Object({ token: Token }),
  async run(ctx, input) {
    const row = await revokeToken(ctx.tx, { id: input.tokenId, agencyId: ctx.agencyId }, ctx.clock.nowMs())
    return { token: await toWire(ctx, row) }
  },
})

export const tokenOperations = [create, list, rotate, revoke]

/** A token cannot be used to make a stronger one. */
export function refuseMoreThan(caller: Caller, scopes: readonly string[]): void {
  if (caller.scopes.includes('*')) return
  const excess = scopes.filter((scope) => !caller.scopes.includes(scope))
  if (excess.length > 0) throw invalid(excess.map((scope) => `scopes: the calling token does not hold ${scope}`))
}

const namesOf = (ctx: Context, rows: readonly TokenRow[]) =>
  namesOfLocations(
    ctx.db,
    rows.flatMap(({ locationId }) => (locationId === null ? [] : [locationId])),
  )

const toWire = async (ctx: Context, row: TokenRow) => toAnswer(row, await namesOf(ctx, [row]))

function toAnswer(
  { agencyId, createdAt, expiresAt, revokedAt, ...row }: TokenRow,
  names: ReadonlyMap<string, string>,
): Static<typeof Token> {
  return {
    ...row,
    companyId: agencyId,
    locationName: row.locationId === null ? null : (names.get(row.locationId) ?? null),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  }
}
