import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Choice, Count, Line, List, Name, Optional, PartId, Ref, Refs, Shape, Text } from './shapes.ts'
import { Condition, STEP_PART_REFS, STEP_REFS, WORKFLOW_TOGETHER, WorkflowStep } from './workflow-steps.ts'

/** What starts a workflow. */
const Trigger = () =>
  Shape({
    type: Choice(
      'form_submitted',
      'survey_submitted',
      'contact_created',
      'contact_changed',
      'contact_tag',
      'custom_field_changed',
      'opportunity_created',
      'pipeline_stage_changed',
      'opportunity_status_changed',
      'appointment',
      'customer_replied',
      'trigger_link_clicked',
      'campaign_finished',
      'inbound_webhook',
      'birthday',
      'date_reminder',
      'manual',
    ),
    name: Optional(Line()),
    formId: Optional(Ref()),
    surveyId: Optional(Ref()),
    tagIds: Optional(Refs()),
    customFieldId: Optional(Ref()),
    pipelineId: Optional(Ref()),
    stageId: Optional(PartId()),
    calendarId: Optional(Ref()),
    triggerLinkId: Optional(Ref()),
    campaignId: Optional(Ref()),
    appointmentStatus: Optional(Choice('new', 'confirmed', 'cancelled', 'showed', 'noshow', 'rescheduled')),
    keywords: Optional(List(Line(200), 100)),
    match: Optional(Choice('all', 'any')),
    conditions: Optional(List(Condition(), 100)),
  })

/**
 * HighLevel only lists workflows (wire/highlevel/workflows.json); trigger and steps are modelled after its workflow
 * builder.
 */
export const workflows = asset({
  kind: 'workflows',
  label: 'Workflow',
  noun: 'workflow',
  idFormat: 'uuid',
  scopes: { read: 'workflows.readonly', write: 'workflows.write' },
  schema: Type.Object({
    name: Name(),
    description: Optional(Text()),
    status: Optional(Choice('draft', 'published')),
    trigger: Optional(Trigger()),
    steps: Optional(List(WorkflowStep(), 500)),
    allowReentry: Optional(Type.Boolean()),
    stopOnReply: Optional(Type.Boolean()),
    window: Optional(Shape({ days: List(Count(6), 7), from: Line(5), to: Line(5) })),
    timezone: Optional(Choice('account', 'contact')),
    senderName: Optional(Line(200)),
    senderEmail: Optional(Line(320)),
  }),
  refs: {
    'trigger.formId': 'forms',
    'trigger.surveyId': 'surveys',
    'trigger.tagIds[]': 'tags',
    'trigger.customFieldId': 'custom_fields',
    'trigger.pipelineId': 'pipelines',
    'trigger.calendarId': 'calendars',
    'trigger.triggerLinkId': 'trigger_links',
    'trigger.campaignId': 'campaigns',
    ...STEP_REFS,
  },
  parts: { steps: 'uuid', 'steps[].branches': 'uuid' },
  partRefs: { 'trigger.stageId': 'pipelines', ...STEP_PART_REFS },
  steps: {
    list: 'steps',
    pointers: ['steps[].next', 'steps[].branches[].next', 'steps[].goToStepId'],
    next: ['next', 'goToStepId'],
  },
  together: WORKFLOW_TOGETHER,
  // Whether it runs and who does the work is the location's own.
  local: { status: { initial: 'draft' }, 'steps[].userIds': {}, 'steps[].assignedTo': {} },
  examples: [
    {
      name: 'Ask for a review',
      status: 'draft',
      trigger: { type: 'manual' },
      steps: [
        {
          id: 'wait',
          type: 'wait',
          name: 'Three days',
          wait: { until: 'time', amount: 3, unit: 'days' },
          next: 'check',
        },
        {
          id: 'check',
          type: 'if_else',
          branches: [
            {
              id: 'mail',
              name: 'Has e-mail',
              match: 'all',
              conditions: [{ subject: 'contact', operator: 'is_not_empty', field: 'email' }],
              next: 'send',
            },
          ],
          next: 'task',
        },
        { id: 'send', type: 'send_email', subject: 'How was it?', body: '<p>Tell us.</p>', next: null },
        {
          id: 'task',
          type: 'create_task',
          task: { title: 'Call {{contact.name}}', dueIn: { amount: 1, unit: 'days' } },
          next: null,
        },
      ],
      allowReentry: false,
    },
  ],
})
