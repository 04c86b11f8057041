import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Choice, Count, Line, List, Name, Optional, PartId, Shape } from './shapes.ts'

/**
 * What tickets go through (wire/hubspot.md, "Pipelines"). A kind of its own: on the HighLevel wire, whose pipelines are
 * those of opportunities, nobody meets them (docs/decisions/0015).
 */
export const ticketPipelines = asset({
  kind: 'ticket_pipelines',
  label: 'Ticket Pipeline',
  noun: 'ticket pipeline',
  scopes: { read: 'crm.objects.tickets.read', write: 'crm.objects.tickets.write' },
  schema: Type.Object({
    name: Name(),
    /** What the wire calls it when that is not its id: the one that every portal has is `0`. */
    key: Optional(Line(40)),
    displayOrder: Optional(Type.Integer({ minimum: -1, maximum: 1_000_000 })),
    stages: Optional(
      List(
        Shape({
          id: Optional(PartId()),
          name: Name(),
          /** As for the pipeline: those that every portal has are `1` to `4`. */
          key: Optional(Line(40)),
          position: Optional(Count()),
          state: Choice('OPEN', 'CLOSED'),
        }),
      ),
    ),
  }),
  key: (pipeline) => pipeline.key ?? pipeline.name,
  parts: { stages: 'uuid' },
  positions: { stages: 'position' },
  examples: [
    {
      name: 'Repairs',
      stages: [
        { name: 'Came in', position: 0, state: 'OPEN' },
        { name: 'Handed over', position: 1, state: 'CLOSED' },
      ],
    },
  ],
})
