import type { FastifyInstance } from 'fastify'
import { MCP_PATH } from '../auth/access-requests.ts'
import type { Platform } from '../operations/platform.ts'
import { grantableScopes, type Registry } from '../operations/registry.ts'
import { PATHS } from './oauth-pages.ts'

const AUTHENTICATION = ['client_secret_post', 'client_secret_basic']

/** What clients of OAuth can find out by themselves (RFC 8414): addresses and grants are those of the registry. */
export function toMetadata(registry: Registry, url: string): Record<string, unknown> {
  const addressOf = (name: string) => `${url}${registry.get(name).http.split(' ')[1]}`
  return {
    issuer: url,
    authorization_endpoint: `${url}${PATHS[0]}`,
    token_endpoint: addressOf('oauth.token'),
    revocation_endpoint: addressOf('oauth.revoke'),
    introspection_endpoint: addressOf('oauth.introspect'),
    service_documentation: `${url}/docs`,
    scopes_supported: grantableScopes(registry),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: (registry.get('oauth.token').input.properties.grant_type as unknown as { enum: string[] })
      .enum,
    code_challenge_methods_supported: ['S256'],
    // `none`: public apps, by PKCE and by the token they hold.
    token_endpoint_auth_methods_supported: [...AUTHENTICATION, 'none'],
    revocation_endpoint_auth_methods_supported: [...AUTHENTICATION, 'none'],
    introspection_endpoint_auth_methods_supported: AUTHENTICATION,
    authorization_response_iss_parameter_supported: true,
  }
}

/** Of `/mcp` (RFC 9728, 3.1). */
export const RESOURCE_METADATA = `/.well-known/oauth-protected-resource${MCP_PATH}`

/** Whom clients of the Model Context Protocol ask for a token. Scopes are those of the app: none are suggested. */
export const toResourceMetadata = (url: string): Record<string, unknown> => ({
  resource: `${url}${MCP_PATH}`,
  resource_name: 'Tintype',
  authorization_servers: [url],
  bearer_methods_supported: ['header'],
  resource_documentation: `${url}/docs`,
})

export function addOAuthMetadata(http: FastifyInstance, platform: Platform, registry: Registry): void {
  http.get('/.well-known/oauth-authorization-server', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*')
    return toMetadata(registry, platform.publicUrl())
  })
  http.get(RESOURCE_METADATA, async (_request, reply) => {
    reply.header('access-control-allow-origin', '*')
    return toResourceMetadata(platform.publicUrl())
  })
}
