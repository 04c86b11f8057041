import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Name } from './shapes.ts'

/** wire/highlevel/locations.json: LocationTagsSchema. */
export const tags = asset({
  kind: 'tags',
  label: 'Tag',
  noun: 'tag',
  scopes: { read: 'locations/tags.readonly', write: 'locations/tags.write' },
  schema: Type.Object({ name: Name() }),
  unique: 'name',
  examples: [{ name: 'vip' }],
})
