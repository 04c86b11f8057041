import type { DemoAsset } from './asset.ts'

export const MESSAGES: DemoAsset[] = [
  {
    kind: 'trigger_links',
    ref: 'prices',
    document: { name: 'Price list', redirectTo: 'https://northlight.example/prices' },
  },
  {
    kind: 'trigger_links',
    ref: 'review',
    document: { name: 'Leave a review', redirectTo: 'https://northlight.example/review?location=@{location}' },
  },
  {
    kind: 'templates',
    ref: 'hello',
    document: {
      name: 'Thanks for your inquiry',
      type: 'sms',
      template: {
        body:
          'Hi {{contact.first_name}}, thank you for writing to {{ custom_values.studio_name }}! Our prices: ' +
          '{{trigger_link.@{trigger_links/prices}}}',
        attachments: [],
      },
      urlAttachments: [],
    },
  },
  {
    kind: 'templates',
    ref: 'reminder',
    document: {
      name: 'Consultation reminder',
      type: 'sms',
      template: { body: 'See you tomorrow! Call {{ custom_values.studio_phone }} if you are late.', attachments: [] },
      urlAttachments: [],
    },
  },
  {
    kind: 'templates',
    ref: 'proposal',
    document: {
      name: 'Proposal',
      type: 'email',
      template: {
        subject: 'Your proposal',
        html: '<p>Dear {{contact.first_name}}, here it is. The deposit is {{ custom_values.deposit }}.</p>',
        attachments: [],
      },
    },
  },
  { kind: 'email_templates', ref: 'folder', document: { name: 'Client journey', type: 'folder', builderVersion: '2' } },
  {
    kind: 'email_templates',
    ref: 'welcome',
    document: {
      name: 'Welcome',
      type: 'html',
      builderVersion: '2',
      editorType: 'html',
      parentId: '@{email_templates/folder}',
      subject: 'Welcome to {{ custom_values.studio_name }}',
      previewText: 'What happens next',
      isPlainText: false,
      html: '<h1>Welcome, {{contact.first_name}}</h1><p><a href="{{trigger_link.@{trigger_links/prices}}}">Our prices</a></p>',
    },
  },
  {
    kind: 'email_templates',
    ref: 'gallery',
    document: {
      name: 'Your gallery is ready',
      type: 'builder',
      builderVersion: '2',
      editorType: 'builder',
      parentId: '@{email_templates/folder}',
      subject: 'Your gallery is ready',
      html: '<p>Enjoy! <a href="{{trigger_link.@{trigger_links/review}}}">Tell others</a></p>',
      dnd: {
        elements: [
          { type: 'heading', text: 'Your gallery' },
          { type: 'button', text: 'Tell others', href: '{{trigger_link.@{trigger_links/review}}}' },
        ],
        attrs: { width: 600 },
        templateSettings: { background: '#faf6f0' },
      },
    },
  },
]
