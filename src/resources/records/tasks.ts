import { Type } from 'typebox'
import { OF_CONTACT, record, TO_USER } from '../../store/record-resource.ts'
import { Line, Optional, Text } from '../shapes.ts'

/** wire/highlevel/contacts.json: TaskSchema. */
export const tasks = record({
  kind: 'tasks',
  label: 'Task',
  noun: 'task',
  scopes: { read: 'contacts.readonly', write: 'contacts.write' },
  schema: Type.Object(
    {
      contactId: Line(64),
      title: Line(500),
      body: Optional(Text()),
      assignedTo: Optional(Line(64)),
      dueDate: Line(40),
      completed: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
  search: ['title', 'body'],
  exact: ['assignedTo', 'completed'],
  refs: { ...OF_CONTACT, assignedTo: TO_USER },
  examples: [{ contactId: 'ocQHyuzHvysMo5N5VsXc', title: 'Send the price list', dueDate: '2026-10-25T11:00:00.000Z', completed: false }],
})
