import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Choice, Line, Name, Optional, Url } from './shapes.ts'

/**
 * HighLevel's documents of v3 (highlevel-api-docs, apps/v3/calendars-v3.json): ServiceLocationResponseDTO, where
 * services are given. It is no sub-account. The slug is what booking links are made of.
 */
export const serviceLocations = asset({
  kind: 'service_locations',
  label: 'Service Location',
  noun: 'service location',
  scopes: { read: 'calendars.readonly', write: 'calendars.write' },
  schema: Type.Object({
    name: Name(),
    slug: Type.String({ minLength: 1, maxLength: 200 }),
    phone: Optional(Line(40)),
    address: Optional(Line(2000)),
    coverImage: Optional(Url()),
    locationType: Optional(Choice('offline', 'ask_booker')),
    isActive: Optional(Type.Boolean()),
    isPrivate: Optional(Type.Boolean()),
  }),
  key: (place) => place.slug,
  unique: 'slug',
  // What the address is depends on it: where to come, or what the booker is asked.
  together: [['locationType', 'address']],
  examples: [
    { name: 'Studio', slug: 'studio', locationType: 'offline', address: '12 Warren Street, Hudson', isActive: true },
  ],
})
