import { Type } from 'typebox'
import { asset } from '../store/resource.ts'

/** HighLevel only lists forms (wire/highlevel/forms.json); what is inside them is modelled after its form builder. */
export const forms = asset({
  kind: 'forms',
  label: 'Form',
  noun: 'form',
  scopes: { read: 'forms.readonly', write: 'forms.write' },
  schema: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 200 }),
  }),
  examples: [{ name: 'Contact us' }],
})
