import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Choice, Line, List, Optional } from '../shapes.ts'

const Id = () => Line(64)

/** Languages of the hosted platform. */
export const LANGUAGES = [
  'en_US',
  'es',
  'fr_CA',
  'fr_FR',
  'nl',
  'de',
  'pt_PT',
  'pt_BR',
  'it',
  'sv',
  'da',
  'fi',
  'no',
] as const

/**
 * wire/highlevel/users.json: UserSchema. People belong to an agency and work in some of its locations, so their records
 * stand under the agency's id where those of other kinds stand under a location's. Passwords are no part of the record.
 */
export const users = record({
  kind: 'users',
  label: 'User',
  noun: 'user',
  scopes: { read: 'users.readonly', write: 'users.write' },
  schema: Type.Object(
    {
      firstName: Line(200),
      lastName: Line(200),
      email: Line(320),
      phone: Optional(Line(40)),
      type: Choice('account', 'agency'),
      role: Choice('admin', 'user'),
      locationIds: List(Id(), 1000),
      permissions: Optional(Type.Record(Type.String({ maxLength: 100 }), Type.Boolean(), { maxProperties: 100 })),
      scopes: Optional(List(Line(100), 300)),
      scopesAssignedToOnly: Optional(List(Line(100), 300)),
      profilePhoto: Optional(Line(2000)),
      twilioPhone: Optional(Type.Record(Type.String({ maxLength: 64 }), Line(40), { maxProperties: 1000 })),
      platformLanguage: Optional(Type.Enum([...LANGUAGES])),
    },
    { additionalProperties: false },
  ),
  search: ['firstName', 'lastName', 'email', 'phone'],
  exact: ['email', 'locationIds', 'type', 'role'],
  refs: { locationIds: { to: ['locations'], gone: 'clear' } },
  examples: [
    {
      firstName: 'Ada',
      lastName: 'Byron',
      email: 'ada@studio.example',
      type: 'account',
      role: 'admin',
      locationIds: ['ve9EPM428h8vShlRW1KT'],
    },
    {
      firstName: 'Grace',
      lastName: 'Hopper',
      email: 'grace@studio.example',
      phone: '+12025550107',
      type: 'agency',
      role: 'user',
      locationIds: [],
    },
  ],
})
