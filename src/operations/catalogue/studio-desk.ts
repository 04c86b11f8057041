import { businessId, contactId, here, hex, id, location, made, user, userId, uuid, written } from './studio.ts'
import { contact } from './studio-people.ts'

/* What the studio of the samples sells, links, publishes and automates. */

const pipelineId = id('sales')
const stageId = uuid('enquiry')
const blogId = hex('blog')

export const pipeline = {
  id: pipelineId,
  ...here,
  name: 'Weddings',
  stages: [
    { id: stageId, name: 'Enquiry', position: 0, stageWinProbability: 33.33 },
    { id: uuid('booked'), name: 'Booked', position: 1, stageWinProbability: 66.67 },
  ],
  useOpportunityProbability: false,
  position: Date.parse(written.dateAdded).toString(36),
  ...written,
}

export const opportunity = {
  id: id('opportunity'),
  ...here,
  name: 'Wedding of Rosan Deo',
  status: 'open',
  monetaryValue: 4200,
  pipelineId,
  pipelineStageId: stageId,
  assignedTo: userId,
  contactId,
  contact: {
    id: contactId,
    name: contact.name,
    companyName: contact.companyName,
    email: contact.email,
    phone: contact.phone,
    tags: contact.tags,
    followers: contact.followers,
  },
  isAttribute: false,
  internalSource: { type: 'CREATED', id: '', apiVersion: '', channel: '', source: 'INTEGRATION' },
  followers: [userId],
  customFields: [{ id: id('package'), fieldValue: 'Full day' }],
  notes: [],
  tasks: [],
  calendarEvents: [],
  lastStageChangeAt: made.createdAt,
  lastStatusChangeAt: made.createdAt,
  lastActionDate: made.updatedAt,
  ...made,
}

export const association = {
  id: id('association'),
  ...here,
  key: 'employer',
  associationType: 'USER_DEFINED',
  firstObjectKey: 'contact',
  firstObjectLabel: 'Person',
  secondObjectKey: 'business',
  secondObjectLabel: 'Employer',
}

const { id: associationId, ...sides } = association
export const relation = {
  ...sides,
  id: id('relation'),
  associationId,
  firstRecordId: contactId,
  secondRecordId: businessId,
  ...made,
}

export const blog = { _id: blogId, ...here, name: 'Behind the lens', ...made }
export const author = {
  _id: hex('author'),
  ...here,
  name: user.name,
  canonicalLink: 'https://larkspur.example/ada',
  ...made,
}
export const category = {
  _id: hex('category'),
  ...here,
  name: 'Weddings',
  label: 'Weddings',
  urlSlug: 'weddings',
  canonicalLink: 'https://larkspur.example/weddings',
  ...made,
}
export const post = {
  _id: hex('post'),
  ...here,
  blogId,
  title: 'Ten questions to ask your photographer',
  description: 'Before you sign.',
  imageUrl: 'https://larkspur.example/venue.jpg',
  imageAltText: 'A barn at dusk',
  rawHTML: '<h1>Ten questions</h1>',
  status: 'PUBLISHED',
  author: author._id,
  categories: [category._id],
  tags: ['advice'],
  urlSlug: 'ten-questions',
  canonicalLink: 'https://larkspur.example/ten-questions',
  archived: false,
  publishedAt: '2026-03-02T18:00:00.000Z',
  ...made,
}

export const workflow = { id: uuid('workflow'), ...here, name: 'Welcome a new enquiry', status: 'published', ...made }
export const campaign = { id: id('campaign'), ...here, name: 'Spring portraits', status: 'published' }
export const snapshot = {
  id: id('snapshot'),
  name: 'Wedding studio',
  type: 'own',
  version: 3,
  versionName: 'Spring forms',
  sourceLocationId: here.locationId,
  sourceLocationName: location.name,
  ...made,
  assets: { tags: 12, forms: 4, workflows: 6 },
}
