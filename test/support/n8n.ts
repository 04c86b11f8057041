import { mkdtempDisposableSync } from 'node:fs'
import { createRequire, type ModuleHooks, registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../clients')
const NAME = 'Tried'
const REDIRECTED = '/nodes/HighLevel/'

// biome-ignore lint/suspicious/noExplicitAny: n8n comes with its own lock file, and its types with it
type Any = any

/** A node that is run. */
export interface Tool {
  type: string
  typeVersion: number
  /** The name of the credential that it is given. */
  credential: string
  /** What an operation by its name (`resource.operation`) is in its parameters. */
  parametersOf(operation: string): Record<string, unknown>
  make(need: NodeJS.Require): Any
  /** How its requests carry a credential that is no OAuth2. */
  authenticate?: (credential: Credential) => { headers: Record<string, string> }
}

const HIGH_LEVEL: Tool = {
  type: 'n8n-nodes-base.highLevel',
  typeVersion: 2,
  credential: 'highLevelOAuth2Api',
  parametersOf(operation) {
    const [resource, name] = operation.split('.')
    return { resource, operation: name }
  },
  make(need) {
    for (const path of Object.keys(need.cache)) if (path.includes(REDIRECTED)) delete need.cache[path]
    const { HighLevel } = need('n8n-nodes-base/dist/nodes/HighLevel/HighLevel.node.js')
    return new HighLevel().nodeVersions[2]
  },
}

export interface Credential {
  /** Where the service is, in place of the address in the node's text. */
  url: string
  clientId?: string
  clientSecret?: string
  /** As n8n keeps what the exchange of a code answered. */
  oauthTokenData?: Record<string, unknown>
  /** What a credential of another kind holds. */
  [more: string]: unknown
}

/** A workflow that begins with the node, as a webhook. */
export interface Trigger {
  /** What n8n does when the workflow is switched on or off. */
  hook(method: 'checkExists' | 'create' | 'delete'): Promise<boolean>
  /** What it keeps from one time to the next. */
  kept: Record<string, unknown>
  /** What a request to it starts the workflow with; or the status of the refusal. */
  take(request: { headers: object; raw: string; body: unknown }): Promise<Any[] | number>
}

export interface N8n extends Disposable {
  /** The operations that the node offers, as `resource.operation`. */
  operations: string[]
  /** Those that ran. */
  ran: Set<string>
  credential: Credential
  /**
   * Executes a workflow of a manual trigger and the node: the items that the node gives. Parameters that are not named
   * have the defaults of the node. Throws what the node reports.
   */
  run(operation: string, parameters?: Record<string, unknown>): Promise<Any[]>
  /** What a drop-down list of the node offers, with the parameters that are filled in already. */
  options(method: string, operation: string, parameters?: Record<string, unknown>): Promise<Any[]>
  /** What a list with a search field offers. */
  search(method: string, filter?: string): Promise<Any[]>
  /** `url`: where n8n takes webhooks. */
  trigger(url: string, parameters: Record<string, unknown>): Trigger
}

/**
 * n8n's own engine with a node: its own HighLevel node, second version, as its users have it (only the address is
 * another), or another one.
 */
export function startN8n(credential: Credential, tool = HIGH_LEVEL): N8n {
  const { credential: CREDENTIAL, type: NODE, typeVersion } = tool
  const need = createRequire(join(FOLDER, 'package.json'))
  // It writes its key into a folder of its own. Named so that the runner sweeps it when we are killed.
  const folder = mkdtempDisposableSync(join(tmpdir(), `tintype-test-${process.pid}-n8n-`))
  Object.assign(process.env, { N8N_USER_FOLDER: folder.path, N8N_LOG_LEVEL: 'silent' })
  redirect(credential.url)
  const { ExecutionLifecycleHooks, HookContext, LoadOptionsContext, WebhookContext, WorkflowExecute } = need('n8n-core')
  const { NodeHelpers, Workflow } = need('n8n-workflow')
  const { ManualTrigger } = need('n8n-nodes-base/dist/nodes/ManualTrigger/ManualTrigger.node.js')
  const node = tool.make(need)
  const trigger = new ManualTrigger()
  const typeOf = (name: string) => (name === NODE ? node : trigger)
  const nodeTypes = { getByName: typeOf, getByNameAndVersion: typeOf, getKnownTypes: () => ({}) }
  const additionalData = (): Any => ({
    credentialsHelper: credentialsHelper(credential, tool),
    executionId: '1',
    currentNodeExecutionIndex: 0,
    variables: {},
    restApiUrl: credential.url,
    webhookBaseUrl: credential.url,
    webhookWaitingBaseUrl: credential.url,
    formWaitingBaseUrl: credential.url,
    hooks: new ExecutionLifecycleHooks('manual', '1', { id: '1', name: 'test', nodes: [], connections: {} }),
  })
  const workflowOf = (operation: string, given: Record<string, unknown>) => {
    const { properties } = node.description
    const parameters = { ...tool.parametersOf(operation), ...given }
    const filled = NodeHelpers.getNodeParameters(properties, parameters, true, false, { typeVersion }, node.description)
    const credentials = { [CREDENTIAL]: { id: '1', name: 'Mine' } }
    return new Workflow({
      id: '1',
      nodes: [
        {
          id: '1',
          name: 'Start',
          type: 'n8n-nodes-base.manualTrigger',
          typeVersion: 1,
          position: [0, 0],
          parameters: {},
        },
        {
          id: '2',
          name: NAME,
          type: NODE,
          typeVersion,
          position: [0, 0],
          parameters: filled,
          credentials,
          webhookId: 'tried',
        },
      ],
      connections: { Start: { main: [[{ node: NAME, type: 'main', index: 0 }]] } },
      active: false,
      nodeTypes,
      settings: { executionOrder: 'v1' },
    })
  }
  const ran = new Set<string>()
  const contextOf = (operation: string, parameters: Record<string, unknown>) => {
    const workflow = workflowOf(operation, parameters)
    const { parameters: currentNodeParameters } = workflow.getNode(NAME)
    const data = { ...additionalData(), currentNodeParameters }
    return new LoadOptionsContext(workflow, workflow.getNode(NAME), data, '')
  }
  return {
    credential,
    ran,
    operations: node.description.properties
      .filter(({ name }: Any) => name === 'operation')
      .flatMap(({ options, displayOptions }: Any) =>
        options.map(({ value }: Any) => `${displayOptions.show.resource[0]}.${value}`),
      ),
    async run(operation, parameters = {}) {
      ran.add(operation)
      const workflow = workflowOf(operation, parameters)
      const { data } = await new WorkflowExecute(additionalData(), 'manual').run({ workflow })
      const { error, runData } = data.resultData
      if (error !== undefined) throw new Error(`${error.message}: ${error.description ?? ''}`, { cause: error })
      return runData[NAME][0].data.main[0].map(({ json }: Any) => json)
    },
    options: (method, operation, parameters = {}) =>
      node.methods.loadOptions[method].call(contextOf(operation, parameters)),
    search: async (method, filter) =>
      (await node.methods.listSearch[method].call(contextOf('contact.create', {}), filter)).results,
    trigger(webhookBaseUrl, parameters) {
      const workflow = workflowOf('', parameters)
      const node = workflow.getNode(NAME)
      const [webhookDescription] = typeOf(NODE).description.webhooks
      const data = { ...additionalData(), webhookBaseUrl }
      return {
        kept: workflow.getStaticData('node', node),
        hook: (method) =>
          typeOf(NODE).webhookMethods.default[method].call(
            new HookContext(workflow, node, data, 'trigger', 'activate'),
          ),
        async take({ headers, raw, body }) {
          let refused = 0
          const httpResponse = { status: (status: number) => ({ end: () => (refused = status) }) }
          const httpRequest = { headers, body, rawBody: Buffer.from(raw) }
          const whole = { ...data, httpRequest, httpResponse }
          const context = new WebhookContext(workflow, node, whole, 'webhook', { webhookDescription }, [], null)
          const { workflowData } = await typeOf(NODE).webhook.call(context)
          return workflowData === undefined ? refused : workflowData[0].map(({ json }: Any) => json)
        },
      }
    },
    [Symbol.dispose]: () => folder.remove(),
  }
}

let hooks: ModuleHooks | undefined

/** The address of the service stands in the node's text: the same text with another one. */
function redirect(url: string): void {
  hooks?.deregister()
  hooks = registerHooks({
    load(address, context, next) {
      const loaded = next(address, context)
      if (!address.includes(REDIRECTED)) return loaded
      return { ...loaded, source: String(loaded.source).replaceAll('https://services.leadconnectorhq.com', url) }
    },
  })
}

/** Where n8n keeps what people connected. */
function credentialsHelper(credential: Credential, { authenticate }: Tool): Any {
  return {
    getParentTypes: () => (authenticate === undefined ? ['oAuth2Api'] : []),
    async authenticate(_: unknown, __: unknown, request: Any) {
      return { ...request, headers: { ...request.headers, ...authenticate?.(credential).headers } }
    },
    isCredentialUsableByNode: () => true,
    getCredentialsProperties: () => [],
    runPreAuthentication: async () => undefined,
    preAuthentication: async () => undefined,
    getDecrypted: async () => ({
      ...credential,
      grantType: 'authorizationCode',
      accessTokenUrl: `${credential.url}/oauth/token`,
      authentication: 'body',
      clientId: credential.clientId ?? '',
      clientSecret: credential.clientSecret ?? '',
      oauthTokenData: credential.oauthTokenData,
    }),
    async updateCredentialsOauthTokenData(_: unknown, __: unknown, { oauthTokenData }: Any) {
      credential.oauthTokenData = oauthTokenData
    },
  }
}
