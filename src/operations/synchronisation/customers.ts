import { Type } from 'typebox'
import { contacts } from '../../resources/records/contacts.ts'
import { allOf, type Condition, equals, hasTerm, listRecords, lockIdentity } from '../../store/records/index.ts'
import { withStatus } from '../answer.ts'
import { ContactAnswer, contactInput, toContact, upsertContact } from '../contacts/index.ts'
import { operation } from '../define.ts'
import { Id } from '../schemas.ts'

/** Names of the connection guide -> those of a contact. */
const NAMES: Record<string, string> = {
  first_name: 'firstName',
  last_name: 'lastName',
  company: 'companyName',
  company_name: 'companyName',
  address: 'address1',
  postal_code: 'postalCode',
  date_of_birth: 'dateOfBirth',
}

const {
  email,
  phone,
  name,
  firstName,
  lastName,
  companyName,
  address1,
  city,
  state,
  country,
  postalCode,
  website,
  timezone,
  source,
  dateOfBirth,
  tags,
} = contactInput

export const customerOperations = [
  operation({
    name: 'customers.upsert',
    title: 'Synchronise Customer',
    description:
      'Creates a contact or updates it: the one with this `customer_id`, else with this e-mail, else with this ' +
      'phone. 201 when created, 200 when updated.',
    category: 'Synchronisation',
    access: 'write',
    token: 'either',
    scope: contacts.scopes.write,
    http: 'POST /customers',
    versionless: true,
    status: 201,
    query: ['locationId'],
    input: Type.Object(
      {
        locationId: Type.Optional(Id('For an agency token: the location meant.')),
        customer_id: Type.String({
          minLength: 1,
          maxLength: 200,
          examples: ['customer-1001'],
          description: 'What the other program calls the customer.',
        }),
        email,
        phone,
        name,
        first_name: firstName,
        last_name: lastName,
        company: companyName,
        company_name: companyName,
        address: address1,
        city,
        state,
        country,
        postal_code: postalCode,
        website,
        timezone,
        source,
        date_of_birth: dateOfBirth,
        tags,
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ id: Type.String(), created: Type.Boolean(), customer: ContactAnswer }),
    async run(ctx, { locationId: _, customer_id, ...fields }) {
      const input: Record<string, unknown> = { externalId: customer_id }
      for (const [name, value] of Object.entries(fields)) input[NAMES[name] ?? name] = value
      await lockIdentity(ctx.tx, ctx.locationId, { email: `customer/${customer_id}` })
      const where = allOf([
        ...[hasTerm(ctx.locationId, 'externalId', customer_id)].filter((one): one is Condition => one !== null),
        equals('externalId', customer_id),
      ])
      const [known] = await listRecords(ctx.db, contacts, ctx.locationId, { where, limit: 1 })
      const { contact, isNew } = await upsertContact(ctx, input, { known })
      return withStatus(isNew ? 201 : 200, {
        id: contact.id,
        created: isNew,
        customer: toContact(contact, ctx.locationId),
      })
    },
  }),
]
