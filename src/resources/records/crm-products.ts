import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { WireValues } from '../shapes.ts'

/** Of the HubSpot wire alone: its type 0-7. All values are texts, as it spells them. */
export const crmProducts = record({
  kind: 'crm_products',
  label: 'Product',
  noun: 'product',
  scopes: { read: 'crm.objects.products.read', write: 'crm.objects.products.write' },
  schema: Type.Object({ properties: WireValues() }, { additionalProperties: false }),
  search: ['properties'],
  examples: [{ properties: { name: 'Album', price: '180', hs_sku: 'ALB-1' } }],
})
