import { Type } from 'typebox'
import { OF_CONTACT, record } from '../../store/record-resource.ts'
import { Line, Optional, Text } from '../shapes.ts'

/** wire/highlevel/contacts.json: GetNoteSchema. */
export const notes = record({
  kind: 'notes',
  label: 'Note',
  noun: 'note',
  scopes: { read: 'contacts.readonly', write: 'contacts.write' },
  schema: Type.Object(
    {
      contactId: Line(64),
      userId: Optional(Line(64)),
      title: Optional(Line(300)),
      body: Text(),
      color: Optional(Line(40)),
      pinned: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
  search: ['title', 'body'],
  refs: OF_CONTACT,
  examples: [{ contactId: 'ocQHyuzHvysMo5N5VsXc', title: 'First call', body: 'Prefers to be called in the morning.', pinned: false }],
})
