import type { DemoAsset } from './asset.ts'

/**
 * A location that somebody set up by hand before the template existed: the same tags, a custom field with the same key
 * and other options, a form with the same name and other questions.
 */
export const DEMO_BY_HAND: readonly DemoAsset[] = [
  { kind: 'tags', ref: 'lead', document: { name: 'Lead' } },
  { kind: 'tags', ref: 'client', document: { name: 'client' } },
  { kind: 'tags', ref: 'newsletter', document: { name: 'newsletter' } },
  {
    kind: 'custom_fields',
    ref: 'package',
    document: {
      name: 'Package',
      fieldKey: 'contact.package',
      dataType: 'SINGLE_OPTIONS',
      model: 'contact',
      position: 7,
      picklistOptions: ['Elopement', 'Full day'],
      placeholder: 'Please choose',
    },
  },
  {
    kind: 'custom_fields',
    ref: 'venue',
    document: { name: 'Venue', fieldKey: 'contact.venue', dataType: 'TEXT', model: 'contact', position: 8 },
  },
  {
    kind: 'custom_values',
    ref: 'phone',
    document: {
      name: 'Studio phone',
      fieldKey: '{{ custom_values.studio_phone }}',
      default: '+44 20 7946 0000',
      value: '+44 20 7946 0000',
    },
  },
  {
    kind: 'pipelines',
    ref: 'jobs',
    document: {
      name: 'Jobs',
      stages: [
        { name: 'Open', position: 0 },
        { name: 'Done', position: 1 },
      ],
    },
  },
  {
    kind: 'forms',
    ref: 'inquiry',
    document: {
      name: 'Inquiry',
      description: 'Our own wording',
      fields: [
        { id: 'name', type: 'full_name', label: 'Who are you?', required: true },
        { id: 'email', type: 'email', label: 'Where do we reach you?', required: true },
        { id: 'venue', type: 'custom_field', label: 'Venue', customFieldId: '@{custom_fields/venue}' },
      ],
      onSubmit: { action: 'redirect', redirectUrl: 'https://harbour.example/thanks', tagIds: ['@{tags/lead}'] },
    },
  },
  {
    kind: 'workflows',
    ref: 'answer',
    document: {
      name: 'Answer an inquiry',
      status: 'published',
      trigger: { type: 'form_submitted', formId: '@{forms/inquiry}' },
      steps: [
        { id: 'tag', type: 'add_tag', tagIds: ['@{tags/newsletter}'], next: 'mail' },
        { id: 'mail', type: 'send_email', subject: 'We have your message', body: '<p>Talk soon.</p>', next: null },
      ],
    },
  },
]
