import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { WireValues } from '../shapes.ts'

/** Of the HubSpot wire alone: its type 0-8. All values are texts, as it spells them. */
export const lineItems = record({
  kind: 'line_items',
  label: 'Line Item',
  noun: 'line item',
  scopes: { read: 'crm.objects.line_items.read', write: 'crm.objects.line_items.write' },
  schema: Type.Object({ properties: WireValues() }, { additionalProperties: false }),
  search: ['properties'],
  examples: [{ properties: { name: 'Album', quantity: '2', price: '180' } }],
})
