import type { DemoAsset } from './assets/asset.ts'
import { DEMO_BY_HAND } from './assets/by-hand.ts'
import { DEMO_TEMPLATE } from './assets/template.ts'

export interface AgencyPlan {
  name: string
  relationshipNumber: string
  /** `people`: it also gets contacts and what happened with them. */
  locations: {
    name: string
    portalId: number
    timezone: string
    doc: Record<string, unknown>
    assets: readonly DemoAsset[]
    people?: boolean
  }[]
}

const settings = {
  allowDuplicateContact: false,
  allowDuplicateOpportunity: false,
  allowFacebookNameMerge: false,
  disableContactTimezone: false,
}

export const OWN: AgencyPlan = {
  name: 'Darkroom Agency',
  relationshipNumber: '1-234-567',
  locations: [
    {
      name: 'Template',
      portalId: 1001,
      timezone: 'America/New_York',
      doc: {
        address: '12 Mill Lane',
        city: 'Hudson',
        state: 'NY',
        country: 'US',
        postalCode: '12534',
        website: 'https://northlight.example',
        phone: '+15550142',
        settings,
      },
      assets: DEMO_TEMPLATE,
      people: true,
    },
    {
      name: 'Harbour Photo',
      portalId: 1002,
      timezone: 'Europe/London',
      doc: {
        address: '3 Quay Street',
        city: 'Bristol',
        country: 'GB',
        postalCode: 'BS1 4DJ',
        website: 'https://harbour.example',
        phone: '+442079460000',
        settings,
      },
      assets: DEMO_BY_HAND,
    },
    {
      name: 'New studio',
      portalId: 1003,
      timezone: 'Europe/Berlin',
      doc: { city: 'Berlin', country: 'DE', settings },
      assets: [],
    },
  ],
}

export const PARTNER: AgencyPlan = {
  name: 'Partner Agency',
  relationshipNumber: '7-654-321',
  locations: [
    {
      name: 'Partner studio',
      portalId: 2001,
      timezone: 'America/Los_Angeles',
      doc: { city: 'Portland', state: 'OR', country: 'US', settings },
      assets: [],
    },
  ],
}
