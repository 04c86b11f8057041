import type { DemoAsset } from './asset.ts'

const VENUE = 'custom_objects.venue'
const OF_VENUE = { objectKey: VENUE, objectId: '@{objects/venue}', documentType: 'field', showInForms: true }

export const LOST_REASONS: DemoAsset[] = ['Another studio', 'Too expensive', 'Date is taken'].map((name, n) => ({
  kind: 'lost_reasons',
  ref: String(n),
  document: { name },
}))

/** What is asked after the wedding. */
export const TICKET_PIPELINES: DemoAsset[] = [
  {
    kind: 'ticket_pipelines',
    ref: 'albums',
    document: {
      name: 'Albums',
      displayOrder: 1,
      stages: [
        { name: 'Wish', position: 0, state: 'OPEN' },
        { name: 'At the binder', position: 1, state: 'OPEN' },
        { name: 'Handed over', position: 2, state: 'CLOSED' },
      ],
    },
  },
]

/** Where weddings are: a custom object of the studio. */
export const OBJECTS: DemoAsset[] = [
  {
    kind: 'objects',
    ref: 'venue',
    document: {
      key: VENUE,
      labels: { singular: 'Venue', plural: 'Venues' },
      description: 'Where weddings are.',
      primaryDisplayProperty: `${VENUE}.name`,
      searchableProperties: [`${VENUE}.name`, `${VENUE}.town`],
    },
  },
  {
    kind: 'object_fields',
    ref: 'name',
    document: { ...OF_VENUE, name: 'Name', fieldKey: `${VENUE}.name`, dataType: 'TEXT' },
  },
  {
    kind: 'object_fields',
    ref: 'place',
    document: {
      ...OF_VENUE,
      documentType: 'folder',
      name: 'Place',
      fieldKey: `${VENUE}.folder.place`,
      dataType: 'TEXT',
    },
  },
  {
    kind: 'object_fields',
    ref: 'town',
    document: {
      ...OF_VENUE,
      name: 'Town',
      fieldKey: `${VENUE}.town`,
      dataType: 'TEXT',
      parentId: '@{object_fields/place}',
    },
  },
  {
    kind: 'object_fields',
    ref: 'setting',
    document: {
      ...OF_VENUE,
      name: 'Setting',
      fieldKey: `${VENUE}.setting`,
      dataType: 'SINGLE_OPTIONS',
      options: [
        { key: 'barn', label: 'Barn' },
        { key: 'garden', label: 'Garden' },
        { key: 'hotel', label: 'Hotel' },
      ],
      parentId: '@{object_fields/place}',
    },
  },
]
