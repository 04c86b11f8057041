import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { WireValues } from '../shapes.ts'

/** Of the HubSpot wire alone: its type 0-136. All values are texts, as it spells them. */
export const leads = record({
  kind: 'leads',
  label: 'Lead',
  noun: 'lead',
  scopes: { read: 'crm.objects.leads.read', write: 'crm.objects.leads.write' },
  schema: Type.Object({ properties: WireValues() }, { additionalProperties: false }),
  search: ['properties'],
  examples: [{ properties: { hs_lead_name: 'Rosan Deo', hs_lead_label: 'HOT' } }],
})
