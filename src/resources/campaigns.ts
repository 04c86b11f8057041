import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Choice, Count, Line, List, Markup, Name, Optional, PartId, PartRef, Ref, Refs, Shape, Text } from './shapes.ts'

/** One message of the series. */
const Event = () =>
  Shape({
    id: Optional(PartId()),
    name: Optional(Line()),
    type: Choice('sms', 'email', 'call', 'voicemail', 'wait', 'task'),
    templateId: Optional(Ref()),
    emailTemplateId: Optional(Ref()),
    subject: Optional(Line(1000)),
    body: Optional(Markup()),
    delay: Optional(Shape({ amount: Count(), unit: Choice('minutes', 'hours', 'days', 'weeks') })),
    window: Optional(Shape({ days: List(Count(6), 7), from: Line(5), to: Line(5) })),
    tagIds: Optional(Refs()),
    replyGoToEventId: Optional(PartRef('Where a reply leads.')),
    userIds: Optional(List(Type.String({ minLength: 1, maxLength: 64 }), 100)),
  })

/**
 * HighLevel only lists campaigns (wire/highlevel/campaigns.json); what is inside them is modelled after its campaign
 * editor.
 */
export const campaigns = asset({
  kind: 'campaigns',
  label: 'Campaign',
  noun: 'campaign',
  scopes: { read: 'campaigns.readonly', write: 'campaigns.write' },
  schema: Type.Object({
    name: Name(),
    description: Optional(Text()),
    status: Optional(Choice('draft', 'published')),
    tagIds: Optional(Refs()),
    events: Optional(List(Event(), 300)),
    nextCampaignId: Optional(Ref('Campaign that follows when this one has ended.')),
    stopOnReply: Optional(Type.Boolean()),
    workflowId: Optional(Ref('Workflow that a reply starts.')),
    window: Optional(Shape({ days: List(Count(6), 7), from: Line(5), to: Line(5) })),
  }),
  refs: {
    'tagIds[]': 'tags',
    'events[].templateId': 'templates',
    'events[].emailTemplateId': 'email_templates',
    'events[].tagIds[]': 'tags',
    nextCampaignId: 'campaigns',
    workflowId: 'workflows',
  },
  parts: { events: 'id20' },
  partRefs: { 'events[].replyGoToEventId': 'campaigns' },
  steps: { list: 'events', pointers: ['events[].replyGoToEventId'], next: [] },
  together: [
    ['events[].type', 'events[].templateId', 'events[].emailTemplateId', 'events[].subject', 'events[].body'],
    ['events[].delay.amount', 'events[].delay.unit'],
  ],
  local: { status: { initial: 'draft' }, 'events[].userIds': {} },
  examples: [
    {
      name: 'After the fair',
      events: [
        { id: 'hello', type: 'email', subject: 'Good to meet you', body: '<p>Hello!</p>' },
        { id: 'remind', type: 'sms', body: 'Still thinking about it?', delay: { amount: 2, unit: 'days' } },
      ],
      stopOnReply: true,
    },
  ],
})
