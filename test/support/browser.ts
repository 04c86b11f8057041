import assert from 'node:assert/strict'

/** What a browser shows: the page's address, text and forms. */
export interface Shown {
  url: string
  status: number
  headers: Headers
  html: string
}

interface Form {
  method: string
  action: string
  fields: Map<string, string>
}

/** A browser without scripts: it keeps cookies, follows redirects within the server, and sends forms as they stand. */
export class Browser {
  readonly #origin: string
  readonly cookies = new Map<string, string>()
  /** What a proxy on the way adds. */
  headers: Record<string, string> = {}
  /** Where the server sent it away to, unvisited. */
  leftTo: URL | null = null

  constructor(origin: string) {
    this.#origin = origin
  }

  async open(path: string, init: RequestInit = {}): Promise<Shown> {
    const url = new URL(path, this.#origin)
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...this.headers, ...(init.headers as object), ...(cookie === '' ? {} : { cookie }) },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const location = response.headers.get('location')
    const shown = { url: url.href, status: response.status, headers: response.headers, html: await response.text() }
    if (location === null) return shown
    const target = new URL(location, url)
    if (target.origin === this.#origin) return this.open(target.href)
    this.leftTo = target
    return shown
  }

  /** Sends the form that holds a certain text, with some fields filled in. */
  send(page: Shown, holding: string, filled: Record<string, string>): Promise<Shown> {
    const form = formsOf(page.html).find(({ html }) => html.includes(holding))
    assert.ok(form, `no form with ${holding} in ${page.html}`)
    const fields = new URLSearchParams({ ...Object.fromEntries(form.fields), ...filled })
    const action = new URL(form.action, page.url)
    assert.equal(form.method, 'post')
    return this.open(action.href, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: fields.toString(),
    })
  }
}

function formsOf(html: string): (Form & { html: string })[] {
  return [...html.matchAll(/<form ([^>]*)>([\s\S]*?)<\/form>/g)].map(([all, head = '', body = '']) => {
    const hidden = [...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
      (field) => [unescaped(field[1]!), unescaped(field[2]!)] as const,
    )
    return { html: all, method: attribute(head, 'method'), action: attribute(head, 'action'), fields: new Map(hidden) }
  })
}

const attribute = (head: string, name: string) => unescaped(new RegExp(`${name}="([^"]*)"`).exec(head)?.[1] ?? '')

const unescaped = (text: string) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
