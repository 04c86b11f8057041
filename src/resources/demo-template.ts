import { AUTOMATION } from './demo-automation.ts'

/**
 * One asset of the demo. In any string `@{kind/ref}` stands for the id of another demo asset, `@{kind/ref#name}` for
 * the id of one of its parts, `@{location}` for the id of the location.
 */
export interface DemoAsset {
  kind: string
  ref: string
  document: Record<string, unknown>
  /** Properties that are set once everything exists: what makes references go round in circles. */
  later?: Record<string, unknown>
}

const WEEKDAYS = [{ daysOfTheWeek: [1, 2, 3, 4, 5], hours: [{ openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 30 }] }]

const FIELDS: DemoAsset[] = [
  {
    kind: 'custom_fields',
    ref: 'folder',
    document: { name: 'Wedding', fieldKey: 'contact.wedding', dataType: 'TEXT', model: 'contact', documentType: 'folder', position: 0 },
  },
  {
    kind: 'custom_fields',
    ref: 'date',
    document: { name: 'Wedding date', fieldKey: 'contact.wedding_date', dataType: 'DATE', model: 'contact', position: 1, parentId: '@{custom_fields/folder}' },
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
    document: { name: 'Budget', fieldKey: 'contact.budget', dataType: 'MONETORY', model: 'contact', placeholder: '2,500', position: 3 },
  },
  { kind: 'custom_fields', ref: 'rating', document: { name: 'Rating', fieldKey: 'contact.rating', dataType: 'NUMERICAL', model: 'contact', position: 4 } },
  {
    kind: 'custom_fields',
    ref: 'guests',
    document: { name: 'Number of guests', fieldKey: 'opportunity.number_of_guests', dataType: 'NUMERICAL', model: 'opportunity', position: 0 },
  },
  {
    kind: 'custom_values',
    ref: 'studio',
    document: { name: 'Studio name', fieldKey: '{{ custom_values.studio_name }}', default: 'Your studio', value: 'Northlight Studio' },
  },
  {
    kind: 'custom_values',
    ref: 'phone',
    document: { name: 'Studio phone', fieldKey: '{{ custom_values.studio_phone }}', default: '+1 555 0100', value: '+1 555 0142' },
  },
  { kind: 'custom_values', ref: 'deposit', document: { name: 'Deposit', fieldKey: '{{ custom_values.deposit }}', default: '30%', value: '30%' } },
  ...['lead', 'client', 'vip', 'gallery delivered', 'lost'].map((name) => ({ kind: 'tags', ref: name, document: { name } })),
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

const MESSAGES: DemoAsset[] = [
  { kind: 'trigger_links', ref: 'prices', document: { name: 'Price list', redirectTo: 'https://northlight.example/prices' } },
  { kind: 'trigger_links', ref: 'review', document: { name: 'Leave a review', redirectTo: 'https://northlight.example/review?location=@{location}' } },
  {
    kind: 'templates',
    ref: 'hello',
    document: {
      name: 'Thanks for your inquiry',
      type: 'sms',
      template: {
        body: 'Hi {{contact.first_name}}, thank you for writing to {{ custom_values.studio_name }}! Our prices: {{trigger_link.@{trigger_links/prices}}}',
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

const BOOKING: DemoAsset[] = [
  { kind: 'calendar_groups', ref: 'meetings', document: { name: 'Meetings', description: 'Consultations and viewings', slug: 'meetings', isActive: true } },
  {
    kind: 'calendar_resources',
    ref: 'studio',
    document: { name: 'Daylight studio', resourceType: 'rooms', isActive: true, description: 'North window, 40 m²', capacity: 12, calendarIds: [] },
    later: { calendarIds: ['@{calendars/portrait}'] },
  },
  {
    kind: 'calendar_resources',
    ref: 'camera',
    document: {
      name: 'Large-format camera',
      resourceType: 'equipments',
      isActive: true,
      description: '8×10 inches',
      quantity: 2,
      outOfService: 0,
      calendarIds: [],
    },
    later: { calendarIds: ['@{calendars/portrait}'] },
  },
  {
    kind: 'forms',
    ref: 'inquiry',
    document: {
      name: 'Inquiry',
      description: 'On the website and the landing page',
      fields: [
        { id: 'name', type: 'full_name', label: 'Your names', required: true },
        { id: 'email', type: 'email', label: 'E-mail', required: true },
        { id: 'phone', type: 'phone', label: 'Phone' },
        { id: 'date', type: 'custom_field', label: 'When is the day?', customFieldId: '@{custom_fields/date}', required: true },
        { id: 'package', type: 'custom_field', label: 'What do you have in mind?', customFieldId: '@{custom_fields/package}' },
        { id: 'budget', type: 'custom_field', label: 'Your budget', customFieldId: '@{custom_fields/budget}' },
      ],
      conditions: [{ fieldId: 'package', operator: 'is', value: 'Weekend', action: 'require', targetFieldId: 'budget' }],
      onSubmit: {
        action: 'message',
        message: 'Thank you! We answer within a day.',
        tagIds: ['@{tags/lead}'],
        pipelineId: '@{pipelines/sales}',
        stageId: '@{pipelines/sales#Inquiry}',
      },
      autoResponder: { emailTemplateId: '@{email_templates/welcome}', smsTemplateId: '@{templates/hello}' },
      theme: { font: 'Lora', buttonColor: '#8b4a2b', buttonText: 'Send' },
    },
    later: {
      onSubmit: {
        action: 'message',
        message: 'Thank you! We answer within a day.',
        tagIds: ['@{tags/lead}'],
        pipelineId: '@{pipelines/sales}',
        stageId: '@{pipelines/sales#Inquiry}',
        workflowId: '@{workflows/inquiry}',
      },
    },
  },
  {
    kind: 'forms',
    ref: 'booking',
    document: {
      name: 'Booking details',
      fields: [
        { id: 'name', type: 'full_name', label: 'Name', required: true },
        { id: 'email', type: 'email', label: 'E-mail', required: true },
        { id: 'where', type: 'custom_field', label: 'Package', customFieldId: '@{custom_fields/package}' },
      ],
      onSubmit: { tagIds: ['@{tags/client}'] },
    },
  },
  {
    kind: 'calendars',
    ref: 'consultation',
    document: {
      name: 'Consultation',
      description: 'Half an hour to get to know each other',
      calendarType: 'event',
      isActive: true,
      groupId: '@{calendar_groups/meetings}',
      formId: '@{forms/booking}',
      slug: 'consultation',
      widgetType: 'classic',
      eventTitle: 'Consultation with {{contact.name}}',
      eventColor: '#8b4a2b',
      slotDuration: 30,
      slotDurationUnit: 'mins',
      slotInterval: 30,
      slotIntervalUnit: 'mins',
      slotBuffer: 15,
      slotBufferUnit: 'mins',
      allowBookingAfter: 1,
      allowBookingAfterUnit: 'days',
      allowBookingFor: 3,
      allowBookingForUnit: 'months',
      openHours: WEEKDAYS,
      autoConfirm: true,
      locationConfigurations: [{ kind: 'custom', location: 'https://meet.northlight.example' }],
    },
  },
  {
    kind: 'calendars',
    ref: 'portrait',
    document: {
      name: 'Portrait sitting',
      calendarType: 'service_booking',
      isActive: true,
      groupId: '@{calendar_groups/meetings}',
      formId: '@{forms/booking}',
      resourceIds: ['@{calendar_resources/studio}', '@{calendar_resources/camera}'],
      slug: 'portrait',
      slotDuration: 2,
      slotDurationUnit: 'hours',
      slotInterval: 2,
      slotIntervalUnit: 'hours',
      openHours: WEEKDAYS,
      autoConfirm: false,
      formSubmitType: 'ThankYouMessage',
      formSubmitThanksMessage: '<p>We will confirm soon.</p>',
      locationConfigurations: [{ kind: 'physical', location: '12 Mill Lane' }],
    },
  },
]

/** The template location of the demo: every kind, with references between all of them. */
export const DEMO_TEMPLATE: readonly DemoAsset[] = [...FIELDS, ...MESSAGES, ...BOOKING, ...AUTOMATION]
