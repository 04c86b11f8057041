import type { DemoAsset } from './asset.ts'

const DAYS = (amount: number) => ({ until: 'time', amount, unit: 'days' })

/** Steps of the follow-up but for its end. */
const FOLLOW_UP = [
  {
    id: 'stage',
    type: 'update_opportunity',
    pipelineId: '@{pipelines/sales}',
    stageId: '@{pipelines/sales#Proposal sent}',
    next: 'proposal',
  },
  { id: 'proposal', type: 'send_email', templateId: '@{templates/proposal}', next: 'wait' },
  { id: 'wait', type: 'wait', wait: DAYS(3), next: 'check' },
  {
    id: 'check',
    type: 'if_else',
    branches: [
      {
        id: 'booked',
        name: 'Booked',
        match: 'all',
        conditions: [
          {
            subject: 'opportunity',
            pipelineId: '@{pipelines/sales}',
            stageId: '@{pipelines/sales#Booked}',
            operator: 'is',
          },
        ],
        next: 'client',
      },
    ],
    next: 'remind',
  },
  { id: 'client', type: 'add_tag', tagIds: ['@{tags/client}'], next: 'unlead' },
  { id: 'unlead', type: 'remove_tag', tagIds: ['@{tags/lead}'], next: null },
]

/** Workflows of the template location. */
export const WORKFLOWS: DemoAsset[] = [
  {
    kind: 'workflows',
    ref: 'follow-up',
    document: {
      name: 'Follow up',
      status: 'published',
      trigger: { type: 'appointment', calendarId: '@{calendars/consultation}', appointmentStatus: 'showed' },
      steps: [...FOLLOW_UP, { id: 'remind', type: 'send_sms', templateId: '@{templates/reminder}', next: null }],
    },
    // An inquiry that goes quiet is followed up; a follow-up that fails begins again: two workflows that lead to each
    // other.
    later: {
      steps: [
        ...FOLLOW_UP,
        { id: 'remind', type: 'send_sms', templateId: '@{templates/reminder}', next: 'restart' },
        { id: 'restart', type: 'go_to', workflowId: '@{workflows/inquiry}', next: null },
      ],
    },
  },
  {
    kind: 'workflows',
    ref: 'inquiry',
    document: {
      name: 'New inquiry',
      status: 'published',
      trigger: {
        type: 'form_submitted',
        formId: '@{forms/inquiry}',
        match: 'all',
        conditions: [
          { subject: 'custom_field', customFieldId: '@{custom_fields/date}', operator: 'is_not_empty' },
          { subject: 'custom_value', customValueId: '@{custom_values/studio}', operator: 'is_not_empty' },
        ],
      },
      stopOnReply: true,
      steps: [
        { id: 'tag', type: 'add_tag', name: 'Tag as lead', tagIds: ['@{tags/lead}'], next: 'deal' },
        {
          id: 'deal',
          type: 'create_opportunity',
          pipelineId: '@{pipelines/sales}',
          stageId: '@{pipelines/sales#Inquiry}',
          opportunityName: '{{contact.name}}',
          opportunityStatus: 'open',
          next: 'text',
        },
        { id: 'text', type: 'send_sms', templateId: '@{templates/hello}', next: 'mail' },
        { id: 'mail', type: 'send_email', emailTemplateId: '@{email_templates/welcome}', next: 'wait' },
        {
          id: 'wait',
          type: 'wait',
          wait: { until: 'click', triggerLinkId: '@{trigger_links/prices}', timeout: { amount: 3, unit: 'days' } },
          next: 'split',
        },
        {
          id: 'split',
          type: 'if_else',
          branches: [
            {
              id: 'big',
              name: 'Whole weekend',
              match: 'any',
              conditions: [
                {
                  subject: 'custom_field',
                  customFieldId: '@{custom_fields/package}',
                  operator: 'is',
                  value: 'Weekend',
                },
                { subject: 'tag', tagId: '@{tags/vip}', operator: 'has' },
              ],
              next: 'call',
            },
            {
              id: 'clicked',
              name: 'Saw the prices',
              match: 'all',
              conditions: [{ subject: 'link', triggerLinkId: '@{trigger_links/prices}', operator: 'is' }],
              next: 'book',
            },
          ],
          next: 'nurture',
        },
        {
          id: 'call',
          type: 'create_task',
          task: {
            title: 'Call {{contact.name}}',
            body: 'Budget: {{contact.budget}}',
            dueIn: { amount: 1, unit: 'days' },
          },
          next: 'book',
        },
        { id: 'book', type: 'send_booking_link', calendarId: '@{calendars/consultation}', next: 'follow' },
        { id: 'nurture', type: 'add_to_campaign', campaignId: '@{campaigns/nurture}', next: null },
        { id: 'follow', type: 'go_to', workflowId: '@{workflows/follow-up}', next: null },
      ],
    },
  },
  {
    kind: 'workflows',
    ref: 'review',
    document: {
      name: 'Gallery and review',
      status: 'draft',
      trigger: {
        type: 'pipeline_stage_changed',
        pipelineId: '@{pipelines/production}',
        stageId: '@{pipelines/production#Delivered}',
      },
      steps: [
        { id: 'mail', type: 'send_email', emailTemplateId: '@{email_templates/gallery}', next: 'field' },
        { id: 'field', type: 'update_field', customFieldId: '@{custom_fields/rating}', value: '0', next: 'hook' },
        {
          id: 'hook',
          type: 'webhook',
          webhook: {
            method: 'POST',
            url: 'https://hooks.northlight.example/delivered',
            headers: [{ name: 'x-studio', value: '{{ custom_values.studio_name }}' }],
            body: { survey: '@{surveys/feedback}', location: '@{location}' },
          },
          next: 'wait',
        },
        {
          id: 'wait',
          type: 'wait',
          wait: { until: 'click', triggerLinkId: '@{trigger_links/review}', timeout: { amount: 2, unit: 'weeks' } },
          next: 'again',
        },
        { id: 'again', type: 'go_to', workflowId: '@{workflows/follow-up}', next: null },
      ],
    },
  },
]
