import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Line, List, Optional, Shape, Text } from './shapes.ts'

/** What the key of a custom object begins with. */
export const CUSTOM = 'custom_objects.'

/**
 * wire/highlevel/objects.json: CreateCustomObjectSchemaDTO. What a custom object is called; its properties are assets
 * of their own (object-fields.ts). A standard object (contact, opportunity, business) is here once it was changed.
 */
export const objects = asset({
  kind: 'objects',
  label: 'Custom Object',
  noun: 'object',
  idFormat: 'hex24',
  scopes: { read: 'objects/schema.readonly', write: 'objects/schema.write' },
  schema: Type.Object({
    /** Room for more than is taken from a caller: a key may hold an id, which is longer where it travels. */
    key: Type.String({ minLength: 1, maxLength: 200 }),
    labels: Shape({ singular: Line(100), plural: Line(100) }),
    description: Optional(Text()),
    primaryDisplayProperty: Line(600),
    searchableProperties: Optional(List(Line(600), 200)),
    /** What the HubSpot wire says of it beside that: properties by their names, other objects by their keys. */
    wire: Optional(
      Shape({
        required: Optional(List(Line(200), 200)),
        secondary: Optional(List(Line(200), 200)),
        associated: Optional(List(Line(200), 200)),
      }),
    ),
  }),
  key: (object) => object.key,
  unique: 'key',
  title: (object) => object.labels.singular,
  examples: [
    {
      key: 'custom_objects.venue',
      labels: { singular: 'Venue', plural: 'Venues' },
      description: 'Where weddings are.',
      primaryDisplayProperty: 'custom_objects.venue.name',
      searchableProperties: ['custom_objects.venue.name'],
    },
  ],
})
