import { Type } from 'typebox'
import { OF_CONTACT, record, TO_USER } from '../../store/records/index.ts'
import { Line, Optional, Text, WireValues } from '../shapes.ts'

/** wire/highlevel/contacts.json: TaskSchema. */
export const tasks = record({
  kind: 'tasks',
  label: 'Task',
  noun: 'task',
  scopes: { read: 'contacts.readonly', write: 'contacts.write' },
  schema: Type.Object(
    {
      /** One that recurs may be nobody's. */
      contactId: Optional(Line(64)),
      title: Line(500),
      body: Optional(Text(65_536)),
      assignedTo: Optional(Line(64)),
      dueDate: Line(40),
      completed: Type.Boolean(),
      recurringTaskId: Optional(Line(64)),
      properties: WireValues(),
    },
    { additionalProperties: false },
  ),
  search: ['title', 'body'],
  exact: ['assignedTo', 'completed', 'recurringTaskId'],
  refs: { ...OF_CONTACT, assignedTo: TO_USER },
  examples: [
    {
      contactId: 'ocQHyuzHvysMo5N5VsXc',
      title: 'Send the price list',
      dueDate: '2026-10-25T11:00:00.000Z',
      completed: false,
    },
  ],
})
