import type { DemoAsset } from './asset.ts'
import { BOOKING } from './booking.ts'
import { FIELDS } from './fields.ts'
import { FUNNELS } from './funnels.ts'
import { MESSAGES } from './messages.ts'
import { LOST_REASONS, OBJECTS, TICKET_PIPELINES } from './objects.ts'
import { OUTREACH } from './outreach.ts'
import { WORKFLOWS } from './workflows.ts'

/** The template location of the demo: every kind, with references between all of them. */
export const DEMO_TEMPLATE: readonly DemoAsset[] = [
  ...FIELDS,
  ...OBJECTS,
  ...LOST_REASONS,
  ...TICKET_PIPELINES,
  ...MESSAGES,
  ...BOOKING,
  ...OUTREACH,
  ...WORKFLOWS,
  ...FUNNELS,
]
