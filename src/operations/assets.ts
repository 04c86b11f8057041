import { associationOperations } from './associations.ts'
import { calendarGroupOperations } from './calendar-groups.ts'
import { calendarResourceOperations } from './calendar-resources.ts'
import { calendarOperations } from './calendars.ts'
import { campaignOperations } from './campaigns.ts'
import { customFieldOperations } from './custom-fields.ts'
import { customValueOperations } from './custom-values.ts'
import { emailTemplateOperations } from './email-templates.ts'
import { formOperations } from './forms.ts'
import { funnelOperations } from './funnels.ts'
import { pipelineOperations } from './pipelines.ts'
import { surveyOperations } from './surveys.ts'
import { tagOperations } from './tags.ts'
import { templateOperations } from './templates.ts'
import { triggerLinkOperations } from './trigger-links.ts'
import { workflowOperations } from './workflows.ts'

/** Reading and writing configuration, kind by kind. */
export const assetOperations = [
  ...customFieldOperations,
  ...customValueOperations,
  ...tagOperations,
  ...pipelineOperations,
  ...associationOperations,
  ...triggerLinkOperations,
  ...templateOperations,
  ...emailTemplateOperations,
  ...calendarGroupOperations,
  ...calendarResourceOperations,
  ...calendarOperations,
  ...formOperations,
  ...surveyOperations,
  ...funnelOperations,
  ...workflowOperations,
  ...campaignOperations,
]
