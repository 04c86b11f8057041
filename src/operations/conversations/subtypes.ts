import { Type } from 'typebox'
import { messageSubtypes } from '../../resources/records/subscriptions.ts'
import { createRecord, listRecords, type RecordRow, updateRecord } from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { Id, Noun } from '../schemas.ts'

const { read, write } = messageSubtypes.scopes
const { properties } = messageSubtypes.schema
const common = { category: 'Conversations & Messages', token: 'location' } as const
const path = '/conversations/preferences/custom-subtypes'
const Subtype = Noun('MessageSubtype', {
  id: Type.String(),
  locationId: Type.String(),
  ...properties,
  createdAt: Type.String(),
  updatedAt: Type.String(),
})
const answer = Type.Object({ subtype: Subtype })

const toSubtype = ({ id, document, createdAt, updatedAt }: RecordRow, locationId: string) =>
  ({ id, locationId, ...document, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() }) as never

/** wire/highlevel/conversations.json: the custom subtypes. It gives no schema of the answers: these are ours. */
export const subtypeOperations = [
  operation({
    ...common,
    name: 'preferences.listSubtypes',
    title: 'Get All Custom Subtypes',
    description: 'The kinds of messages that people can do without, by creation.',
    access: 'read',
    scope: [read, write],
    http: `GET ${path}`,
    input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ subtypes: Type.Array(Subtype) }),
    async run(ctx, { locationId }) {
      const rows = await listRecords(ctx.db, messageSubtypes, locationId, { limit: 1000 })
      return { subtypes: rows.map((row) => toSubtype(row, locationId)) }
    },
  }),
  operation({
    ...common,
    name: 'preferences.createSubtype',
    title: 'Create Custom Subtype',
    access: 'write',
    scope: write,
    http: `POST ${path}`,
    query: ['locationId'],
    input: Type.Object(
      {
        locationId: Id(),
        name: properties.name,
        description: Type.Optional(properties.description),
        channel: properties.channel,
        language: Type.String({ minLength: 1, maxLength: 20, examples: ['en'] }),
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, description = '', ...rest }) {
      const row = await createRecord(ctx.scope, messageSubtypes, { description, ...rest, archived: false })
      return { subtype: toSubtype(row, locationId) }
    },
  }),
  operation({
    ...common,
    name: 'preferences.updateSubtype',
    title: 'Update Custom Subtype',
    description: 'Replaces what the body names. One that is archived is offered to nobody any more.',
    access: 'write',
    scope: write,
    http: `PUT ${path}/:id`,
    query: ['locationId'],
    input: Type.Object(
      {
        id: Id(),
        locationId: Id(),
        name: Type.Optional(properties.name),
        description: Type.Optional(properties.description),
        archived: Type.Optional(Type.Boolean()),
        resubscription_legal_form_id: properties.resubscription_legal_form_id,
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { id, locationId, ...changes }) {
      const row = await updateRecord(ctx.scope, messageSubtypes, id, ({ document }) => ({ ...document, ...changes }))
      return { subtype: toSubtype(row, locationId) }
    },
  }),
]
