import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Choice, Count, List, Name, Optional, PartId, Shape } from './shapes.ts'

/**
 * wire/highlevel/opportunities.json: PipelinesResponseSchema. It leaves stages open; theirs are as its users see them.
 */
export const pipelines = asset({
  kind: 'pipelines',
  label: 'Pipeline',
  noun: 'pipeline',
  scopes: { read: 'opportunities.readonly', write: 'opportunities.write' },
  schema: Type.Object({
    name: Name(),
    stages: Optional(
      List(
        Shape({
          id: Optional(PartId()),
          name: Name(),
          position: Optional(Count()),
          showInFunnel: Optional(Type.Boolean()),
          showInPieChart: Optional(Type.Boolean()),
          probability: Optional(Count(100)),
        }),
      ),
    ),
    showInFunnel: Optional(Type.Boolean()),
    showInPieChart: Optional(Type.Boolean()),
    colorRenderMode: Optional(Choice('dot', 'bg-tint', 'none')),
    /** Its place among the others on the HubSpot wire; the other one shows it nowhere. */
    displayOrder: Optional(Type.Integer({ minimum: -1, maximum: 1_000_000 })),
  }),
  parts: { stages: 'uuid' },
  positions: { stages: 'position' },
  examples: [
    {
      name: 'Sales',
      stages: [
        { name: 'New', position: 0 },
        { name: 'Won', position: 1 },
      ],
      showInFunnel: true,
      showInPieChart: true,
    },
  ],
})
