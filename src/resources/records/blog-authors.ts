import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Line } from '../shapes.ts'

/** wire/highlevel/blogs.json: AuthorResponseDTO. */
export const blogAuthors = record({
  kind: 'blog_authors',
  label: 'Blog Author',
  noun: 'author',
  idFormat: 'hex24',
  scopes: { read: 'blogs/author.readonly', write: 'blogs/author.write' },
  schema: Type.Object({ name: Line(200), canonicalLink: Line(2000) }, { additionalProperties: false }),
  search: ['name'],
  examples: [{ name: 'Ada Byron', canonicalLink: 'https://studio.example/authors/ada' }],
})
