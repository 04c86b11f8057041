import { type TSchema, Type } from 'typebox'
import { blogAuthors } from '../../resources/records/blog-authors.ts'
import { blogCategories } from '../../resources/records/blog-categories.ts'
import { blogPosts } from '../../resources/records/blog-posts.ts'
import { blogs } from '../../resources/records/blogs.ts'
import type { RecordRow } from '../../store/records/index.ts'
import { Noun } from '../schemas.ts'

const written = { createdAt: Type.String(), updatedAt: Type.String() }

// wire/highlevel/blogs.json: BlogResponseDTO, AuthorResponseDTO, CategoryResponseDTO, BlogPostResponseDTO.
const answerOf = (title: string, properties: object) =>
  Noun(title, { _id: Type.String(), locationId: Type.String(), ...(properties as Record<string, TSchema>), ...written })

export const Blog = answerOf('Blog', blogs.schema.properties)
export const Author = answerOf('BlogAuthor', blogAuthors.schema.properties)
/** The specification demands a `name` that it does not describe: the label again. */
export const Category = answerOf('BlogCategory', { name: Type.String(), ...blogCategories.schema.properties })
export const Post = answerOf('BlogPost', { ...blogPosts.schema.properties, archived: Type.Boolean() })

/** Things of a blog carry `_id` where others carry `id`. */
export function toBlogThing({ id, document, createdAt, updatedAt }: RecordRow, locationId: string): never {
  return {
    _id: id,
    locationId,
    ...document,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  } as never
}

export function toCategory(row: RecordRow, locationId: string): never {
  return { name: row.document.label, ...(toBlogThing(row, locationId) as object) } as never
}

export function toPost(row: RecordRow, locationId: string): never {
  return {
    archived: row.document.status === 'ARCHIVED',
    tags: [],
    ...(toBlogThing(row, locationId) as object),
  } as never
}
