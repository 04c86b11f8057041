import { blogOperations } from './blogs.ts'
import { blogPostOperations } from './posts.ts'

/** Blogs and their posts. */
export const operations = [...blogOperations, ...blogPostOperations]
