import { registerHooks } from 'node:module'

/** For a client that has the address of its service in its text: the same text with the address that is asked for. */
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.includes('/gohighlevel-mcp/build/')) return loaded
    const source = String(loaded.source).replace('https://services.leadconnectorhq.com', process.env.CLIENT_ADDRESS)
    return { ...loaded, source }
  },
})
