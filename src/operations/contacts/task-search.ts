import { Type } from 'typebox'
import { contacts } from '../../resources/records/contacts.ts'
import { tasks } from '../../resources/records/tasks.ts'
import {
  allOf,
  anyOf,
  byCreation,
  type Condition,
  equals,
  hasTerm,
  isOneOf,
  matchesWords,
  pageRecords,
  refersTo,
} from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { ofThisWire } from '../other-wire.ts'
import { Id, Limit, Noun, Skip } from '../schemas.ts'

const properties = ofThisWire(tasks.schema.properties)
const FoundTask = Noun('FoundTask', {
  _id: Type.String(),
  id: Type.String(),
  locationId: Type.String(),
  ...properties,
  dateAdded: Type.String(),
  dateUpdated: Type.String(),
})

/** wire/highlevel/locations.json: get-location-tasks. */
export const taskSearchOperations = [
  operation({
    category: 'Contacts',
    token: 'either',
    name: 'tasks.search',
    kind: 'trigger',
    title: 'Task Search Filter',
    description: 'The tasks of a location that meet all that is asked, newest first.',
    access: 'read',
    scope: ['locations/tasks.readonly', 'locations/tasks.write'],
    http: 'POST /locations/:locationId/tasks/search',
    input: Type.Object(
      {
        locationId: Id(),
        contactId: Type.Optional(Type.Array(Id(), { maxItems: 500 })),
        completed: Type.Optional(Type.Boolean()),
        assignedTo: Type.Optional(Type.Array(Id(), { maxItems: 200 })),
        query: Type.Optional(Type.String({ maxLength: 500, description: 'Words of title and body.' })),
        businessId: Type.Optional(Id('Of the contact.')),
        limit: Limit(25, 500),
        skip: Skip(),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ tasks: Type.Array(FoundTask), total: Type.Integer(), traceId: Type.String() }),
    async run(ctx, { locationId, contactId, completed, assignedTo, query = '', businessId, limit = 25, skip }) {
      const words = matchesWords(locationId, query)
      const term = (field: string, value: string) => hasTerm(locationId, field, value) as Condition
      const where = allOf([
        ...(contactId === undefined ? [] : [isOneOf('contactId', contactId)]),
        ...(completed === undefined ? [] : [term('completed', String(completed))]),
        ...(assignedTo === undefined ? [] : [anyOf(assignedTo.map((id) => term('assignedTo', id)))]),
        ...(assignedTo === undefined ? [] : [isOneOf('assignedTo', assignedTo)]),
        ...(words === null ? [] : [words]),
        ...(businessId === undefined
          ? []
          : [
              refersTo(
                'contactId',
                contacts,
                locationId,
                allOf([term('businessId', businessId), equals('businessId', businessId)]),
              ),
            ]),
      ])
      const order = [byCreation('desc')]
      const { records, total } = await pageRecords(ctx.db, tasks, locationId, { where, order, limit, skip })
      const found = records.map(({ id, document, createdAt, updatedAt }) => ({
        _id: id,
        id,
        locationId,
        ...ofThisWire(document),
        dateAdded: createdAt.toISOString(),
        dateUpdated: updatedAt.toISOString(),
      }))
      return { tasks: found as never, total, traceId: ctx.traceId }
    },
  }),
]
