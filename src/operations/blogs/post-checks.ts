import { Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { blogAuthors } from '../../resources/records/blog-authors.ts'
import { blogCategories } from '../../resources/records/blog-categories.ts'
import { blogPosts } from '../../resources/records/blog-posts.ts'
import { blogs } from '../../resources/records/blogs.ts'
import { lockLocation } from '../../store/assets/index.ts'
import {
  allOf,
  type Condition,
  equals,
  hasTerm,
  listRecords,
  missingRecords,
  type RecordDocument,
  type RecordRow,
} from '../../store/records/index.ts'
import type { Context } from '../define.ts'

export const {
  title,
  description,
  imageUrl,
  rawHTML,
  status,
  imageAltText,
  categories,
  tags,
  author,
  canonicalLink,
  wordCount,
} = blogPosts.schema.properties
export const Slug = () => Type.String({ minLength: 1, maxLength: 200 })

export const PostInput = Type.Object({
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
  wordCount,
  publishedAt: Type.String({ format: 'date-time', maxLength: 40 }),
})

export const is = (locationId: string, field: string, value: string): Condition => {
  const term = hasTerm(locationId, field, value)
  return allOf([...(term === null ? [] : [term]), equals(field, value)])
}

export async function findBySlug(ctx: Context, urlSlug: string): Promise<RecordRow[]> {
  return listRecords(ctx.db, blogPosts, ctx.locationId, { where: is(ctx.locationId, 'urlSlug', urlSlug), limit: 2 })
}

/** 422 with the path of each reference that leads nowhere; 400 when another post of the location has the slug. */
export async function checkPost(ctx: Context, post: RecordDocument, postId?: string): Promise<RecordDocument> {
  const missing = async (
    field: string,
    kind: typeof blogs | typeof blogAuthors | typeof blogCategories,
    ids: readonly string[],
  ) =>
    (await missingRecords(ctx.db, kind as never, ctx.locationId, ids)).map(
      (id) => `${field}: there is no ${kind.noun} ${id} in this location`,
    )
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
  return post.publishedAt === undefined
    ? post
    : { ...post, publishedAt: new Date(String(post.publishedAt)).toISOString() }
}
