import { HighLevel } from '@gohighlevel/api-client'
import { placementOf, type Registry } from '../src/operations/registry.ts'

/** A method of HighLevel's official client. */
export interface SdkMethod {
  service: string
  name: string
  /** It takes a body, after the parameters where it has any. */
  hasBody: boolean
  hasParameters: boolean
}

/** Which method stands for which line (`GET /contacts/{contactId}`): from its own text. */
export function sdkMethods(sdk: HighLevel): Map<string, SdkMethod> {
  const methods = new Map<string, SdkMethod>()
  for (const [service, value] of Object.entries(sdk)) {
    if (typeof value !== 'object' || value === null) continue
    const prototype = Object.getPrototypeOf(value)
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const text = String(Object.getOwnPropertyDescriptor(prototype, name)?.value)
      const [, method, path] = /method: '(\w+)',\s+url: \(0, \w+\.buildUrl\)\('([^']+)'/.exec(text) ?? []
      if (method === undefined) continue
      const [head] = text.split('{') as [string]
      const of = { service, name, hasBody: head.includes('requestBody'), hasParameters: head.includes('params') }
      methods.set(`${method} ${path}`, of)
    }
  }
  return methods
}

export const CONSOLE_SDK = 'console/src/screens/catalogue/sdk-methods.ts'

/** The official client's methods by the operations that they call, for the code that the console shows. */
export function consoleSdk(registry: Registry): string {
  const known = sdkMethods(new HighLevel({ privateIntegrationToken: 'none', logLevel: 'none' as never }))
  const shape = (line: string) => line.replace(/\{\w+\}|:\w+/g, ':').replace(/\/$/, '')
  const byShape = new Map([...known].map(([line, method]) => [shape(line), method]))
  const rows = registry.all.flatMap((operation) => {
    const { method: verb, path } = placementOf(operation)
    const method = byShape.get(shape(`${verb} ${path}`))
    if (method === undefined) return []
    const { service, name, hasParameters, hasBody } = method
    return [`  '${operation.name}': ['${service}', '${name}', ${hasParameters}, ${hasBody}],`]
  })
  return `// Generated from @gohighlevel/api-client (\`npm run generate\`).
/** Service, method, whether it takes parameters, whether it takes a body after them. */
export const SDK_METHODS: Readonly<Record<string, readonly [string, string, boolean, boolean]>> = {
${rows.join('\n')}
}
`
}
