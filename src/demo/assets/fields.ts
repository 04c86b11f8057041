import type { DemoAsset } from './asset.ts'

export const FIELDS: DemoAsset[] = [
  {
    kind: 'custom_fields',
    ref: 'folder',
    document: {
      name: 'Wedding',
      fieldKey: 'contact.wedding',
      dataType: 'TEXT',
      model: 'contact',
      documentType: 'folder',
      position: 0,
    },
  },
  {
    kind: 'custom_fields',
    ref: 'date',
    document: {
      name: 'Wedding date',
      fieldKey: 'contact.wedding_date',
      dataType: 'DATE',
      model: 'contact',
      position: 1,
      parentId: '@{custom_fields/folder}',
    },
  },
  {
    kind: 'custom_fields',
    ref: 'package',
    document: {
      name: 'Package',
      fieldKey: 'contact.package',
      dataType: 'SINGLE_OPTIONS',
      model: 'contact',
      position: 2,
      parentId: '@{custom_fields/folder}',
      picklistOptions: ['Half day', 'Full day', 'Weekend'],
    },
  },
  {
    kind: 'custom_fields',
    ref: 'budget',
    document: {
      name: 'Budget',
      fieldKey: 'contact.budget',
      dataType: 'MONETORY',
      model: 'contact',
      placeholder: '2,500',
      position: 3,
    },
  },
  {
    kind: 'custom_fields',
    ref: 'rating',
    document: { name: 'Rating', fieldKey: 'contact.rating', dataType: 'NUMERICAL', model: 'contact', position: 4 },
  },
  {
    kind: 'custom_fields',
    ref: 'guests',
    document: {
      name: 'Number of guests',
      fieldKey: 'opportunity.number_of_guests',
      dataType: 'NUMERICAL',
      model: 'opportunity',
      position: 0,
    },
  },
  {
    kind: 'custom_values',
    ref: 'studio',
    document: {
      name: 'Studio name',
      fieldKey: '{{ custom_values.studio_name }}',
      default: 'Your studio',
      value: 'Northlight Studio',
    },
  },
  {
    kind: 'custom_values',
    ref: 'phone',
    document: {
      name: 'Studio phone',
      fieldKey: '{{ custom_values.studio_phone }}',
      default: '+1 555 0100',
      value: '+1 555 0142',
    },
  },
  {
    kind: 'custom_values',
    ref: 'deposit',
    document: { name: 'Deposit', fieldKey: '{{ custom_values.deposit }}', default: '30%', value: '30%' },
  },
  ...['lead', 'client', 'vip', 'gallery delivered', 'lost'].map((name) => ({
    kind: 'tags',
    ref: name,
    document: { name },
  })),
  {
    kind: 'pipelines',
    ref: 'sales',
    document: {
      name: 'Bookings',
      showInFunnel: true,
      showInPieChart: true,
      stages: ['Inquiry', 'Consultation', 'Proposal sent', 'Booked', 'Lost'].map((name, position) => ({
        name,
        position,
        showInFunnel: name !== 'Lost',
        showInPieChart: true,
      })),
    },
  },
  {
    kind: 'pipelines',
    ref: 'production',
    document: {
      name: 'Production',
      showInFunnel: false,
      showInPieChart: true,
      stages: ['Shoot', 'Editing', 'Gallery', 'Delivered'].map((name, position) => ({ name, position })),
    },
  },
  {
    kind: 'associations',
    ref: 'planner',
    document: {
      key: 'planner_couple',
      firstObjectLabel: 'Planner',
      firstObjectKey: 'contact',
      secondObjectLabel: 'Couple',
      secondObjectKey: 'contact',
      associationType: 'USER_DEFINED',
    },
  },
]
