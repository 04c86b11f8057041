import { Type } from 'typebox'
import { Choice, Count, Line, List, Markup, Optional, PartId, Ref, Refs, Shape, Text, Url } from './shapes.ts'

/**
 * What HighLevel's form and survey builders offer for one field. A field that keeps its answer names a custom field.
 */
export const FormField = () =>
  Shape({
    id: Optional(PartId()),
    type: Choice(
      'first_name',
      'last_name',
      'full_name',
      'email',
      'phone',
      'address',
      'city',
      'state',
      'country',
      'postal_code',
      'organization',
      'website',
      'date_of_birth',
      'custom_field',
      'text',
      'html',
      'image',
      'captcha',
      'consent',
      'hidden',
      'payment',
      'button',
    ),
    label: Optional(Line(1000)),
    placeholder: Optional(Line()),
    shortLabel: Optional(Line()),
    description: Optional(Text()),
    customFieldId: Optional(Ref()),
    required: Optional(Type.Boolean()),
    hidden: Optional(Type.Boolean()),
    width: Optional(Count(100)),
    defaultValue: Optional(Line(5000)),
    options: Optional(List(Line(), 500)),
    html: Optional(Markup()),
    imageUrl: Optional(Url()),
    /** Query parameter that fills the field. */
    queryKey: Optional(Line(100)),
  })

/** What happens with an answer. */
export const OnSubmit = () =>
  Shape({
    action: Optional(Choice('message', 'redirect')),
    message: Optional(Markup()),
    redirectUrl: Optional(Url()),
    tagIds: Optional(Refs()),
    workflowId: Optional(Ref('Workflow that the contact enters.')),
    pipelineId: Optional(Ref()),
    stageId: Optional(PartId()),
    notifyEmails: Optional(List(Line(320), 50)),
  })

export const ON_SUBMIT_REFS = {
  'onSubmit.tagIds[]': 'tags',
  'onSubmit.workflowId': 'workflows',
  'onSubmit.pipelineId': 'pipelines',
}
/** What a field asks, and the pipeline with its stage, each come from one side of a merge. */
export const fieldsTogether = (path: string) => [
  ['type', 'customFieldId', 'options', 'html', 'imageUrl'].map((name) => `${path}.${name}`),
]
export const ON_SUBMIT_TOGETHER = [['onSubmit.pipelineId', 'onSubmit.stageId']]
export const ON_SUBMIT_PART_REFS = { 'onSubmit.stageId': 'pipelines' }
/** Who hears of an answer is the location's own: a push must not send a client's leads to the template's staff. */
export const ON_SUBMIT_LOCAL = { 'onSubmit.notifyEmails': {} }

export const Theme = () =>
  Shape({
    font: Optional(Line(100)),
    backgroundColor: Optional(Line(40)),
    textColor: Optional(Line(40)),
    buttonColor: Optional(Line(40)),
    buttonText: Optional(Line(200)),
    width: Optional(Count(5000)),
    borderRadius: Optional(Count(200)),
    customCss: Optional(Text()),
  })
