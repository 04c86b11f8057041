import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { generateKeyPair, SignJWT } from 'jose'

/** Another program whose people allow others to read their list: OAuth 2.0 with PKCE, as its standards say. */
export interface TheirProgram extends AsyncDisposable {
  url: string
  clientId: string
  clientSecret: string
  /** What it gives, in pages of one; and how often somebody asked. */
  people: unknown[]
  asked: string[]
  /** Of each kind of grant, and of tokens given back: the forms that came. */
  forms: URLSearchParams[]
  /** How long its tokens are good for. */
  seconds: number
  /** Whether it gives refresh tokens, and says by whom it was allowed. */
  gives: { refresh: boolean; who: 'token' | 'page' | null }
  /** In place of an answer of the place where tokens are made. */
  answerToken: ((response: ServerResponse) => void) | null
  /** Called once, before the next page of the list. */
  beforePage: (() => void) | null
  /** Access tokens end at once; with `all` the refresh tokens, too. */
  end(all?: boolean): void
  /** All that opens something, and was ever given or sent. */
  secrets: Set<string>
  /** A person opens an address, and says yes or no: where they are sent back to. */
  decide(address: string, decision?: 'allow' | 'deny'): URL
}

interface Code {
  challenge: string
  redirectUri: string
  scope: string
  isUsed: boolean
}

const random = () => randomBytes(24).toString('base64url')
const json = (response: ServerResponse, body: object, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

export async function startTheirProgram(): Promise<TheirProgram> {
  const { privateKey } = await generateKeyPair('RS256')
  const codes = new Map<string, Code>()
  let refreshing = new Set<string>()
  const spent = new Set<string>()
  let good = new Set<string>()
  const remember = (secret: string) => {
    program.secrets.add(secret)
    return secret
  }

  function decide(address: string, decision: 'allow' | 'deny' = 'allow'): URL {
    const { origin, pathname, searchParams: asked } = new URL(address)
    assert.deepEqual([origin, pathname], [program.url, '/authorize'])
    assert.deepEqual(
      ['client_id', 'response_type', 'code_challenge_method'].map((name) => asked.get(name)),
      [program.clientId, 'code', 'S256'],
    )
    assert.match(String(asked.get('code_challenge')), /^[\w-]{43}$/)
    const redirectUri = String(asked.get('redirect_uri'))
    const back = new URL(redirectUri)
    back.searchParams.set('state', remember(String(asked.get('state'))))
    back.searchParams.set('iss', program.url)
    if (decision === 'deny') {
      back.searchParams.set('error', 'access_denied')
      return back
    }
    const code = remember(random())
    const scope = asked.get('scope') ?? ''
    codes.set(code, { challenge: String(asked.get('code_challenge')), redirectUri, scope, isUsed: false })
    back.searchParams.set('code', code)
    return back
  }

  async function tokens(scope: string): Promise<object> {
    const { refresh, who } = program.gives
    const [token, next] = [remember(random()), remember(random())]
    good.add(token)
    if (refresh) refreshing.add(next)
    const claims = who === 'token' ? { email: 'ada@theirs.example' } : {}
    const idToken = new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(program.url)
      .setAudience(program.clientId)
      .setSubject('user-1')
      .setIssuedAt()
      .setExpirationTime('5m')
    const isTold = who !== null && scope.split(' ').includes('openid')
    return {
      access_token: token,
      token_type: 'Bearer',
      expires_in: program.seconds,
      ...(refresh ? { refresh_token: next } : {}),
      ...(isTold ? { id_token: remember(await idToken.sign(privateKey)) } : {}),
    }
  }

  const isClient = (request: IncomingMessage, form: URLSearchParams) => {
    const { clientId, clientSecret } = program
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    return request.headers.authorization === basic || (clientSecret === '' && form.get('client_id') === clientId)
  }

  async function giveTokens(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const form = new URLSearchParams(await text(request))
    program.forms.push(form)
    for (const name of ['code_verifier', 'refresh_token']) remember(form.get(name) ?? random())
    if (program.answerToken !== null) return program.answerToken(response)
    const refuse = (error: string, status = 400) => json(response, { error, error_description: String(form) }, status)
    if (!isClient(request, form)) return refuse('invalid_client', 401)
    if (form.get('grant_type') === 'refresh_token') {
      const refresh = String(form.get('refresh_token'))
      // Used twice: it was stolen, so all of them end.
      if (spent.has(refresh)) program.end(true)
      if (!refreshing.delete(refresh)) return refuse('invalid_grant')
      spent.add(refresh)
      return json(response, await tokens(''))
    }
    const code = codes.get(String(form.get('code')))
    const challenge = createHash('sha256')
      .update(String(form.get('code_verifier')))
      .digest('base64url')
    const fits = code?.challenge === challenge && code.redirectUri === form.get('redirect_uri') && !code.isUsed
    if (code === undefined || !fits) return refuse('invalid_grant')
    code.isUsed = true
    return json(response, await tokens(code.scope))
  }

  const bearer = (request: IncomingMessage) => (request.headers.authorization ?? '').replace('Bearer ', '')
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(String(request.url), program.url)
    const { url } = program
    if (pathname === '/.well-known/openid-configuration')
      return json(response, {
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        userinfo_endpoint: `${url}/userinfo`,
        revocation_endpoint: `${url}/revoke`,
        jwks_uri: `${url}/jwks`,
      })
    if (pathname === '/authorize') {
      const [yes, no] = (['allow', 'deny'] as const).map((one) =>
        decide(url + request.url, one).href.replaceAll('&', '&amp;'),
      )
      response.setHeader('content-type', 'text/html')
      return response.end(
        `<!doctype html><html lang="en"><title>Their program</title><h1>May it read?</h1><a href="${yes}">Allow</a> <a href="${no}">Deny</a></html>`,
      )
    }
    if (pathname === '/token') return giveTokens(request, response)
    if (pathname === '/revoke') {
      program.forms.push(new URLSearchParams(await text(request)))
      program.end(true)
      return response.end()
    }
    const { beforePage } = program
    program.beforePage = null
    if (pathname === '/people') beforePage?.()
    if (!good.has(bearer(request))) return json(response, { error: request.headers.authorization }, 401)
    if (pathname === '/userinfo') return json(response, { sub: 'user-1', name: 'Ada\nof theirs' })
    const page = Number(searchParams.get('page') ?? 1)
    program.asked.push(`page ${page}`)
    json(response, { data: program.people.slice(page - 1, page) })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const program: TheirProgram = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientId: 'client-of-tintype',
    clientSecret: 'the-secret-of-their-client-0815',
    people: [],
    asked: [],
    forms: [],
    seconds: 3600,
    gives: { refresh: true, who: 'token' },
    answerToken: null,
    beforePage: null,
    end(all = false) {
      good = new Set()
      if (all) refreshing = new Set()
    },
    secrets: new Set(),
    decide,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
  return program
}
