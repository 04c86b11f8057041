import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Line, Name, Optional, Text } from './shapes.ts'

/** wire/highlevel/calendars.json: GroupDTO. The slug is what booking links are made of, so it identifies the group. */
export const calendarGroups = asset({
  kind: 'calendar_groups',
  label: 'Calendar Group',
  noun: 'calendar group',
  scopes: { read: 'calendars/groups.readonly', write: 'calendars/groups.write' },
  schema: Type.Object({
    name: Name(),
    description: Text(),
    slug: Type.String({ minLength: 1, maxLength: 200 }),
    isActive: Optional(Type.Boolean()),
    coverImage: Optional(Line(2000)),
  }),
  key: (group) => group.slug,
  unique: 'slug',
  examples: [{ name: 'Consultations', description: 'First meetings', slug: 'consultations', isActive: true }],
})
