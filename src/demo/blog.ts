import type { AssetDocument } from '../store/assets/index.ts'
import type { DemoBlog } from './business.ts'
import { DAY_MS, DEMO_NOW_MS, type DemoRecord, demoId } from './people.ts'

export function demoBlog(): DemoBlog {
  const one = (kind: string, document: AssetDocument, n = 0): DemoRecord => ({
    id: demoId(kind, n, 'hex24'),
    document,
    createdAtMs: DEMO_NOW_MS - (100 - n) * DAY_MS,
  })
  const site = 'https://northlight.example'
  const blog = one('blogs', { name: 'Studio news' })
  const author = one('blog_authors', { name: 'Nora North', canonicalLink: `${site}/authors/nora` })
  const category = one('blog_categories', {
    label: 'Weddings',
    urlSlug: 'weddings',
    canonicalLink: `${site}/category/weddings`,
  })
  const titles = ['Ten questions to ask a venue', 'Light in winter', 'What to wear for an engagement shoot']
  const posts = titles.map((title, n) => {
    const urlSlug = title.toLowerCase().replaceAll(' ', '-')
    const text = {
      title,
      description: 'From our studio.',
      rawHTML: `<h1>${title}</h1>`,
      imageUrl: `${site}/${urlSlug}.jpg`,
      imageAltText: title,
    }
    const place = {
      blogId: blog.id,
      author: author.id,
      categories: [category.id],
      tags: ['weddings'],
      urlSlug,
      status: n === 2 ? 'DRAFT' : 'PUBLISHED',
    }
    return one(
      'blog_posts',
      { ...text, ...place, publishedAt: new Date(DEMO_NOW_MS - (90 - n) * DAY_MS).toISOString() },
      n,
    )
  })
  return { blogs: [blog], authors: [author], categories: [category], posts }
}
