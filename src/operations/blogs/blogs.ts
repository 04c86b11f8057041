import { Type } from 'typebox'
import { blogAuthors } from '../../resources/records/blog-authors.ts'
import { blogCategories } from '../../resources/records/blog-categories.ts'
import { blogs } from '../../resources/records/blogs.ts'
import { createRecord, listRecords, matchesWords } from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { Id, Name } from '../schemas.ts'
import { Author, Blog, Category, toBlogThing, toCategory } from './wire.ts'

const common = { category: 'Other Operations', token: 'location' } as const
export const PageLimit = () => Type.Integer({ minimum: 1, maximum: 500 })
export const PageOffset = () => Type.Integer({ minimum: 0, maximum: 1_000_000 })
const Url = () => Type.Optional(Type.String({ maxLength: 2000 }))

/** Lower case, words joined by dashes. */
const slugOf = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '') || 'category'

/** wire/highlevel/blogs.json: the lists of blogs, authors and categories. Making them is ours (contract, "Assets"). */
export const blogOperations = [
  operation({
    ...common,
    name: 'blogs.list',
    title: 'Get Blogs by Location',
    description: 'List location blogs, by creation.',
    access: 'read',
    scope: [blogs.scopes.read, blogs.scopes.write],
    http: 'GET /blogs/site/all',
    input: Type.Object(
      {
        locationId: Id(),
        skip: PageOffset(),
        limit: PageLimit(),
        searchTerm: Type.Optional(Type.String({ maxLength: 200 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ data: Type.Array(Blog) }),
    async run(ctx, { locationId, skip, limit, searchTerm = '' }) {
      const rows = await listRecords(ctx.db, blogs, locationId, {
        where: matchesWords(locationId, searchTerm),
        skip,
        limit,
      })
      return { data: rows.map((row) => toBlogThing(row, locationId)) }
    },
  }),
  operation({
    ...common,
    name: 'blogs.create',
    title: 'Create Blog',
    description: 'Makes a blog, which posts name in `blogId`.',
    access: 'write',
    scope: blogs.scopes.write,
    http: 'POST /blogs/',
    status: 201,
    input: Type.Object({ locationId: Id(), name: Name() }, { additionalProperties: false }),
    output: Type.Object({ blog: Type.Intersect([Blog, Type.Object({ id: Type.String() })]) }),
    async run(ctx, { locationId, ...document }) {
      const row = await createRecord(ctx.scope, blogs, document)
      return { blog: { id: row.id, ...(toBlogThing(row, locationId) as object) } as never }
    },
  }),
  operation({
    ...common,
    name: 'blogs.listAuthors',
    title: 'Get Blog Authors',
    description: 'List blog authors, by creation.',
    access: 'read',
    scope: [blogAuthors.scopes.read, blogAuthors.scopes.write],
    http: 'GET /blogs/authors',
    input: Type.Object({ locationId: Id(), limit: PageLimit(), offset: PageOffset() }, { additionalProperties: false }),
    output: Type.Object({ authors: Type.Array(Author) }),
    async run(ctx, { locationId, limit, offset }) {
      const rows = await listRecords(ctx.db, blogAuthors, locationId, { skip: offset, limit })
      return { authors: rows.map((row) => toBlogThing(row, locationId)) }
    },
  }),
  operation({
    ...common,
    name: 'blogs.createAuthor',
    title: 'Create Blog Author',
    description: 'Makes an author, whom posts name in `author`.',
    access: 'write',
    scope: blogAuthors.scopes.write,
    http: 'POST /blogs/authors',
    status: 201,
    input: Type.Object({ locationId: Id(), name: Name(), canonicalLink: Url() }, { additionalProperties: false }),
    output: Type.Object({ author: Type.Intersect([Author, Type.Object({ id: Type.String() })]) }),
    async run(ctx, { locationId, name, canonicalLink = '' }) {
      const row = await createRecord(ctx.scope, blogAuthors, { name, canonicalLink })
      return { author: { id: row.id, ...(toBlogThing(row, locationId) as object) } as never }
    },
  }),
  operation({
    ...common,
    name: 'blogs.listCategories',
    title: 'Get Blog Categories',
    description: 'List blog categories, by creation.',
    access: 'read',
    scope: [blogCategories.scopes.read, blogCategories.scopes.write],
    http: 'GET /blogs/categories',
    input: Type.Object({ locationId: Id(), limit: PageLimit(), offset: PageOffset() }, { additionalProperties: false }),
    output: Type.Object({ categories: Type.Array(Category) }),
    async run(ctx, { locationId, limit, offset }) {
      const rows = await listRecords(ctx.db, blogCategories, locationId, { skip: offset, limit })
      return { categories: rows.map((row) => toCategory(row, locationId)) }
    },
  }),
  operation({
    ...common,
    name: 'blogs.createCategory',
    title: 'Create Blog Category',
    description: 'Makes a category, which posts name in `categories`. Without a slug it gets one from its label.',
    access: 'write',
    scope: blogCategories.scopes.write,
    http: 'POST /blogs/categories',
    status: 201,
    input: Type.Object(
      {
        locationId: Id(),
        label: Name(),
        urlSlug: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        canonicalLink: Url(),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ category: Type.Intersect([Category, Type.Object({ id: Type.String() })]) }),
    async run(ctx, { locationId, label, urlSlug = slugOf(label), canonicalLink = '' }) {
      const row = await createRecord(ctx.scope, blogCategories, {
        label,
        urlSlug: urlSlug.slice(0, 200),
        canonicalLink,
      })
      return { category: { id: row.id, ...(toCategory(row, locationId) as object) } as never }
    },
  }),
]
