import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { WireValues } from '../shapes.ts'

/** Of the HubSpot wire alone: its type 0-14. All values are texts, as it spells them. */
export const quotes = record({
  kind: 'quotes',
  label: 'Quote',
  noun: 'quote',
  scopes: { read: 'crm.objects.quotes.read', write: 'crm.objects.quotes.write' },
  schema: Type.Object({ properties: WireValues() }, { additionalProperties: false }),
  search: ['properties'],
  examples: [{ properties: { hs_title: 'Wedding of Rosan', hs_status: 'DRAFT' } }],
})
