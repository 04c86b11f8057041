import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * The program that asked for access, as far as a browser sees it: an address that codes come to, and a page that frames
 * another.
 */
export interface OutsideApp extends AsyncDisposable {
  origin: string
  redirectUri: string
  /** The query of the last visit to the redirect address. */
  received(): URLSearchParams | null
}

export async function startOutsideApp(): Promise<OutsideApp> {
  let last: URLSearchParams | null = null
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://app')
    response.setHeader('content-type', 'text/html')
    if (url.pathname === '/callback') {
      last = url.searchParams
      response.end('<!doctype html><html lang="en"><title>The app</title><h1>Back in the app</h1></html>')
    } else if (url.pathname === '/frame') {
      response.end(
        `<!doctype html><title>Win a prize</title><iframe src="${url.searchParams.get('of')?.replaceAll('&', '&amp;')}"></iframe>`,
      )
    } else response.writeHead(204).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    redirectUri: `${origin}/callback`,
    received: () => last,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
