import { type Static, Type } from 'typebox'
import { type AgencyRow, listAgencies, renameAgency } from '../../auth/agencies.ts'
import { foundAgency } from '../../auth/found-agency.ts'
import { EMAIL, findByEmail } from '../../auth/people.ts'
import { AppError } from '../../errors.ts'
import { operation } from '../define.ts'
import { Id, Instant, Name, Noun } from '../schemas.ts'

const Agency = Noun('Agency', {
  id: Type.String({ description: 'The companyId of everything else.' }),
  name: Type.String(),
  relationshipNumber: Type.String(),
  createdAt: Instant(),
  locations: Type.Integer({ description: 'How many sub-accounts it has.' }),
})

/** Asked by whoever runs the server, with the token of TINTYPE_OPERATOR_TOKEN. */
const common = { category: 'Agencies', token: 'operator', scope: [] } as const

const create = operation({
  ...common,
  name: 'agencies.create',
  title: 'Create Agency',
  description:
    'An agency with its first token, which holds every scope, and its first admin if an e-mail is given. Token and ' +
    'password can be read this once.',
  access: 'write',
  http: 'POST /agencies/',
  status: 201,
  input: Type.Object(
    {
      name: Name(),
      admin: Type.Optional(
        Type.String({
          maxLength: 200,
          pattern: EMAIL.source,
          description: 'E-mail of the first admin, who may allow apps.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    agency: Agency,
    admin: Type.Optional(Type.Object({ email: Type.String(), password: Type.String() })),
    secret: Type.String({ description: 'The first token, sent as Bearer.' }),
  }),
  async run(ctx, { name, admin: email }) {
    if (email !== undefined && (await findByEmail(ctx.tx, email)) !== null)
      throw new AppError('exists', { what: 'Admin', field: 'e-mail', value: email })
    const { agency, admin, token } = await foundAgency(ctx.tx, { name, email }, ctx.clock.nowMs())
    return { agency: toWire(agency), ...(admin === null ? {} : { admin }), secret: token }
  },
})

const list = operation({
  ...common,
  name: 'agencies.list',
  title: 'List Agencies',
  description: 'All agencies of this installation, by creation.',
  access: 'read',
  http: 'GET /agencies/',
  input: Type.Object({}, { additionalProperties: false }),
  output: Type.Object({ agencies: Type.Array(Agency) }),
  async run(ctx) {
    return { agencies: (await listAgencies(ctx.db)).map(toWire) }
  },
})

const rename = operation({
  ...common,
  name: 'agencies.rename',
  title: 'Rename Agency',
  description: 'Another name for an agency. Its id, relationship number and tokens stay.',
  access: 'write',
  http: 'PUT /agencies/:agencyId',
  input: Type.Object({ agencyId: Id(), name: Name() }, { additionalProperties: false }),
  output: Type.Object({ agency: Agency }),
  async run(ctx, { agencyId, name }) {
    return { agency: toWire(await renameAgency(ctx.tx, agencyId, name)) }
  },
})

export const agencyOperations = [create, list, rename]

function toWire({ id, name, relationshipNumber, createdAt, locationCount }: AgencyRow): Static<typeof Agency> {
  return { id, name, relationshipNumber, createdAt: createdAt.toISOString(), locations: locationCount }
}
