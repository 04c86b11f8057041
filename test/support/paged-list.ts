import type { Input } from './catalogue-inputs.ts'
import type { Reply } from './client.ts'

export type Item = Input & { id?: string; _id?: string }

export interface List {
  path(): string
  items(body: Input): Item[]
  /** Adds one more. `unique` is a short text that nothing else has. */
  add(unique: string): Promise<Reply>
  body?: () => Input
  query?: () => Input
  byAgency?: boolean
  /** Called `limit` elsewhere. */
  sizeName?: string
  /** Where the wire takes none so small as two. */
  pageSize?: number
  /**
   * What the next request says after a page, beside the size. `seen` is how many came so far. Null: that was the last
   * page.
   */
  next(page: { body: Input; items: Item[]; seen: number }): Input | null
}

/** Things on one page where a list does not say otherwise. */
export const PAGE = 2

export const listed = (name: string) => (body: Input) => body[name] as Item[]
export const bySkip = ({ seen }: { seen: number }) => ({ skip: seen })
export const byOffset = ({ seen }: { seen: number }) => ({ offset: seen })
