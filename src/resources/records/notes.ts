import { Type } from 'typebox'
import { record } from '../../store/record-resource.ts'
import { Line, Optional, Text } from '../shapes.ts'

/** wire/highlevel/contacts.json: GetNoteSchema. */
export const notes = record({
  kind: 'notes',
  label: 'Note',
  noun: 'note',
  scopes: { read: 'contacts.readonly', write: 'contacts.write' },
  schema: Type.Object(
    { contactId: Line(64), userId: Optional(Line(64)), body: Text(), color: Optional(Line(40)), pinned: Type.Boolean() },
    { additionalProperties: false },
  ),
  search: ['body'],
  examples: [{ contactId: 'ocQHyuzHvysMo5N5VsXc', body: 'Prefers to be called in the morning.', pinned: false }],
})
