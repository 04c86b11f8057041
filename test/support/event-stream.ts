import { setTimeout as pause } from 'node:timers/promises'

/** A reader of server-sent events. */
export interface EventStream {
  status: number
  headers: Headers
  /** What has come so far. */
  text(): string
  /** Names of the events so far. */
  names(): string[]
  /** Resolves when the server has ended it. */
  ended: Promise<void>
  close(): void
}

export async function openStream(url: string, token: string): Promise<EventStream> {
  const leave = new AbortController()
  const reply = await fetch(url, {
    headers: { version: '2021-07-28', authorization: `Bearer ${token}` },
    signal: leave.signal,
  })
  let text = ''
  const read = async () => {
    const decoder = new TextDecoder()
    for await (const piece of reply.body ?? []) text += decoder.decode(piece, { stream: true })
  }
  return {
    status: reply.status,
    headers: reply.headers,
    text: () => text,
    names: () => [...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name as string),
    ended: read().catch(() => {}),
    close: () => leave.abort(),
  }
}

/** False: not within this time. */
export async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), pause(ms, false, { ref: false })])
}

export async function until(condition: () => boolean | Promise<boolean>, what: string, ms = 5_000): Promise<void> {
  const began = performance.now()
  while (!(await condition())) {
    if (performance.now() - began > ms) throw new Error(`not within ${ms} ms: ${what}`)
    await pause(10)
  }
}
