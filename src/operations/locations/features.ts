/** Areas of the hosted product that a sub-account may be kept out of. Here nobody is: tokens say who may do what. */
const AREAS = [
  'dashboardStatsEnabled',
  'funnelsEnabled',
  'phoneCallEnabled',
  'formsEnabled',
  'quizzesEnabled',
  'textToPayEnabled',
  'gmbMessagingEnabled',
  'htmlBuilderEnabled',
  'contactsEnabled',
  'tagsEnabled',
  'botServiceEnabled',
  'websitesEnabled',
  'appointmentsEnabled',
  'proposalsEnabled',
  'qrCodesEnabled',
  'webChatEnabled',
  'facebookMessengerEnabled',
  'launchpadEnabled',
  'affiliateManagerEnabled',
  'gmbCallTrackingEnabled',
  'marketingEnabled',
  'emailBuilderEnabled',
  'attributionsReportingEnabled',
  'triggerLinksEnabled',
  'membershipEnabled',
  'settingsEnabled',
  'surveysEnabled',
  'opportunitiesEnabled',
  'reviewsEnabled',
  'smsEmailTemplatesEnabled',
  'facebookAdsReportingEnabled',
  'adManagerEnabled',
  'bloggingEnabled',
  'workflowsEnabled',
  'campaignsEnabled',
  'conversationsEnabled',
  'adwordsReportingEnabled',
  'bulkRequestsEnabled',
  'agentReportingEnabled',
  'triggersEnabled',
] as const

/** What v3 calls areas (highlevel-api-docs, apps/v3/locations-v3.json), and what a location does. */
const NAMES = {
  '2-way-text-messaging': 'conversationsEnabled',
  'gmb-messaging': 'gmbMessagingEnabled',
  'web-chat': 'webChatEnabled',
  'reputation-management': 'reviewsEnabled',
  'facebook-messenger': 'facebookMessengerEnabled',
  'gmb-call-tracking': 'gmbCallTrackingEnabled',
  'missed-call-text-back': 'phoneCallEnabled',
  'text-to-pay': 'textToPayEnabled',
  calendar: 'appointmentsEnabled',
  crm: 'contactsEnabled',
  opportunities: 'opportunitiesEnabled',
  'email-marketing': 'marketingEnabled',
  'form-builder': 'formsEnabled',
  'survey-builder': 'surveysEnabled',
  'trigger-links': 'triggerLinksEnabled',
  'html-builder': 'htmlBuilderEnabled',
  'sms-email-templates': 'smsEmailTemplatesEnabled',
  funnels: 'funnelsEnabled',
  websites: 'websitesEnabled',
  workflow: 'workflowsEnabled',
  membership: 'membershipEnabled',
  'all-reports': 'agentReportingEnabled',
  triggers: 'triggersEnabled',
  campaigns: 'campaignsEnabled',
  launchpad: 'launchpadEnabled',
} as const satisfies Record<string, (typeof AREAS)[number]>

type Permission = keyof typeof NAMES
export const PERMISSIONS = Object.keys(NAMES) as Permission[]

/** Of a location, by its details. */
export const permissionsOf = ({ enabledAreas }: Readonly<Record<string, unknown>>): Permission[] =>
  (enabledAreas as Permission[] | undefined) ?? PERMISSIONS

export function featuresOf(details: Readonly<Record<string, unknown>>): Record<string, boolean> {
  const enabled = permissionsOf(details)
  const off = new Set<string>(PERMISSIONS.filter((name) => !enabled.includes(name)).map((name) => NAMES[name]))
  return Object.fromEntries(AREAS.map((name) => [name, !off.has(name)]))
}
