import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { WireValues } from '../shapes.ts'

/** Of the HubSpot wire alone: its type 0-123. All values are texts, as it spells them. */
export const orders = record({
  kind: 'orders',
  label: 'Order',
  noun: 'order',
  scopes: { read: 'crm.objects.orders.read', write: 'crm.objects.orders.write' },
  schema: Type.Object({ properties: WireValues() }, { additionalProperties: false }),
  search: ['properties'],
  examples: [{ properties: { hs_order_name: 'Album', hs_currency_code: 'USD', hs_total_price: '360' } }],
})
