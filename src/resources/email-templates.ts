import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Choice, Free, Line, List, Markup, Name, Optional, Ref, Shape, Url } from './shapes.ts'

/**
 * wire/highlevel/emails.json: CreateBuilderDto, SaveBuilderDataDto. Ids there are 24 hex digits; folders are templates
 * too.
 */
export const emailTemplates = asset({
  kind: 'email_templates',
  label: 'E-mail Template',
  noun: 'e-mail template',
  idFormat: 'hex24',
  scopes: { read: 'emails/builder.readonly', write: 'emails/builder.write' },
  schema: Type.Object({
    name: Name(),
    title: Optional(Line()),
    type: Choice('html', 'folder', 'import', 'builder', 'blank'),
    builderVersion: Optional(Choice('1', '2')),
    parentId: Optional(Ref('The folder.')),
    templateDataUrl: Optional(Url()),
    importProvider: Optional(Choice('mailchimp', 'active_campaign', 'kajabi')),
    importURL: Optional(Url()),
    templateSource: Optional(Line()),
    isPlainText: Optional(Type.Boolean()),
    subject: Optional(Line(1000)),
    previewText: Optional(Line(1000)),
    editorType: Optional(Choice('html', 'builder', 'text')),
    fromName: Optional(Line(300)),
    fromEmail: Optional(Line(320)),
    archived: Optional(Type.Boolean()),
    html: Optional(Markup()),
    dnd: Optional(Shape({ elements: List(Type.Unknown(), 2000), attrs: Free(), templateSettings: Optional(Free()) })),
    updatedBy: Optional(Line(100)),
  }),
  refs: { parentId: 'email_templates' },
  local: { updatedBy: {} },
  examples: [
    {
      name: 'Newsletter',
      type: 'html',
      editorType: 'html',
      html: '<h1>News</h1>',
      subject: 'What is new',
      isPlainText: false,
    },
  ],
})
