import { associationOperations } from './associations.ts'
import { campaignOperations } from './campaigns.ts'
import { customFieldOperations } from './custom-fields.ts'
import { customValueOperations } from './custom-values.ts'
import { emailCampaignSourceOperations } from './email-campaign-sources.ts'
import { emailCampaignOperations } from './email-campaigns.ts'
import { emailFolderOperations } from './email-folders.ts'
import { emailScheduleOperations } from './email-schedules.ts'
import { emailTemplateOperations } from './email-templates.ts'
import { formOperations } from './forms.ts'
import { funnelOperations } from './funnels.ts'
import { redirectOperations } from './redirects.ts'
import { surveyOperations } from './surveys.ts'
import { tagOperations } from './tags.ts'
import { templateOperations } from './templates.ts'
import { triggerLinkOperations } from './trigger-links.ts'
import { workflowOperations } from './workflows.ts'

/** What a sub-account is set up with, kind by kind. Calendars and pipelines are beside what they serve. */
export const operations = [
  ...customFieldOperations,
  ...customValueOperations,
  ...tagOperations,
  ...associationOperations,
  ...triggerLinkOperations,
  ...templateOperations,
  ...emailTemplateOperations,
  ...emailFolderOperations,
  ...emailScheduleOperations,
  ...emailCampaignOperations,
  ...emailCampaignSourceOperations,
  ...formOperations,
  ...surveyOperations,
  ...funnelOperations,
  ...redirectOperations,
  ...workflowOperations,
  ...campaignOperations,
]
