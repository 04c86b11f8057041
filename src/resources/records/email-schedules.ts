import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Choice, Free, Line, List, Markup, Optional } from '../shapes.ts'

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

/** What is written, and by whom: as v3 of the wire has it. */
export const LETTER = {
  editorType: Optional(Choice('html', 'builder', 'text')),
  editorContent: Optional(Markup()),
  subject: Optional(Line(1000)),
  previewText: Optional(Line(1000)),
  fromName: Optional(Line(300)),
  fromEmail: Optional(Line(320)),
  replyToAddress: Optional(Line(320)),
  timeZone: Optional(Line(100)),
  userId: Optional(Line(64)),
  userName: Optional(Line(300)),
}

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
      ...LETTER,
      /** Whom it goes to, and when: as v3 takes it, for whoever delivers it. */
      schedule: Optional(Free()),
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
