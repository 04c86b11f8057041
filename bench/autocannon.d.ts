/** What the bench uses of it; the package brings no types. */
declare module 'autocannon' {
  interface Request {
    path?: string
    body?: string
  }
  interface Options {
    url: string
    method?: 'GET' | 'POST'
    headers?: Record<string, string>
    connections?: number
    /** Seconds. */
    duration?: number
    requests?: { setupRequest: (request: Request) => Request }[]
  }
  export default function autocannon(options: Options): Promise<{
    requests: { total: number }
    /** In ms. */
    latency: { p50: number; p99: number }
    /** Seconds. */
    duration: number
    non2xx: number
    errors: number
  }>
}
