import { Type } from 'typebox'
import { blogPosts } from '../../resources/records/blog-posts.ts'
import { blogs } from '../../resources/records/blogs.ts'
import {
  allOf,
  byCreation,
  createRecord,
  getRecord,
  listRecords,
  matchesWords,
  updateRecord,
} from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { PageLimit, PageOffset } from './blogs.ts'
import { checkPost, findBySlug, is, PostInput, Slug, status } from './post-checks.ts'
import { Post, toPost } from './wire.ts'

const common = { category: 'Other Operations', token: 'location' } as const

/** wire/highlevel/blogs.json: the posts. Creating answers 200 there, not 201. */
export const blogPostOperations = [
  operation({
    ...common,
    name: 'blogs.listPosts',
    title: 'Get Blog Posts',
    description:
      'List posts by blog, the newest first: while others are added, `offset` repeats some and leaves out none.',
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
        status: Type.Optional(Type.Enum(['ALL', ...status.enum])),
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
        ...(wanted === undefined || wanted === 'ALL' ? [] : [is(locationId, 'status', String(wanted))]),
      ])
      const rows = await listRecords(ctx.db, blogPosts, locationId, {
        where,
        order: [byCreation('desc')],
        skip: offset,
        limit,
      })
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
    input: Type.Object(
      { locationId: Id(), urlSlug: Slug(), postId: Type.Optional(Id()) },
      { additionalProperties: false },
    ),
    output: Type.Object({ exists: Type.Boolean() }),
    async run(ctx, { urlSlug, postId }) {
      return { exists: (await findBySlug(ctx, urlSlug)).some(({ id }) => id !== postId) }
    },
  }),
  operation({
    ...common,
    name: 'blogs.createPost',
    title: 'Create Blog Post',
    description:
      'Publish new blog post. Blog, author and categories must be there; the slug is unique in the location.',
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
    input: Type.Object(
      { postId: Id(), locationId: Id(), blogId: Type.Optional(Id()), ...Type.Partial(PostInput).properties },
      { additionalProperties: false },
    ),
    output: Type.Object({ updatedBlogPost: Post }),
    async run(ctx, { postId, locationId, ...input }) {
      await getRecord(ctx.db, blogPosts, locationId, postId)
      const changes = await checkPost(ctx, input, postId)
      return {
        updatedBlogPost: toPost(
          await updateRecord(ctx.scope, blogPosts, postId, ({ document }) => ({ ...document, ...changes })),
          locationId,
        ),
      }
    },
  }),
]
