import { Type } from 'typebox'
import { getAgency } from '../../auth/agencies.ts'
import { operation } from '../define.ts'
import { Id, Instant, Noun } from '../schemas.ts'

/** wire/highlevel/companies.json: get-company. Of its many properties, those that a self-hosted agency has. */
export const companyOperations = [
  operation({
    name: 'companies.get',
    title: 'Get Company',
    description: 'Retrieve company information: the agency behind the token.',
    category: 'Other Operations',
    access: 'read',
    token: 'agency',
    scope: 'companies.readonly',
    http: 'GET /companies/:companyId',
    input: Type.Object({ companyId: Id() }, { additionalProperties: false }),
    output: Type.Object({
      company: Noun('Company', {
        id: Type.String(),
        name: Type.String(),
        relationshipNumber: Type.String(),
        customerType: Type.String(),
        status: Type.String(),
        locationCount: Type.Integer(),
        dateAdded: Instant(),
      }),
    }),
    async run(ctx, { companyId }) {
      const { createdAt, ...agency } = await getAgency(ctx.db, companyId)
      return { company: { ...agency, customerType: 'agency', status: 'active', dateAdded: createdAt.toISOString() } }
    },
  }),
]
