import { Type } from 'typebox'
import { OF_CONTACT, record, TO_USER } from '../../store/records/index.ts'
import { Choice, Line, List, Optional, Shape, WireValues } from '../shapes.ts'

const Id = () => Line(64)
const Instant = () => Line(40)

/**
 * wire/highlevel/opportunities.json: SearchOpportunitiesResponseSchema, CreateDto. `all` is a choice of searches only.
 */
export const opportunities = record({
  kind: 'opportunities',
  label: 'Opportunity',
  noun: 'opportunity',
  scopes: { read: 'opportunities.readonly', write: 'opportunities.write' },
  schema: Type.Object(
    {
      name: Line(300),
      pipelineId: Line(100),
      pipelineStageId: Optional(Line(100)),
      status: Choice('open', 'won', 'lost', 'abandoned'),
      /** One that the HubSpot wire makes may be nobody's. */
      contactId: Optional(Id()),
      monetaryValue: Optional(Type.Number({ minimum: -1e12, maximum: 1e12 })),
      assignedTo: Optional(Id()),
      source: Optional(Line(300)),
      lostReasonId: Optional(Id()),
      /** A day. */
      forecastExpectedCloseDate: Optional(Line(10)),
      forecastProbability: Optional(Type.Number({ minimum: 0, maximum: 100 })),
      customFields: List(Shape({ id: Id(), fieldValue: Type.Unknown() }), 500),
      followers: List(Id(), 200),
      lastStatusChangeAt: Instant(),
      lastStageChangeAt: Instant(),
      properties: WireValues(),
    },
    { additionalProperties: false },
  ),
  search: ['name', 'properties'],
  exact: ['pipelineId', 'pipelineStageId', 'status', 'assignedTo', 'followers'],
  refs: { ...OF_CONTACT, assignedTo: TO_USER, followers: TO_USER },
  examples: [
    {
      name: 'Wedding of Rosan',
      pipelineId: 'VDm7RPYC2GLUvdpKmBfC',
      pipelineStageId: 'e93ba61a-53b3-45e7-985a-c7732dbcdb69',
      status: 'open',
      contactId: 'ocQHyuzHvysMo5N5VsXc',
      monetaryValue: 4200,
      customFields: [],
      followers: [],
      lastStatusChangeAt: '2026-03-03T09:00:00.000Z',
      lastStageChangeAt: '2026-03-03T09:00:00.000Z',
    },
  ],
})
