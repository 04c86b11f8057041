import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Choice, Line, List, Optional, Shape, Text, WireValues } from '../shapes.ts'

const Id = () => Line(64)
const Amount = () => Type.Number({ minimum: -1e12, maximum: 1e12 })

/**
 * An invoice of another program (contract, "Synchronisation endpoints"). `externalId` is what that program calls it.
 */
export const invoices = record({
  kind: 'invoices',
  label: 'Invoice',
  noun: 'invoice',
  scopes: { read: 'invoices.readonly', write: 'invoices.write' },
  schema: Type.Object(
    {
      /** One that the HubSpot wire makes has none. */
      externalId: Optional(Line(200)),
      total: Amount(),
      status: Choice('draft', 'sent', 'viewed', 'partially_paid', 'paid', 'overdue', 'void', 'refunded', 'cancelled'),
      contactId: Optional(Id()),
      customerId: Optional(Type.String({ maxLength: 200, description: 'What the other program calls the contact.' })),
      number: Optional(Line(100)),
      name: Optional(Line(300)),
      currency: Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
      amountPaid: Optional(Amount()),
      issueDate: Optional(Line(40)),
      dueDate: Optional(Line(40)),
      paidAt: Optional(Line(40)),
      url: Optional(Line(2000)),
      notes: Optional(Text()),
      items: Optional(List(Shape({ name: Line(300), quantity: Optional(Amount()), price: Optional(Amount()) }), 500)),
      properties: WireValues(),
    },
    { additionalProperties: false },
  ),
  search: ['number', 'name', 'externalId'],
  exact: ['externalId', 'status', 'customerId'],
  /** What was charged stays on the books. */
  refs: { contactId: { to: ['contacts'], gone: 'clear' } },
  examples: [
    {
      externalId: 'INV-2026-014',
      total: 1850,
      status: 'sent',
      currency: 'USD',
      number: '2026-014',
      dueDate: '2026-04-01',
    },
  ],
})
