import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import {
  FormField,
  fieldsTogether,
  ON_SUBMIT_LOCAL,
  ON_SUBMIT_PART_REFS,
  ON_SUBMIT_REFS,
  ON_SUBMIT_TOGETHER,
  OnSubmit,
  Theme,
} from './form-fields.ts'
import { Choice, Line, List, Name, Optional, PartId, Ref, Shape, Text } from './shapes.ts'

/** Shows or hides one field by the answer to another. */
const Condition = () =>
  Shape({
    fieldId: PartId(),
    operator: Choice('is', 'is_not', 'contains', 'is_empty', 'is_not_empty', 'greater_than', 'less_than'),
    value: Optional(Line(1000)),
    action: Choice('show', 'hide', 'require'),
    targetFieldId: PartId(),
  })

/** HighLevel only lists forms (wire/highlevel/forms.json); what is inside them is modelled after its form builder. */
export const forms = asset({
  kind: 'forms',
  label: 'Form',
  noun: 'form',
  scopes: { read: 'forms.readonly', write: 'forms.write' },
  schema: Type.Object({
    name: Name(),
    description: Optional(Text()),
    fields: Optional(List(FormField(), 300)),
    conditions: Optional(List(Condition())),
    onSubmit: Optional(OnSubmit()),
    theme: Optional(Theme()),
    trackingCode: Optional(Text()),
    autoResponder: Optional(
      Shape({ emailTemplateId: Optional(Ref()), smsTemplateId: Optional(Ref()), subject: Optional(Line(1000)) }),
    ),
  }),
  refs: {
    'fields[].customFieldId': 'custom_fields',
    'autoResponder.emailTemplateId': 'email_templates',
    'autoResponder.smsTemplateId': 'templates',
    ...ON_SUBMIT_REFS,
  },
  parts: { fields: 'id20' },
  partRefs: { 'conditions[].fieldId': 'forms', 'conditions[].targetFieldId': 'forms', ...ON_SUBMIT_PART_REFS },
  together: [...fieldsTogether('fields[]'), ...ON_SUBMIT_TOGETHER],
  local: ON_SUBMIT_LOCAL,
  examples: [
    {
      name: 'Contact us',
      fields: [
        { id: 'name', type: 'full_name', label: 'Your name', required: true },
        { id: 'mail', type: 'email', label: 'E-mail', required: true },
        { id: 'text', type: 'text', label: 'How can we help?' },
      ],
      conditions: [{ fieldId: 'mail', operator: 'is_not_empty', action: 'show', targetFieldId: 'text' }],
      onSubmit: { action: 'message', message: 'Thank you. We will be in touch.' },
      theme: { buttonColor: '#8b4a2b', buttonText: 'Send' },
    },
  ],
})
