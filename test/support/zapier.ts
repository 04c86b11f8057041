import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Input } from './catalogue-inputs.ts'
import { CONNECTORS } from './connectors.ts'

// biome-ignore lint/suspicious/noExplicitAny: Zapier's own engine comes with a lock file of its own
type Any = any

export interface Zapier {
  /** As it is handed to Zapier. */
  app: Any
  /** One method of the app as Zapier runs it, by its checks: what it answers. Throws what it refuses. */
  run(method: string, bundle?: Any): Promise<Any>
  perform(kind: 'triggers' | 'searches' | 'creates', key: string, inputData?: Input): Promise<Any>
  command(command: string): Promise<Any>
  authData: Any
}

/** The app in Zapier's own engine, against a server of ours. */
export function startZapier({ url, authData, client }: { url: string; authData: Any; client?: Any }): Zapier {
  Object.assign(process.env, { TINTYPE_URL: url, ...client })
  const core = createRequire(join(import.meta.dirname, '../clients/package.json'))('zapier-platform-core')
  const app = createRequire(join(CONNECTORS, 'zapier/package.json'))('./index.js')
  const handler = core.createAppHandler(app)
  const run = async (method: string, bundle: Any = {}) => {
    const whole = { authData: zapier.authData, inputData: {}, meta: {}, ...bundle }
    return (await handler({ command: 'execute', method, bundle: whole })).results
  }
  const zapier: Zapier = {
    app,
    authData,
    run,
    perform: (kind, key, inputData = {}) => run(`${kind}.${key}.operation.perform`, { inputData }),
    command: async (command) => (await handler({ command })).results,
  }
  return zapier
}
