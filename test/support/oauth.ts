import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { DemoFile } from '../../src/demo/index.ts'
import { Browser, type Shown } from './browser.ts'
import type { Reply } from './client.ts'
import type { Story } from './stories.ts'

export const REDIRECT = 'http://127.0.0.1:49999/callback'
export const VERIFIER = 'a-verifier-of-more-than-forty-three-characters-0123456789'
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

/** The address of the authorise page for the demo's app. */
export function authoriseUrl(
  { app }: DemoFile,
  more: Record<string, string> = {},
  path = '/oauth/chooselocation',
): string {
  return `${path}?${new URLSearchParams({ response_type: 'code', client_id: app.clientId, redirect_uri: REDIRECT, ...more })}`
}

/** Somebody who signs in as the demo's admin. */
export async function signIn({ server, demo }: Story, url: string): Promise<{ browser: Browser; consent: Shown }> {
  const browser = new Browser(server.url)
  const consent = await browser.send(await browser.open(url), 'name="password"', demo.admin)
  assert.equal(consent.status, 200, consent.html)
  return { browser, consent }
}

/** Signs in, allows the demo's app, and answers what the app gets in the address. `target`: `agency` or a location. */
export async function allow(story: Story, target: string, more: Record<string, string> = {}): Promise<URLSearchParams> {
  const { browser, consent } = await signIn(story, authoriseUrl(story.demo, more))
  await browser.send(consent, 'name="target"', { target, decision: 'allow', future: 'yes' })
  assert.ok(browser.leftTo?.href.startsWith(`${REDIRECT}?`), String(browser.leftTo))
  return (browser.leftTo as URL).searchParams
}

/** A request of an app: a form with its credentials. */
export function ask({ server, demo }: Story, path: string, fields: Record<string, string>): Promise<Reply> {
  const body = new URLSearchParams({
    client_id: demo.app.clientId,
    client_secret: demo.app.clientSecret,
    ...fields,
  }).toString()
  return server.client().raw('POST', path, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body })
}

export function exchange(story: Story, code: string, more: Record<string, string> = {}): Promise<Reply> {
  return ask(story, '/oauth/token', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, ...more })
}

export function refresh(story: Story, token: string, more: Record<string, string> = {}): Promise<Reply> {
  return ask(story, '/oauth/token', { grant_type: 'refresh_token', refresh_token: token, ...more })
}

/** Tokens of the demo's app for a place. */
export async function tokensFor(story: Story, target: string) {
  const reply = await exchange(story, (await allow(story, target)).get('code') as string)
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
  return reply.body
}

export function assertRefused(reply: Reply, status: number, error: string, words: RegExp): void {
  assert.equal(reply.status, status, JSON.stringify(reply.body))
  assert.deepEqual(
    [reply.body.statusCode, reply.body.error, reply.body.error_description],
    [status, error, reply.body.message],
  )
  assert.match(reply.body.message, words)
}

export const assertGrantRefused = (reply: Reply, words: RegExp) => assertRefused(reply, 400, 'invalid_grant', words)
