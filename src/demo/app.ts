import { registerApp } from '../auth/apps.ts'
import { newPassword } from '../auth/passwords.ts'
import { createPerson } from '../auth/people.ts'
import type { Tx } from '../db/pool.ts'
import { registry } from '../operations/index.ts'
import type { Platform } from '../operations/platform.ts'
import { grantableScopes } from '../operations/registry.ts'

/** What `demo.json` says of the app and of whoever may allow it. */
export interface DemoApp {
  app: {
    appId: string
    hubspotAppId: number
    clientId: string
    clientSecret: string
    scopes: string[]
    redirectUris: string[]
  }
  admin: { email: string; password: string }
}

const EMAIL = 'admin@darkroom.example'
/** Besides every address of the own machine: the app is there to be tried. */
const REDIRECT_URIS = ['http://127.0.0.1/callback', 'http://localhost/callback', 'https://example.com/callback']

/** An app with every scope there is, and the owner of the agency to allow it. */
export async function createDemoApp(platform: Platform, tx: Tx, agencyId: string): Promise<DemoApp> {
  const atMs = platform.clock.nowMs()
  const password = newPassword()
  await createPerson(tx, { agencyId, email: EMAIL, name: 'Demo admin', role: 'owner', password }, atMs)
  const scopes = grantableScopes(registry)
  const { app, secret } = await registerApp(
    tx,
    { agencyId, name: 'Demo app', scopes, redirectUris: REDIRECT_URIS, loopback: true },
    atMs,
  )
  return {
    app: {
      appId: app.id,
      hubspotAppId: app.hubspotId,
      clientId: app.clientId,
      clientSecret: secret as string,
      scopes,
      redirectUris: app.redirectUris,
    },
    admin: { email: EMAIL, password },
  }
}
