import { Type } from 'typebox'
import { OF_CONTACT, record } from '../../store/records/index.ts'
import { Choice, Line, List, Optional, Shape } from '../shapes.ts'

const State = () => Choice('active', 'completed', 'removed')

/** A contact's way through a workflow or a campaign. One that was left stays: entering again is another enrolment. */
export const enrolments = record({
  kind: 'enrolments',
  label: 'Enrolment',
  noun: 'enrolment',
  scopes: { read: 'contacts.readonly', write: 'contacts.write' },
  schema: Type.Object(
    {
      contactId: Line(64),
      assetKind: Choice('workflows', 'campaigns'),
      assetId: Line(64),
      name: Line(500),
      state: State(),
      enteredAt: Line(40),
      eventStartTime: Optional(
        Type.String({ maxLength: 40, description: 'The event that relative waits of the workflow count from.' }),
      ),
      step: Optional(Type.String({ maxLength: 100, description: 'The step the contact stands at.' })),
      history: List(Shape({ state: State(), at: Line(40), step: Optional(Line(100)) }), 1000),
    },
    { additionalProperties: false },
  ),
  exact: ['assetId', 'state'],
  refs: OF_CONTACT,
  examples: [
    {
      contactId: 'ocQHyuzHvysMo5N5VsXc',
      assetKind: 'workflows',
      assetId: '0a9f3c1e-6f0e-4a57-9f0b-5c0f6cf0a111',
      name: 'Welcome',
      state: 'active',
      enteredAt: '2026-10-25T11:00:00.000Z',
      history: [{ state: 'active', at: '2026-10-25T11:00:00.000Z' }],
    },
  ],
})
