import { Type } from 'typebox'
import { record, TO_USER } from '../../store/records/index.ts'
import { Choice, Count, Line, List, Optional, Shape, Text } from '../shapes.ts'

/** wire/highlevel/locations.json: CustomRRulesOptions. */
export const RuleOptions = () =>
  Shape({
    intervalType: Choice('yearly', 'monthly', 'weekly', 'daily', 'hourly'),
    interval: Type.Integer({ minimum: 1, maximum: 1000 }),
    startDate: Line(40),
    endDate: Optional(Line(40)),
    dayOfMonth: Optional(Type.Integer({ minimum: -1, maximum: 31 })),
    dayOfWeek: Optional(Choice('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')),
    monthOfYear: Optional(Type.Integer({ minimum: 1, maximum: 12 })),
    count: Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    createTaskIfOverDue: Optional(
      Type.Boolean({ description: 'False: none is made while the one before is late. Default true.' }),
    ),
    dueAfterSeconds: Count(316_224_000),
  })

/** RecurringTaskSchema: makes a task for each of its contacts whenever its time has come. */
export const recurringTasks = record({
  kind: 'recurring_tasks',
  label: 'Recurring Task',
  noun: 'recurring task',
  scopes: { read: 'recurring-tasks.readonly', write: 'recurring-tasks.write' },
  schema: Type.Object(
    {
      title: Line(500),
      description: Text(),
      contactIds: List(Line(64), 50),
      owners: List(Line(64), 10),
      rruleOptions: RuleOptions(),
      totalOccurrence: Count(1e9),
      /** When the next is due to be made; none when it is over. */
      nextAt: Optional(Line(40)),
    },
    { additionalProperties: false },
  ),
  search: ['title', 'description'],
  exact: ['contactIds', 'owners'],
  refs: { contactIds: { to: ['contacts'], gone: 'clear' }, owners: TO_USER },
  examples: [
    {
      title: 'Ask how it goes',
      description: '',
      contactIds: ['ocQHyuzHvysMo5N5VsXc'],
      owners: [],
      rruleOptions: {
        intervalType: 'monthly',
        interval: 1,
        startDate: '2026-10-25T11:00:00.000Z',
        dayOfMonth: 25,
        dueAfterSeconds: 86_400,
      },
      totalOccurrence: 0,
    },
  ],
})
