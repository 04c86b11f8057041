import { Type } from 'typebox'
import { record, TO_USER } from '../../store/records/index.ts'
import { Choice, Free, Line, List, Optional, Shape, WireValues } from '../shapes.ts'

/** Longest e-mail address there is. */
const Email = () => Line(320)
const Phone = () => Line(40)
const Id = () => Line(64)
const Dnd = () =>
  Shape({ status: Choice('active', 'inactive', 'permanent'), message: Optional(Line(1000)), code: Optional(Line(100)) })
const InboundDnd = () => Shape({ status: Choice('active', 'inactive'), message: Optional(Line(1000)) })

/** wire/highlevel/contacts.json: GetContectByIdSchema, CreateContactDto. */
export const contacts = record({
  kind: 'contacts',
  label: 'Contact',
  noun: 'contact',
  scopes: { read: 'contacts.readonly', write: 'contacts.write' },
  schema: Type.Object(
    {
      firstName: Optional(Line(200)),
      lastName: Optional(Line(200)),
      email: Optional(Email()),
      phone: Optional(Phone()),
      additionalEmails: Optional(List(Email(), 50)),
      additionalPhones: Optional(List(Phone(), 50)),
      companyName: Optional(Line(300)),
      gender: Optional(Line(40)),
      address1: Optional(Line(300)),
      city: Optional(Line(200)),
      state: Optional(Line(200)),
      country: Optional(Line(2)),
      postalCode: Optional(Line(50)),
      website: Optional(Line(2000)),
      timezone: Optional(Line(100)),
      type: Line(40),
      source: Optional(Line(300)),
      dateOfBirth: Optional(Line(40)),
      tags: List(Line(200), 500),
      customFields: List(Shape({ id: Id(), value: Type.Unknown() }), 500),
      dnd: Type.Boolean(),
      dndSettings: Optional(
        Shape({
          Call: Optional(Dnd()),
          Email: Optional(Dnd()),
          SMS: Optional(Dnd()),
          WhatsApp: Optional(Dnd()),
          GMB: Optional(Dnd()),
          FB: Optional(Dnd()),
        }),
      ),
      inboundDndSettings: Optional(Shape({ all: Optional(InboundDnd()) })),
      assignedTo: Optional(Id()),
      followers: List(Id(), 200),
      businessId: Optional(Id()),
      attributionSource: Optional(Free()),
      lastAttributionSource: Optional(Free()),
      visitorId: Optional(Id()),
      externalId: Optional(Type.String({ maxLength: 200, description: 'What another program calls the contact.' })),
      properties: WireValues(),
    },
    { additionalProperties: false },
  ),
  search: ['firstName', 'lastName', 'email', 'phone', 'companyName', 'additionalEmails', 'additionalPhones'],
  exact: ['tags', 'assignedTo', 'followers', 'businessId', 'source', 'type', 'city', 'state', 'country', 'externalId'],
  counted: ['tags', 'assignedTo', 'followers', 'businessId', 'source', 'type', 'city', 'state', 'country'],
  refs: { businessId: { to: ['businesses'], gone: 'clear' }, assignedTo: TO_USER, followers: TO_USER },
  examples: [
    {
      firstName: 'Rosan',
      lastName: 'Deo',
      email: 'rosan@deo.example',
      phone: '+12025550142',
      companyName: 'Deo Ltd',
      city: 'Hudson',
      country: 'US',
      type: 'lead',
      source: 'Fair',
      tags: ['vip'],
      customFields: [],
      dnd: false,
      followers: [],
    },
    {
      firstName: 'Mina',
      lastName: 'Okafor',
      email: 'mina@okafor.example',
      type: 'customer',
      tags: [],
      customFields: [],
      dnd: true,
      followers: [],
    },
  ],
})
