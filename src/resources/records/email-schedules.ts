import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Choice, Line, List, Optional } from '../shapes.ts'

/** wire/highlevel/emails.json: fetch-campaigns. */
export const SCHEDULE_STATES = [
  'active',
  'pause',
  'complete',
  'cancelled',
  'retry',
  'draft',
  'resend-scheduled',
] as const

export const EMAIL_STATES = [
  'not-started',
  'paused',
  'cancelled',
  'processing',
  'resumed',
  'next-drip',
  'complete',
  'success',
  'error',
  'waiting',
  'queued',
  'queueing',
  'reading',
  'scheduled',
] as const

/** ScheduleDto: an e-mail that goes to many, when and how often. Whoever delivers it keeps its state. */
export const emailSchedules = record({
  kind: 'email_schedules',
  label: 'E-mail Campaign',
  noun: 'schedule',
  scopes: { read: 'emails/schedule.readonly', write: 'emails/schedule.write' },
  schema: Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 300 }),
      status: Choice(...SCHEDULE_STATES),
      emailStatus: Choice(...EMAIL_STATES),
      campaignType: Choice('email', 'folder'),
      parentId: Optional(Line(64)),
      templateId: Optional(Line(100)),
      templateType: Optional(Line(40)),
      repeatAfter: Optional(Line(40)),
      sendDays: List(Line(10), 7),
      archived: Type.Boolean(),
      hasTracking: Type.Boolean(),
      isPlainText: Type.Boolean(),
      hasUtmTracking: Type.Boolean(),
      enableResendToUnopened: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
  search: ['name'],
  exact: ['status', 'emailStatus', 'campaignType', 'parentId', 'archived'],
  refs: { parentId: { to: ['email_schedules'], gone: 'clear' } },
  examples: [
    {
      name: 'Black Friday Campaign',
      status: 'active',
      emailStatus: 'complete',
      campaignType: 'email',
      templateId: 'yWQobCRIhRguQtD2llvk',
      templateType: 'html',
      repeatAfter: '0',
      sendDays: ['FR'],
      archived: false,
      hasTracking: true,
      isPlainText: false,
      hasUtmTracking: false,
      enableResendToUnopened: false,
    },
  ],
})
