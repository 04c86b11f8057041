// Hot reload for the console against the running server (`npm start` in another window): http://127.0.0.1:4100/app
import { createServer } from 'vite'

const server = await createServer({ configFile: 'console/vite.config.ts' })
await server.listen()
server.printUrls()
