import { type Static, Type } from 'typebox'
import type { LocationRow } from '../../auth/location-row.ts'
import { invalid } from '../../errors.ts'
import { findTimeZone } from '../../scheduling/index.ts'
import { Instant, Noun } from '../schemas.ts'
import { featuresOf } from './features.ts'

// wire/highlevel/locations.json: CreateLocationDto, UpdateLocationDto and the schemas of their answers.
const text = (maxLength = 300) => Type.Optional(Type.String({ maxLength }))
const Social = Type.Object(
  Object.fromEntries(
    [
      'facebookUrl',
      'googlePlus',
      'linkedIn',
      'foursquare',
      'twitter',
      'yelp',
      'instagram',
      'youtube',
      'pinterest',
      'blogRss',
      'googlePlacesId',
    ].map((name) => [name, text(500)]),
  ),
  { additionalProperties: false },
)
const Settings = Type.Object(
  Object.fromEntries(
    ['allowDuplicateContact', 'allowDuplicateOpportunity', 'allowFacebookNameMerge', 'disableContactTimezone'].map(
      (name) => [name, Type.Optional(Type.Boolean())],
    ),
  ),
  { additionalProperties: false },
)
/** Answered with the settings, so they may come back with them; they are not kept. */
const answered = Object.fromEntries(
  ['contactUniqueIdentifiers', 'crmSettings', 'saasSettings'].map((name) => [name, Type.Optional(Type.Unknown())]),
)
export const details = {
  phone: text(50),
  address: text(),
  city: text(),
  state: text(),
  country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$', description: 'Two-letter country code, such as DE.' })),
  postalCode: text(50),
  website: text(500),
  timezone: Type.Optional(Type.String({ maxLength: 100, description: 'IANA time zone, such as America/New_York.' })),
  prospectInfo: Type.Optional(
    Type.Object(
      {
        firstName: Type.String({ maxLength: 200 }),
        lastName: Type.String({ maxLength: 200 }),
        email: Type.String({ maxLength: 320 }),
      },
      { additionalProperties: false },
    ),
  ),
  settings: Type.Optional(Type.Object({ ...Settings.properties, ...answered }, { additionalProperties: false })),
  social: Type.Optional(Social),
  twilio: Type.Optional(
    Type.Object(
      { sid: Type.String({ maxLength: 200 }), authToken: Type.String({ maxLength: 200 }) },
      { additionalProperties: false, description: 'Accepted, not kept: Tintype places no calls.' },
    ),
  ),
  mailgun: Type.Optional(
    Type.Object(
      { apiKey: Type.String({ maxLength: 200 }), domain: Type.String({ maxLength: 300 }) },
      { additionalProperties: false, description: 'Accepted, not kept: Tintype sends no mail for a location.' },
    ),
  ),
}
/** Of a hosted sub-account: empty here. */
const HOSTED = ['logoUrl', 'domain', 'currency', 'defaultEmailService', 'snapshotId', 'brandId'] as const

export const LocationAnswer = Noun('Location', {
  id: Type.String(),
  companyId: Type.String(),
  name: Type.String(),
  timezone: Type.String(),
  ...Object.fromEntries(
    ['phone', 'email', 'firstName', 'lastName', 'address', 'city', 'state', 'country', 'postalCode', 'website'].map(
      (name) => [name, Type.Optional(Type.String())],
    ),
  ),
  ...Object.fromEntries(HOSTED.map((name) => [name, Type.String()])),
  dateAdded: Instant(),
  automaticMobileAppInvite: Type.Boolean(),
  isAgencySubAccount: Type.Boolean(),
  permissions: Type.Record(Type.String(), Type.Boolean()),
  settings: Type.Object({ ...Settings.properties, ...answered }),
  social: Social,
  business: Type.Optional(Type.Object({}, { additionalProperties: true })),
})

/** Of a call that may have started a push. */
export const PushedLocationAnswer = Noun('PushedLocation', {
  ...LocationAnswer.properties,
  pushId: Type.Optional(
    Type.String({ description: 'The push that the call started: follow it under /snapshots/pushes.' }),
  ),
  version: Type.Optional(Type.Integer({ description: 'The version of the snapshot that it brings.' })),
})

const SETTINGS = {
  allowDuplicateContact: false,
  allowDuplicateOpportunity: false,
  allowFacebookNameMerge: false,
  disableContactTimezone: false,
  contactUniqueIdentifiers: ['email', 'phone'],
  crmSettings: { deSyncOwners: false, syncFollowers: { contact: false, opportunity: false } },
  saasSettings: { saasMode: 'not_activated', twilioRebilling: { markup: 0, enabled: false } },
}
const NO_SOCIAL = Object.fromEntries(Object.keys(Social.properties).map((name) => [name, '']))

export type Details = Partial<Record<keyof typeof details, unknown>>

export function toAnswer(row: LocationRow) {
  const { settings, social, enabledAreas: _, ...rest } = row.doc
  const { name, timezone } = row
  const business = Object.fromEntries(
    ['address', 'city', 'state', 'country', 'postalCode', 'website', 'email'].flatMap((key) =>
      rest[key] === undefined ? [] : [[key, rest[key]]],
    ),
  )
  return {
    ...Object.fromEntries(['firstName', 'lastName', 'email', ...HOSTED].map((field) => [field, ''])),
    ...rest,
    dateAdded: row.createdAt.toISOString(),
    automaticMobileAppInvite: false,
    isAgencySubAccount: false,
    permissions: featuresOf(row.doc),
    id: row.id,
    companyId: row.agencyId,
    name,
    timezone,
    settings: { ...SETTINGS, ...(settings as object) },
    social: { ...NO_SOCIAL, ...(social as object) },
    business: { name, timezone, email: '', ...business },
  } as unknown as Static<typeof LocationAnswer>
}

/**
 * What is kept of the details: the prospect becomes the contact person; credentials of other services are not stored.
 */
export function toDocument({
  prospectInfo,
  twilio: _t,
  mailgun: _m,
  timezone: _z,
  settings,
  ...rest
}: Details): Record<string, unknown> {
  const kept = Object.entries(settings ?? {}).filter(([name]) => name in Settings.properties)
  return {
    ...rest,
    ...(settings === undefined ? {} : { settings: Object.fromEntries(kept) }),
    ...(prospectInfo as object),
  }
}

export function checkTimezone(timezone: string | undefined): string {
  const zone = timezone === undefined ? 'UTC' : findTimeZone(timezone)
  if (zone === null) throw invalid([`timezone: ${timezone} is not an IANA time zone`])
  return zone
}
