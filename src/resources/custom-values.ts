import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Line, Name, Optional, Text } from './shapes.ts'

/**
 * wire/highlevel/locations.json: CustomValueSchema. The wire knows `value` only; the default is what a push seeds it
 * with.
 */
export const customValues = asset({
  kind: 'custom_values',
  label: 'Custom Value',
  noun: 'custom value',
  scopes: { read: 'locations/customValues.readonly', write: 'locations/customValues.write' },
  schema: Type.Object({
    name: Name(),
    fieldKey: Line(260),
    default: Optional(Text()),
    value: Optional(Text()),
  }),
  key: (value) => value.fieldKey,
  unique: 'fieldKey',
  isMergeTag: true,
  local: { value: { seed: 'default' } },
  examples: [{ name: 'Phone', fieldKey: '{{ custom_values.phone }}', default: '+1 555 0100' }],
})
