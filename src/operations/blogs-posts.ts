import { Type } from 'typebox'
import { AppError, invalid } from '../errors.ts'
import { blogAuthors } from '../resources/records/blog-authors.ts'
import { blogCategories } from '../resources/records/blog-categories.ts'
import { blogPosts } from '../resources/records/blog-posts.ts'
import { blogs } from '../resources/records/blogs.ts'
import { lockLocation } from '../store/assets.ts'
import { allOf, byCreation, type Condition, equals } from '../store/record-conditions.ts'
import { missingRecords } from '../store/record-links.ts'
import { getRecord, listRecords, type RecordRow } from '../store/record-reads.ts'
import type { RecordDocument } from '../store/record-resource.ts'
import { hasTerm, matchesWords } from '../store/record-terms.ts'
import { createRecord, updateRecord } from '../store/records.ts'
import { PageLimit, PageOffset } from './blogs.ts'
import { Post, toPost } from './blogs-wire.ts'
import { type Context, operation } from './define.ts'
import { Id } from './schemas.ts'

const { title, description, imageUrl, rawHTML, status, imageAltText, categories, tags, author, canonicalLink } = blogPosts.schema.properties
const common = { category: 'Other Operations', token: 'location' } as const
const Slug = () => Type.String({ minLength: 1, maxLength: 200 })

const PostInput = Type.Object({
  title,
  imageUrl,
  description,
  rawHTML,
  status,
  imageAltText,
  categories,
  tags,
  author,
  urlSlug: Slug(),
  canonicalLink,
  publishedAt: Type.String({ format: 'date-time', maxLength: 40 }),
})

const is = (locationId: string, field: string, value: string): Condition => {
  const term = hasTerm(locationId, field, value)
  return allOf([...(term === null ? [] : [term]), equals(field, value)])
}

async function findBySlug(ctx: Context, urlSlug: string): Promise<RecordRow[]> {
  return listRecords(ctx.db, blogPosts, ctx.locationId, { where: is(ctx.locationId, 'urlSlug', urlSlug), limit: 2 })
}

/** 422 with the path of each reference that leads nowhere; 400 when another post of the location has the slug. */
async function checkPost(ctx: Context, post: RecordDocument, postId?: string): Promise<RecordDocument> {
  const missing = async (field: string, kind: typeof blogs | typeof blogAuthors | typeof blogCategories, ids: readonly string[]) =>
    (await missingRecords(ctx.db, kind as never, ctx.locationId, ids)).map((id) => `${field}: there is no ${kind.noun} ${id} in this location`)
  const wanted = (post.categories ?? []) as string[]
  const faults = [
    ...(post.blogId === undefined ? [] : await missing('blogId', blogs, [String(post.blogId)])),
    ...(post.author === undefined ? [] : await missing('author', blogAuthors, [String(post.author)])),
    ...(await missing('categories', blogCategories, wanted)).map((fault) =>
      fault.replace('categories:', `categories[${wanted.findIndex((id) => fault.includes(id))}]:`),
    ),
  ]
  if (faults.length > 0) throw invalid(faults)
  await lockLocation(ctx.tx, ctx.locationId)
  const slug = post.urlSlug as string | undefined
  if (slug !== undefined && (await findBySlug(ctx, slug)).some(({ id }) => id !== postId))
    throw new AppError('exists', { what: blogPosts.noun, field: 'urlSlug', value: slug })
  return post.publishedAt === undefined ? post : { ...post, publishedAt: new Date(String(post.publishedAt)).toISOString() }
}

/** wire/highlevel/blogs.json: the posts. Creating answers 200 there, not 201. */
export const blogPostOperations = [
  operation({
    ...common,
    name: 'blogs.listPosts',
    title: 'Get Blog Posts',
    description: 'List posts by blog, the newest first: while others are added, `offset` repeats some and leaves out none.',
    access: 'read',
    scope: [blogPosts.scopes.read, blogPosts.scopes.write],
    http: 'GET /blogs/posts/all',
    input: Type.Object(
      {
        locationId: Id(),
        blogId: Id(),
        limit: PageLimit(),
        offset: PageOffset(),
        searchTerm: Type.Optional(Type.String({ maxLength: 200, description: 'Beginnings of words in the title.' })),
        status: Type.Optional(status),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ blogs: Type.Array(Post) }),
    async run(ctx, { locationId, blogId, limit, offset, searchTerm = '', status: wanted }) {
      await getRecord(ctx.db, blogs, locationId, blogId)
      const words = matchesWords(locationId, searchTerm)
      const where = allOf([
        is(locationId, 'blogId', blogId),
        ...(words === null ? [] : [words]),
        ...(wanted === undefined ? [] : [is(locationId, 'status', String(wanted))]),
      ])
      const rows = await listRecords(ctx.db, blogPosts, locationId, { where, order: [byCreation('desc')], skip: offset, limit })
      return { blogs: rows.map((row) => toPost(row, locationId)) }
    },
  }),
  operation({
    ...common,
    name: 'blogs.checkSlug',
    title: 'Check Blog URL Slug',
    description: 'Verify slug availability: whether a post of the location, other than `postId`, has it.',
    access: 'read',
    scope: ['blogs/check-slug.readonly', blogPosts.scopes.write],
    http: 'GET /blogs/posts/url-slug-exists',
    input: Type.Object({ locationId: Id(), urlSlug: Slug(), postId: Type.Optional(Id()) }, { additionalProperties: false }),
    output: Type.Object({ exists: Type.Boolean() }),
    async run(ctx, { urlSlug, postId }) {
      return { exists: (await findBySlug(ctx, urlSlug)).some(({ id }) => id !== postId) }
    },
  }),
  operation({
    ...common,
    name: 'blogs.createPost',
    title: 'Create Blog Post',
    description: 'Publish new blog post. Blog, author and categories must be there; the slug is unique in the location.',
    access: 'write',
    scope: blogPosts.scopes.write,
    http: 'POST /blogs/posts',
    input: Type.Object({ locationId: Id(), blogId: Id(), ...PostInput.properties }, { additionalProperties: false }),
    output: Type.Object({ data: Post }),
    async run(ctx, { locationId, ...input }) {
      return { data: toPost(await createRecord(ctx.scope, blogPosts, await checkPost(ctx, input)), locationId) }
    },
  }),
  operation({
    ...common,
    name: 'blogs.updatePost',
    title: 'Update Blog Post',
    description: 'Edit blog post: replaces the properties that the body names and keeps the others.',
    access: 'write',
    scope: ['blogs/post-update.write', blogPosts.scopes.write],
    http: 'PUT /blogs/posts/:postId',
    input: Type.Object({ postId: Id(), locationId: Id(), blogId: Type.Optional(Id()), ...Type.Partial(PostInput).properties }, { additionalProperties: false }),
    output: Type.Object({ updatedBlogPost: Post }),
    async run(ctx, { postId, locationId, ...input }) {
      await getRecord(ctx.db, blogPosts, locationId, postId)
      const changes = await checkPost(ctx, input, postId)
      return { updatedBlogPost: toPost(await updateRecord(ctx.scope, blogPosts, postId, ({ document }) => ({ ...document, ...changes })), locationId) }
    },
  }),
]
