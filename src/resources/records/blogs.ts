import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Line } from '../shapes.ts'

/** wire/highlevel/blogs.json: BlogResponseDTO. */
export const blogs = record({
  kind: 'blogs',
  label: 'Blog',
  noun: 'blog',
  idFormat: 'hex24',
  scopes: { read: 'blogs/list.readonly', write: 'blogs/list.write' },
  schema: Type.Object({ name: Line(200) }, { additionalProperties: false }),
  search: ['name'],
  examples: [{ name: 'Studio news' }],
})
