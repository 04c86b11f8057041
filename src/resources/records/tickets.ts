import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { WireValues } from '../shapes.ts'

/** Of the HubSpot wire alone: its type 0-5. All values are texts, as it spells them. */
export const tickets = record({
  kind: 'tickets',
  label: 'Ticket',
  noun: 'ticket',
  scopes: { read: 'crm.objects.tickets.read', write: 'crm.objects.tickets.write' },
  schema: Type.Object({ properties: WireValues() }, { additionalProperties: false }),
  search: ['properties'],
  examples: [
    {
      properties: {
        subject: 'Cannot log in',
        content: 'Since this morning.',
        hs_pipeline: '0',
        hs_pipeline_stage: '1',
      },
    },
  ],
})
