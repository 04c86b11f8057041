import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Choice, Line, List, Markup, Name, Optional, Shape, Text, Url } from './shapes.ts'

/**
 * wire/highlevel/locations.json: GetSmsTemplateResponseSchema and GetEmailTemplateResponseSchema. Bodies carry merge
 * tags and trigger links (`{{trigger_link.ID}}`), so ids hide in their text.
 */
export const templates = asset({
  kind: 'templates',
  label: 'Template',
  noun: 'template',
  scopes: { read: 'locations/templates.readonly', write: 'locations/templates.write' },
  schema: Type.Object({
    name: Name(),
    type: Choice('sms', 'email', 'whatsapp'),
    template: Shape({
      subject: Optional(Line(1000)),
      body: Optional(Text()),
      html: Optional(Markup()),
      attachments: Optional(List(Url(), 50)),
    }),
    urlAttachments: Optional(List(Url(), 50)),
  }),
  key: (template) => `${template.type}/${template.name}`,
  examples: [
    {
      name: 'Reminder',
      type: 'sms',
      template: { body: 'Hi {{contact.first_name}}, see you tomorrow!', attachments: [] },
      urlAttachments: [],
    },
    {
      name: 'Welcome',
      type: 'email',
      template: { subject: 'Welcome', html: '<p>Good to have you.</p>', attachments: [] },
    },
  ],
})
