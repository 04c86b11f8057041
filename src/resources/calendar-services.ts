import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Choice, Count, Line, List, Name, Optional, PartId, Ref, Shape, Text, Url } from './shapes.ts'

const Unit = () => Choice('mins', 'hours')
const Payment = () =>
  Shape({
    amount: Optional(Count(1_000_000_000)),
    deposit: Optional(Count(1_000_000_000)),
    depositType: Optional(Choice('percentage', 'amount')),
  })
/** How long it takes, and what is kept free around it: a service may say so, and each of its variations. */
const times = () => ({
  serviceDuration: Optional(Count()),
  serviceDurationUnit: Optional(Unit()),
  preBuffer: Optional(Count()),
  preBufferUnit: Optional(Unit()),
  postBuffer: Optional(Count()),
  postBufferUnit: Optional(Unit()),
  payment: Optional(Payment()),
})
const together = (at = '') =>
  ['serviceDuration', 'preBuffer', 'postBuffer'].map((name) => [`${at}${name}`, `${at}${name}Unit`])

/**
 * HighLevel's documents of v3 (highlevel-api-docs, apps/v3/calendars-v3.json): ServiceResponseDTO. They name categories
 * of services and no line that makes one: here it is a calendar group. The slug is what booking links are made of.
 */
export const calendarServices = asset({
  kind: 'calendar_services',
  label: 'Service',
  noun: 'service',
  scopes: { read: 'calendars.readonly', write: 'calendars.write' },
  schema: Type.Object({
    name: Name(),
    slug: Type.String({ minLength: 1, maxLength: 200 }),
    description: Optional(Text()),
    eventColor: Optional(Line(40)),
    coverImage: Optional(Url()),
    serviceCategoryId: Optional(Ref()),
    ...times(),
    isPrivate: Optional(Type.Boolean()),
    formId: Optional(Ref()),
    variations: Optional(List(Shape({ id: Optional(PartId()), name: Name(), ...times() }), 50)),
    staff: Optional(List(Shape({ id: Line(64) }))),
  }),
  key: (service) => service.slug,
  unique: 'slug',
  refs: { serviceCategoryId: 'calendar_groups', formId: 'forms' },
  parts: { variations: 'id20' },
  // A number without its unit is another length of time.
  together: [...together(), ...together('variations[].')],
  // Users are the location's own.
  local: { staff: {} },
  examples: [
    {
      name: 'Portrait',
      slug: 'portrait',
      serviceDuration: 60,
      serviceDurationUnit: 'mins',
      postBuffer: 15,
      postBufferUnit: 'mins',
      payment: { amount: 120 },
      variations: [{ name: 'With a make-up artist', serviceDuration: 2, serviceDurationUnit: 'hours' }],
    },
  ],
})
