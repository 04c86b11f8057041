import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Choice, Line, List, Markup, Optional, Text } from '../shapes.ts'

/** wire/highlevel/blogs.json: BlogPostResponseDTO, CreateBlogPostParams. */
export const blogPosts = record({
  kind: 'blog_posts',
  label: 'Blog Post',
  noun: 'post',
  idFormat: 'hex24',
  scopes: { read: 'blogs/posts.readonly', write: 'blogs/post.write' },
  schema: Type.Object(
    {
      blogId: Line(64),
      title: Line(500),
      description: Text(),
      imageUrl: Line(2000),
      imageAltText: Line(500),
      rawHTML: Markup(),
      status: Choice('DRAFT', 'PUBLISHED', 'SCHEDULED', 'ARCHIVED'),
      categories: List(Line(64), 100),
      tags: Optional(List(Line(200), 100)),
      author: Line(64),
      urlSlug: Line(200),
      canonicalLink: Optional(Line(2000)),
      publishedAt: Line(40),
      wordCount: Optional(Type.Integer({ minimum: 0, maximum: 10_000_000 })),
    },
    { additionalProperties: false },
  ),
  search: ['title'],
  exact: ['blogId', 'status', 'urlSlug', 'author', 'categories'],
  examples: [
    {
      blogId: '66c381b38be80858b9af62b6',
      title: 'Ten questions to ask a venue',
      description: 'What to find out before you sign.',
      imageUrl: 'https://studio.example/venue.jpg',
      imageAltText: 'A venue by the sea',
      rawHTML: '<h1>Ten questions</h1>',
      status: 'PUBLISHED',
      categories: ['659ecabc4a37969a2b7cc370'],
      tags: ['venues'],
      author: '659ec9634a3796e4e47cc360',
      urlSlug: 'ten-questions',
      publishedAt: '2026-03-03T09:00:00.000Z',
    },
  ],
})
