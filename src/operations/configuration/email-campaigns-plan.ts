import { type Static, Type } from 'typebox'
import { contacts } from '../../resources/records/contacts.ts'
import { Shape } from '../../resources/shapes.ts'
import { tags } from '../../resources/tags.ts'
import { listAssetRows } from '../../store/assets/index.ts'
import { missingRecords } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { readMoment } from '../moments.ts'
import { Id } from '../schemas.ts'

const Short = (maxLength = 300) => Type.String({ maxLength })
const Flag = () => Type.Optional(Type.Boolean())
const Amount = (maximum = 1_000_000) => Type.Number({ minimum: 0, maximum })
export const Day = Type.Enum(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'])

/** highlevel-api-docs, apps/v3/emails-v3.json: ScheduleCampaignPublicV2BodyDto and what it is made of. */
export const Meta = Shape({
  subject: Type.String({ minLength: 1, maxLength: 1000 }),
  fromName: Type.String({ minLength: 1, maxLength: 300 }),
  fromEmail: Type.String({ minLength: 1, maxLength: 320 }),
  replyToAddress: Type.Optional(Short(320)),
  previewText: Type.Optional(Short(1000)),
  attachments: Type.Optional(Type.Array(Short(2000), { maxItems: 20 })),
})
export const Recipients = Shape({
  type: Type.Enum(['contact', 'tag', 'segment']),
  contactIds: Type.Optional(Type.Array(Id(), { maxItems: 5000 })),
  tagIds: Type.Optional(Type.Array(Id(), { maxItems: 500 })),
  segment: Type.Optional(
    Type.Enum([
      'engaged_last_7_days',
      'engaged_last_30_days',
      'engaged_last_60_days',
      'engaged_last_5_campaigns',
      'unengaged_last_5_campaigns',
    ]),
  ),
  freezeList: Flag(),
})
export const ScheduleConfig = Shape({
  sendAt: Type.Optional(Short(40)),
  batch: Type.Optional(
    Shape({
      batchSize: Amount(),
      interval: Amount(),
      intervalUnit: Type.Enum(['minutes', 'hours', 'days']),
      skipDays: Type.Optional(Type.Array(Day, { maxItems: 7 })),
      windowStart: Type.Optional(Short(20)),
      windowEnd: Type.Optional(Short(20)),
    }),
  ),
  tracking: Type.Optional(Shape({ clickTracking: Flag(), utmTracking: Flag() })),
  resend: Type.Optional(
    Shape({ enabled: Flag(), waitHours: Type.Optional(Amount()), subject: Type.Optional(Short(1000)) }),
  ),
  emailPreferenceId: Type.Optional(Short(100)),
})
export const RssConfig = Shape({
  name: Short(),
  rssFeedURL: Short(2000),
  repeatAfter: Type.Enum(['every_day', 'every_week', 'every_month']),
  repeatAfterTime: Short(20),
  rssFeedLimit: Type.Optional(Amount()),
  startAtDay: Type.Optional(Type.Enum(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])),
  startAtMonthDay: Type.Optional(Short(20)),
  firstExecutionDate: Type.Optional(Short(40)),
})
export const AbTest = Shape({
  testType: Type.Enum(['emailContent', 'subjectLine']),
  testDuration: Amount(1e9),
  variationCount: Amount(100),
  testSize: Amount(100),
  winningCriteria: Type.Enum(['openRate', 'clickRate']),
  variations: Type.Array(Shape({ subject: Type.Optional(Short(1000)), documentId: Type.Optional(Short(100)) }), {
    maxItems: 100,
  }),
})

interface Plan {
  scheduleType: string
  recipients: Static<typeof Recipients>
  scheduleConfig?: Static<typeof ScheduleConfig> | undefined
  rssConfig?: Static<typeof RssConfig> | undefined
}

/** What each kind of schedule needs, and ids that are nobody's. */
export async function faultsOfPlan(
  ctx: Context,
  { scheduleType, recipients, scheduleConfig: config, rssConfig }: Plan,
  timeZone: string,
): Promise<string[]> {
  const { type, contactIds = [], tagIds = [], segment } = recipients
  const named = { contact: contactIds.length > 0, tag: tagIds.length > 0, segment: segment !== undefined }[type]
  const list = { contact: 'contactIds', tag: 'tagIds', segment: 'segment' }[type]
  const needsMoment = ['scheduled', 'batch', 'smart_send'].includes(scheduleType)
  const isMoment = config?.sendAt !== undefined && readMoment(config.sendAt, timeZone) !== null
  const known = new Set(
    tagIds.length === 0
      ? []
      : (await listAssetRows(ctx.db, ctx.locationId, tags.kind, { ids: tagIds })).map(({ id }) => id),
  )
  return [
    ...(named ? [] : [`recipients.${list} should not be empty`]),
    ...(scheduleType === 'rss' && rssConfig === undefined ? ['rssConfig should not be empty'] : []),
    ...(scheduleType === 'batch' && config?.batch === undefined ? ['scheduleConfig.batch should not be empty'] : []),
    ...(needsMoment && !isMoment ? ['scheduleConfig.sendAt must be a date such as 2026-04-01 09:00 AM'] : []),
    ...(await missingRecords(ctx.db, contacts, ctx.locationId, contactIds)).map(
      (id) => `recipients.contactIds: there is no contact with the id ${id} in this location`,
    ),
    ...tagIds
      .filter((id) => !known.has(id))
      .map((id) => `recipients.tagIds: there is no tag with the id ${id} in this location`),
  ]
}
