import type { AssetResource } from '../store/assets/index.ts'
import { associations } from './associations.ts'
import { calendarGroups } from './calendar-groups.ts'
import { calendarResources } from './calendar-resources.ts'
import { calendarServices } from './calendar-services.ts'
import { calendars } from './calendars.ts'
import { campaigns } from './campaigns.ts'
import { customFields } from './custom-fields.ts'
import { customValues } from './custom-values.ts'
import { emailTemplates } from './email-templates.ts'
import { forms } from './forms.ts'
import { funnels } from './funnels.ts'
import { lostReasons } from './lost-reasons.ts'
import { objectFields } from './object-fields.ts'
import { objects } from './objects.ts'
import { pipelines } from './pipelines.ts'
import { serviceLocations } from './service-locations.ts'
import { surveys } from './surveys.ts'
import { tags } from './tags.ts'
import { templates } from './templates.ts'
import { ticketPipelines } from './ticket-pipelines.ts'
import { triggerLinks } from './trigger-links.ts'
import { workflows } from './workflows.ts'

const ALL = [
  customFields,
  customValues,
  tags,
  pipelines,
  ticketPipelines,
  lostReasons,
  objects,
  objectFields,
  associations,
  triggerLinks,
  templates,
  emailTemplates,
  calendarGroups,
  calendarResources,
  calendars,
  serviceLocations,
  calendarServices,
  forms,
  surveys,
  funnels,
  workflows,
  campaigns,
] as unknown as AssetResource[]

/** Every kind of asset. The order here is the order of lists; pushes follow the references instead. */
export const RESOURCES: ReadonlyMap<string, AssetResource> = new Map(ALL.map((resource) => [resource.kind, resource]))
