import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Line } from '../shapes.ts'

/** wire/highlevel/blogs.json: CategoryResponseDTO. */
export const blogCategories = record({
  kind: 'blog_categories',
  label: 'Blog Category',
  noun: 'category',
  idFormat: 'hex24',
  scopes: { read: 'blogs/category.readonly', write: 'blogs/category.write' },
  schema: Type.Object(
    { label: Line(200), urlSlug: Line(200), canonicalLink: Line(2000) },
    { additionalProperties: false },
  ),
  search: ['label'],
  exact: ['urlSlug'],
  examples: [{ label: 'Weddings', urlSlug: 'weddings', canonicalLink: 'https://studio.example/category/weddings' }],
})
