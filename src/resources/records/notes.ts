import { Type } from 'typebox'
import { OF_CONTACT, record } from '../../store/records/index.ts'
import { Line, Optional, Text, WireValues } from '../shapes.ts'

/** wire/highlevel/contacts.json: GetNoteSchema. */
export const notes = record({
  kind: 'notes',
  label: 'Note',
  noun: 'note',
  scopes: { read: 'contacts.readonly', write: 'contacts.write' },
  schema: Type.Object(
    {
      /** One that the HubSpot wire makes may be nobody's. */
      contactId: Optional(Line(64)),
      userId: Optional(Line(64)),
      title: Optional(Line(300)),
      body: Text(65_536),
      color: Optional(Line(40)),
      pinned: Type.Boolean(),
      properties: WireValues(),
    },
    { additionalProperties: false },
  ),
  search: ['title', 'body'],
  refs: OF_CONTACT,
  examples: [
    {
      contactId: 'ocQHyuzHvysMo5N5VsXc',
      title: 'First call',
      body: 'Prefers to be called in the morning.',
      pinned: false,
    },
  ],
})
