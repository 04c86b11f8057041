import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Free, Line, Optional, Shape, Text, WireValues } from '../shapes.ts'

const Writer = () => Shape({ source: Line(40), id: Line(64) })

/** wire/highlevel/businesses.json: BusinessDto. It leaves `createdBy` and `updatedBy` open. */
export const businesses = record({
  kind: 'businesses',
  label: 'Business',
  noun: 'business',
  idFormat: 'hex24',
  scopes: { read: 'businesses.readonly', write: 'businesses.write' },
  schema: Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 300 }),
      phone: Optional(Line(40)),
      email: Optional(Line(320)),
      website: Optional(Line(2000)),
      address: Optional(Line(300)),
      city: Optional(Line(200)),
      state: Optional(Line(200)),
      postalCode: Optional(Line(50)),
      country: Optional(Line(100)),
      description: Optional(Text()),
      /** Values of fields that a location has given to its businesses, by their keys. */
      customProperties: Optional(Free()),
      properties: WireValues(),
      createdBy: Writer(),
      updatedBy: Writer(),
    },
    { additionalProperties: false },
  ),
  // What the HubSpot wire keeps beside is looked for there, as the domain.
  search: ['name', 'email', 'phone', 'website', 'properties'],
  exact: ['name', 'email'],
  examples: [
    {
      name: 'Deo Ltd',
      email: 'office@deo.example',
      city: 'Hudson',
      createdBy: { source: 'token', id: 'demo' },
      updatedBy: { source: 'token', id: 'demo' },
    },
  ],
})
