import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Name, Url } from './shapes.ts'

/** wire/highlevel/links.json: LinkSchema. Its `fieldKey` is `{{trigger_link.ID}}`, so texts name a link by its id. */
export const triggerLinks = asset({
  kind: 'trigger_links',
  label: 'Trigger Link',
  noun: 'link',
  scopes: { read: 'links.readonly', write: 'links.write' },
  schema: Type.Object({ name: Name(), redirectTo: Url() }),
  examples: [{ name: 'Price list', redirectTo: 'https://example.com/prices' }],
})
