/** Answers that are streams rather than JSON values. */
export interface StreamAnswer {
  contentType: string
  fileName?: string
  /**
   * Shown where somebody follows a link to it. Only for what can do nothing there; everything else is kept as a file.
   */
  inline?: boolean
  /** When it is known beforehand. */
  sizeBytes?: number
  body: AsyncIterable<string | Uint8Array>
  /** In place of the body: all of it, as gzip; unpacked for whoever does not take that. */
  packed?: Uint8Array
  /** What can be asked for in parts; needs `sizeBytes`. */
  parts?: {
    /** Of all bytes: parts of two different files are never put together. */
    sha256: string
    /** Both ends included. */
    read(from: number, to: number): AsyncIterable<Uint8Array>
  }
}

const STATUS = Symbol('status')
const HEADERS = Symbol('headers')

export interface WithStatus<T> {
  [STATUS]?: number
  [HEADERS]?: Readonly<Record<string, string>>
  body: T
}

/** An answer whose status differs from the operation's own (an upsert that updated). */
export function withStatus<T>(status: number, body: T): WithStatus<T> {
  return { [STATUS]: status, body }
}

/** An answer that says something beside its body. */
export function withHeaders<T>(headers: Readonly<Record<string, string>>, body: T): WithStatus<T> {
  return { [HEADERS]: headers, body }
}

/** Splits an answer into status, headers and body. */
export function statusOf(
  operationStatus: number,
  answer: unknown,
): { status: number; headers?: Readonly<Record<string, string>>; body: unknown } {
  const special = answer as Partial<WithStatus<unknown>> | null
  const { [STATUS]: status, [HEADERS]: headers } = special ?? {}
  if (status === undefined && headers === undefined) return { status: operationStatus, body: answer }
  return { status: status ?? operationStatus, ...(headers === undefined ? {} : { headers }), body: special?.body }
}
