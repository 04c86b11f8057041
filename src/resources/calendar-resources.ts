import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Choice, Count, List, Name, Optional, Ref, Text } from './shapes.ts'

/** wire/highlevel/calendars.json: CreateCalendarResourceDTO. `calendarIds`: the service calendars that may book it. */
export const calendarResources = asset({
  kind: 'calendar_resources',
  label: 'Calendar Resource',
  noun: 'calendar resource',
  scopes: { read: 'calendars/resources.readonly', write: 'calendars/resources.write' },
  schema: Type.Object({
    name: Name(),
    resourceType: Choice('equipments', 'rooms'),
    isActive: Type.Boolean(),
    description: Optional(Text()),
    quantity: Optional(Count()),
    outOfService: Optional(Count()),
    capacity: Optional(Count()),
    calendarIds: List(Ref(), 100),
  }),
  key: (resource) => `${resource.resourceType}/${resource.name}`,
  refs: { 'calendarIds[]': 'calendars' },
  examples: [
    {
      name: 'Studio',
      resourceType: 'rooms',
      isActive: true,
      description: 'North light',
      capacity: 12,
      calendarIds: [],
    },
  ],
})
