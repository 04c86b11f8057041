import { Type } from 'typebox'
import {
  Choice,
  Count,
  Free,
  Line,
  List,
  Markup,
  Optional,
  PartId,
  PartRef,
  Ref,
  Refs,
  Shape,
  Text,
  Url,
  when,
} from './shapes.ts'

const Amount = () => Shape({ amount: Count(), unit: Choice('minutes', 'hours', 'days', 'weeks', 'months') })

/** What a branch, or a trigger, asks of a contact. */
export const Condition = () =>
  Shape({
    subject: Choice(
      'contact',
      'custom_field',
      'custom_value',
      'tag',
      'opportunity',
      'appointment',
      'form',
      'link',
      'email_event',
      'time',
    ),
    operator: Choice(
      'is',
      'is_not',
      'contains',
      'does_not_contain',
      'is_empty',
      'is_not_empty',
      'greater_than',
      'less_than',
      'has',
      'has_not',
      'before',
      'after',
    ),
    field: Optional(Line(200)),
    value: Optional(Line(2000)),
    customFieldId: Optional(Ref()),
    customValueId: Optional(Ref()),
    tagId: Optional(Ref()),
    pipelineId: Optional(Ref()),
    stageId: Optional(PartId()),
    calendarId: Optional(Ref()),
    formId: Optional(Ref()),
    formFieldId: Optional(PartId()),
    triggerLinkId: Optional(Ref()),
  })

const CONDITION_REFS = {
  customFieldId: 'custom_fields',
  customValueId: 'custom_values',
  tagId: 'tags',
  pipelineId: 'pipelines',
  calendarId: 'calendars',
  formId: 'forms',
  triggerLinkId: 'trigger_links',
}
const CONDITION_PART_REFS = { stageId: 'pipelines', formFieldId: 'forms' }

/** The same references under another path. */
const under = (path: string, refs: Record<string, string>) =>
  Object.fromEntries(Object.entries(refs).map(([name, kind]) => [`${path}.${name}`, kind]))

const Branch = () =>
  Shape({
    id: Optional(PartId()),
    name: Optional(Line()),
    match: Optional(Choice('all', 'any')),
    conditions: Optional(List(Condition(), 100)),
    next: Optional(PartRef('First step of the branch.')),
  })

const Wait = () =>
  Shape({
    until: Choice('time', 'date', 'reply', 'click', 'appointment', 'condition'),
    amount: Optional(Count()),
    unit: Optional(Choice('minutes', 'hours', 'days', 'weeks', 'months')),
    date: Optional(Line(100)),
    customFieldId: Optional(Ref('A date field: wait until then.')),
    triggerLinkId: Optional(Ref()),
    calendarId: Optional(Ref()),
    conditions: Optional(List(Condition(), 100)),
    timeout: Optional(Amount()),
    window: Optional(Shape({ days: List(Count(6), 7), from: Line(5), to: Line(5) })),
  })

/** Step types of HighLevel's workflow builder that configuration can carry. */
const StepType = () =>
  Choice(
    'wait',
    'if_else',
    'add_tag',
    'remove_tag',
    'update_field',
    'update_custom_value',
    'send_email',
    'send_sms',
    'create_opportunity',
    'update_opportunity',
    'create_task',
    'add_note',
    'add_to_campaign',
    'remove_from_campaign',
    'go_to',
    'remove_from_workflow',
    'webhook',
    'assign_user',
    'notify',
    'send_booking_link',
    'go_to_step',
    'end',
  )

/**
 * One step. Steps are a flat array and form a tree (or, with `go_to_step`, a graph) through `next` and the branches;
 * `next` is null or absent where it ends. `if_else` goes to the first branch that matches, else to `next`.
 */
export const WorkflowStep = () =>
  Shape(
    {
      id: Optional(PartId()),
      type: StepType(),
      name: Optional(Line()),
      next: Optional(PartRef()),
      branches: Optional(List(Branch(), 50)),
      wait: Optional(Wait()),
      tagIds: Optional(Refs()),
      customFieldId: Optional(Ref()),
      customValueId: Optional(Ref()),
      field: Optional(Line(200)),
      value: Optional(Text()),
      fields: Optional(List(Shape({ customFieldId: Ref(), value: Optional(Text()) }))),
      templateId: Optional(Ref('A text or e-mail snippet.')),
      emailTemplateId: Optional(Ref()),
      subject: Optional(Line(1000)),
      body: Optional(Markup()),
      fromName: Optional(Line(200)),
      fromEmail: Optional(Line(320)),
      triggerLinkId: Optional(Ref()),
      calendarId: Optional(Ref()),
      pipelineId: Optional(Ref()),
      stageId: Optional(PartId()),
      opportunityName: Optional(Line()),
      opportunityStatus: Optional(Choice('open', 'won', 'lost', 'abandoned')),
      monetaryValue: Optional(Type.Number({ minimum: -1e12, maximum: 1e12 })),
      task: Optional(Shape({ title: Line(500), body: Optional(Text()), dueIn: Optional(Amount()) })),
      campaignId: Optional(Ref()),
      workflowId: Optional(Ref()),
      goToStepId: Optional(PartRef()),
      webhook: Optional(
        Shape({
          method: Choice('GET', 'POST', 'PUT', 'DELETE'),
          url: Url(),
          headers: Optional(List(Shape({ name: Line(200), value: Line(5000) }), 50)),
          body: Optional(Free()),
        }),
      ),
      userIds: Optional(List(Type.String({ minLength: 1, maxLength: 64 }), 100)),
      assignedTo: Optional(Type.String({ minLength: 1, maxLength: 64 })),
      settings: Optional(Free()),
    },
    {
      allOf: [
        when('type', 'wait', ['wait']),
        when('type', 'if_else', ['branches']),
        when('type', 'add_tag', ['tagIds']),
        when('type', 'remove_tag', ['tagIds']),
        when('type', 'create_opportunity', ['pipelineId', 'stageId']),
        when('type', 'create_task', ['task']),
        when('type', 'add_to_campaign', ['campaignId']),
        when('type', 'go_to', ['workflowId']),
        when('type', 'go_to_step', ['goToStepId']),
        when('type', 'webhook', ['webhook']),
      ],
    },
  )

export const STEP_REFS = {
  ...under('steps[]', {
    'tagIds[]': 'tags',
    customFieldId: 'custom_fields',
    customValueId: 'custom_values',
    'fields[].customFieldId': 'custom_fields',
    templateId: 'templates',
    emailTemplateId: 'email_templates',
    triggerLinkId: 'trigger_links',
    calendarId: 'calendars',
    pipelineId: 'pipelines',
    campaignId: 'campaigns',
    workflowId: 'workflows',
    'wait.customFieldId': 'custom_fields',
    'wait.triggerLinkId': 'trigger_links',
    'wait.calendarId': 'calendars',
  }),
  ...under('steps[].branches[].conditions[]', CONDITION_REFS),
  ...under('steps[].wait.conditions[]', CONDITION_REFS),
  ...under('trigger.conditions[]', CONDITION_REFS),
}

/** A step's type decides which of its other fields mean something. */
const STEP_TOGETHER = [
  [
    'type',
    'branches',
    'wait',
    'tagIds',
    'customFieldId',
    'customValueId',
    'field',
    'value',
    'fields',
    'templateId',
    'emailTemplateId',
    'subject',
    'body',
    'fromName',
    'fromEmail',
    'triggerLinkId',
    'calendarId',
    'pipelineId',
    'stageId',
    'opportunityName',
    'opportunityStatus',
    'monetaryValue',
    'task',
    'campaignId',
    'workflowId',
    'goToStepId',
    'webhook',
    'settings',
  ],
  ['pipelineId', 'stageId'],
  [
    'wait.until',
    'wait.amount',
    'wait.unit',
    'wait.date',
    'wait.customFieldId',
    'wait.triggerLinkId',
    'wait.calendarId',
    'wait.conditions',
  ],
  ['wait.amount', 'wait.unit'],
  ['wait.timeout.amount', 'wait.timeout.unit'],
  ['task.dueIn.amount', 'task.dueIn.unit'],
]

const TRIGGER_TOGETHER = [
  [
    'type',
    'formId',
    'surveyId',
    'tagIds',
    'customFieldId',
    'pipelineId',
    'stageId',
    'calendarId',
    'triggerLinkId',
    'campaignId',
    'appointmentStatus',
    'keywords',
  ],
  ['pipelineId', 'stageId'],
]

export const WORKFLOW_TOGETHER = [
  ...STEP_TOGETHER.map((group) => group.map((name) => `steps[].${name}`)),
  ...TRIGGER_TOGETHER.map((group) => group.map((name) => `trigger.${name}`)),
]

export const STEP_PART_REFS = {
  ...under('steps[]', {
    next: 'workflows',
    goToStepId: 'workflows',
    stageId: 'pipelines',
    'branches[].next': 'workflows',
  }),
  ...under('steps[].branches[].conditions[]', CONDITION_PART_REFS),
  ...under('steps[].wait.conditions[]', CONDITION_PART_REFS),
  ...under('trigger.conditions[]', CONDITION_PART_REFS),
}
