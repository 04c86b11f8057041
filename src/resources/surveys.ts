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
import { Choice, Line, List, Name, Optional, PartId, PartRef, Shape, Text, Url } from './shapes.ts'

/** Where an answer leads: another slide, out of the survey, or away. */
const Jump = () =>
  Shape({
    fieldId: PartId(),
    operator: Choice('is', 'is_not', 'contains', 'is_empty', 'is_not_empty', 'greater_than', 'less_than'),
    value: Optional(Line(1000)),
    action: Choice('go_to_slide', 'disqualify', 'redirect'),
    slideId: Optional(PartRef()),
    url: Optional(Url()),
    message: Optional(Text()),
  })

/**
 * HighLevel only lists surveys (wire/highlevel/surveys.json); what is inside them is modelled after its survey builder.
 */
export const surveys = asset({
  kind: 'surveys',
  label: 'Survey',
  noun: 'survey',
  scopes: { read: 'surveys.readonly', write: 'surveys.write' },
  schema: Type.Object({
    name: Name(),
    description: Optional(Text()),
    slides: Optional(
      List(
        Shape({
          id: Optional(PartId()),
          name: Optional(Line()),
          fields: Optional(List(FormField(), 300)),
          jumps: Optional(List(Jump())),
        }),
        100,
      ),
    ),
    onSubmit: Optional(OnSubmit()),
    theme: Optional(Theme()),
  }),
  refs: { 'slides[].fields[].customFieldId': 'custom_fields', ...ON_SUBMIT_REFS },
  parts: { slides: 'id20', 'slides[].fields': 'id20' },
  partRefs: { 'slides[].jumps[].fieldId': 'surveys', 'slides[].jumps[].slideId': 'surveys', ...ON_SUBMIT_PART_REFS },
  steps: { list: 'slides', pointers: ['slides[].jumps[].slideId'], next: [] },
  together: [...fieldsTogether('slides[].fields[]'), ...ON_SUBMIT_TOGETHER],
  local: ON_SUBMIT_LOCAL,
  examples: [
    {
      name: 'How did we do?',
      slides: [
        {
          id: 'first',
          name: 'Rating',
          fields: [{ id: 'rating', type: 'text', label: 'From one to five' }],
          jumps: [{ fieldId: 'rating', operator: 'less_than', value: '3', action: 'go_to_slide', slideId: 'why' }],
        },
        { id: 'why', name: 'Why?', fields: [{ id: 'reason', type: 'text', label: 'What went wrong?' }] },
      ],
      onSubmit: { action: 'message', message: 'Thank you.' },
    },
  ],
})
