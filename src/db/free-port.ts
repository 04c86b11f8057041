import { createServer } from 'node:net'

export function freePort(): Promise<number> {
  return listenOn(0) as Promise<number>
}

export const isFree = async (port: number) => (await listenOn(port)) !== null

/** The port, if it could be had. */
function listenOn(wanted: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => (wanted === 0 ? reject(error) : resolve(null)))
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
