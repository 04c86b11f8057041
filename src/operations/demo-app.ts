import { createAdmin, newPassword } from '../auth/admins.ts'
import { registerApp } from '../auth/apps.ts'
import type { Tx } from '../db/pool.ts'
import type { Platform } from './define.ts'
import { registry } from './index.ts'
import { grantableScopes } from './registry.ts'

/** What `demo.json` says of the app and of whoever may allow it. */
export interface DemoApp {
  app: { appId: string; clientId: string; clientSecret: string; scopes: string[]; redirectUris: string[] }
  admin: { email: string; password: string }
}

const EMAIL = 'admin@darkroom.example'
/** Besides every address of the own machine: the app is there to be tried. */
const REDIRECT_URIS = ['http://127.0.0.1/callback', 'http://localhost/callback', 'https://example.com/callback']

/** An app with every scope there is, and an admin of the agency to allow it. */
export async function createDemoApp(platform: Platform, tx: Tx, agencyId: string): Promise<DemoApp> {
  const atMs = platform.clock.nowMs()
  const password = newPassword()
  await createAdmin(tx, { agencyId, email: EMAIL, name: 'Demo admin', password }, atMs)
  const scopes = grantableScopes(registry)
  const { app, secret } = await registerApp(tx, { agencyId, name: 'Demo app', scopes, redirectUris: REDIRECT_URIS, loopback: true }, atMs)
  return {
    app: { appId: app.id, clientId: app.clientId, clientSecret: secret as string, scopes, redirectUris: app.redirectUris },
    admin: { email: EMAIL, password },
  }
}
