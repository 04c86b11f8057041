import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { BARE_ENV } from '../support/crash.ts'
import { administer, createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts'

const BIN = resolve(import.meta.dirname, '../../bin/tintype.js')

let database: TestDatabase
let data: string
let server: ChildProcess
let output = ''

interface Ended {
  code: number | null
  out: string
  err: string
}

function start(args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [BIN, ...args], {
    env: { ...BARE_ENV, DATABASE_URL: database.url, TINTYPE_DATA: data, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

const run = (...args: string[]) => ended(start(args))

function ended(child: ChildProcess): Promise<Ended> {
  let [out, err] = ['', '']
  child.stdout?.on('data', (chunk) => (out += chunk))
  child.stderr?.on('data', (chunk) => (err += chunk))
  return new Promise((done) => child.once('close', (code) => done({ code, out, err })))
}

before(async () => {
  database = await createTestDatabase()
  data = mkdtempSync(join(tmpdir(), 'tintype-command-'))
  server = start(['up', '--port', '0'])
  await new Promise<void>((ready, fail) => {
    const read = (chunk: Buffer) => {
      output += chunk
      if (output.includes('Ctrl-C')) ready()
    }
    server.stdout?.on('data', read)
    server.stderr?.on('data', read)
    server.once('exit', () => fail(new Error(`the server ended: ${output}`)))
  })
})
after(async () => {
  if (server?.exitCode === null) server.kill('SIGKILL')
  rmSync(data, { recursive: true, force: true })
  await database?.drop()
})

test('the first start creates the demo and a file that only its owner can read', () => {
  const file = join(data, 'demo.json')
  assert.ok(output.includes(file), output)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const demo = JSON.parse(readFileSync(file, 'utf8'))
  assert.match(demo.baseUrl, /^http:\/\/127\.0\.0\.1:\d+$/)
  assert.ok(demo.locations.length >= 3)
})

test('call finds address and token in the demo file', async () => {
  const made = await run('call', 'tags.create', '--name', 'from the command line')
  assert.equal(made.code, 0, made.err + made.out)
  assert.equal(JSON.parse(made.out).tag.name, 'from the command line')
  const snapshots = await run('call', 'snapshots.list')
  assert.deepEqual([snapshots.code, Array.isArray(JSON.parse(snapshots.out).snapshots)], [0, true])
  const wrong = await run('call', 'forms.get', '--form-id', 'nothing')
  assert.deepEqual([wrong.code, JSON.parse(wrong.out).statusCode], [1, 404])
})

test('tokens are made and listed, and the list shows no secret', async () => {
  const companyId = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')).companyId
  const made = await run('token', 'create', '--company-id', companyId, '--name', 'script')
  assert.match(made.out, /^pit-[0-9a-f-]{36}\n$/)
  const list = await run('token', 'list', '--company-id', companyId)
  assert.ok(list.out.includes('script') && !list.out.includes('pit-'), list.out)
})

test('an agency is made with its first admin and its first token, which works', async () => {
  const { baseUrl } = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8'))
  const made = await run('agency', 'create', ' Northlight ', '--admin', 'owner@northlight.example')
  assert.equal(made.code, 0, made.err)
  const token = made.out.trim()
  assert.match(token, /^pit-[0-9a-f-]{36}$/, 'the token alone on standard output')
  const [, companyId] = /companyId +(\S+)/.exec(made.err) ?? []
  assert.match(
    made.err,
    /Agency +Northlight\n[\s\S]*Relationship number +\d-\d{3}-\d{3}\n[\s\S]*Admin +owner@northlight.example\n[\s\S]*Password +[\w-]{20}\n/,
  )
  const headers = { authorization: `Bearer ${token}`, version: '2021-07-28', 'content-type': 'application/json' }
  const location = await fetch(`${baseUrl}/locations/`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ companyId, name: 'First studio' }),
  })
  assert.equal(location.status, 200, await location.text())
  assert.equal((await run('agency', 'rename', companyId as string, 'Southlight')).code, 0)
  const list = await run('agency', 'list')
  assert.match(list.out, new RegExp(`${companyId} +\\d-\\d{3}-\\d{3} +1 +Southlight`))
  for (const wrong of [
    ['create'],
    ['create', ' '],
    ['create', 'A', '--admin', 'nobody'],
    ['rename', 'x'],
    ['list', 'x'],
    [],
  ])
    assert.equal((await run('agency', ...wrong)).code, 2, String(wrong))
  assert.match(
    (await run('agency', 'create', 'Other', '--admin', 'owner@northlight.example')).err,
    /is an admin of an agency already/,
  )
  assert.match((await run('agency', 'rename', 'unknown', 'X')).err, /company unknown was not found/)
})

test('settings in a file .env of the working folder are read; what is set otherwise wins', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-env-'))
  try {
    writeFileSync(join(folder, '.env'), 'TINTYPE_PORT=from-a-file\n')
    const inFolder = (env: Record<string, string>) =>
      new Promise<string>((done) => {
        const child = spawn(process.execPath, [BIN, 'doctor'], {
          cwd: folder,
          env: { ...BARE_ENV, DATABASE_URL: database.url, TINTYPE_DATA: data, ...env },
        })
        let text = ''
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk))
        child.once('close', () => done(text))
      })
    assert.match(await inFolder({}), /TINTYPE_PORT=from-a-file: must be a whole number/)
    assert.doesNotMatch(await inFolder({ TINTYPE_PORT: '4400' }), /from-a-file/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('apps are made, listed, get a new secret, and are taken out and deleted', async () => {
  const { companyId, baseUrl } = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8'))
  const own = ['--company-id', companyId]
  const made = await run(
    'app',
    'create',
    'From the shell',
    ...own,
    '--redirect-uri',
    'https://a.example/cb,http://127.0.0.1/cb',
    '--scopes',
    'forms.readonly',
  )
  assert.equal(made.code, 0, made.err)
  const { appId, clientId, clientSecret } = JSON.parse(made.out)
  const statusWith = async (client_secret: string) => {
    const body = new URLSearchParams({ client_id: clientId, client_secret, grant_type: 'client_credentials' })
    return (await fetch(`${baseUrl}/oauth/token`, { method: 'POST', body })).status
  }
  assert.equal(await statusWith(clientSecret), 200)
  const list = await run('app', 'list', ...own)
  assert.match(
    list.out,
    new RegExp(`${appId} +From the shell +${clientId} +1 +https://a.example/cb,http://127.0.0.1/cb`),
  )
  assert.ok(!list.out.includes(clientSecret))
  const renewed = await run('app', 'secret', appId)
  assert.deepEqual([await statusWith(clientSecret), await statusWith(renewed.out.trim())], [401, 200])
  const installs = async () => (await run('app', 'installs', ...own)).out
  assert.match(await installs(), new RegExp(`${appId} +From the shell +agency `), 'it needs no consent')
  assert.equal((await run('app', 'uninstall', appId, ...own)).code, 0, 'it no longer speaks for its own agency')
  assert.ok(!(await installs()).includes(appId))
  assert.match((await run('app', 'uninstall', appId, ...own)).err, /installation of app .* was not found/)
  assert.equal((await run('app', 'delete', appId)).code, 0)
  assert.equal(await statusWith(renewed.out.trim()), 401)
})

test('mistakes are explained in a paragraph, not in a stack trace', async () => {
  const demo = readFileSync(join(data, 'demo.json'), 'utf8')
  const { port } = new URL(JSON.parse(demo).baseUrl)
  const mistakes: [string[], number, RegExp][] = [
    [['nonsense'], 2, /There is no command "nonsense"/],
    [['up', '--prot', '1'], 2, /Unknown option '--prot'/],
    [['doctor', '--database-url', 'notaurl'], 2, /--database-url=…: must be a URL as in postgres:/],
    [['up', '--port', 'many'], 2, /--port=many: must be a whole number/],
    [['serve', '--port', port], 1, /in use/],
    [['up', '--port', '0'], 1, new RegExp(`is served already, by process ${server.pid}`)],
    [['call', 'forms.list', '--url', 'http://127.0.0.1:1', '--token', 'pit-12345678'], 1, /Nothing answers at/],
    [['admin', 'password', 'nobody@example.com'], 1, /There is no admin/],
    [['admin', 'create', 'nobody'], 2, /not an e-mail/],
    [['app', 'create', 'A'], 2, /--redirect-uri/],
    [
      ['app', 'create', 'A', '--redirect-uri', 'http://a.example/', '--scopes', 'forms.red,tokens.write'],
      2,
      /no scope forms\.red.*tokens\.write.*must begin with https/s,
    ],
    [['app', 'secret', 'nothing'], 1, /There is no app nothing/],
    [['app', 'list', 'more'], 2, /Say what to do/],
    [['migrate', '--distribute'], 1, /no citus extension/],
  ]
  for (const [args, code, message] of mistakes) {
    const ended = await run(...args)
    assert.equal(ended.code, code, `${args.join(' ')}: ${ended.err}`)
    assert.match(ended.err, message)
    assert.doesNotMatch(ended.err, /\n {4}at /)
  }
  assert.equal(readFileSync(join(data, 'demo.json'), 'utf8'), demo, 'what others are led by stays')
})

test('a role that may not make tables is told what it needs', async () => {
  const empty = await createEmptyDatabase()
  const role = `poor_${process.pid}`
  const [name, url] = [new URL(empty.url).pathname.slice(1), new URL(empty.url)]
  try {
    await administer(empty.url, (client) => client.query(`create role ${role} login password 'x'`))
    Object.assign(url, { username: role, password: 'x' })
    const { code, err } = await run('migrate', '--database-url', url.href)
    assert.equal(code, 1)
    assert.match(
      err,
      /the role poor_\d+ of DATABASE_URL may not make them\. Run tintype migrate with .* TINTYPE_OWNER_URL/,
    )
    await administer(empty.url, (client) => client.query(`alter database ${name} owner to ${role}`))
    assert.equal((await run('migrate', '--database-url', url.href)).code, 0)
  } finally {
    await empty.drop()
    await administer(database.ownerUrl, (client) => client.query(`drop role ${role}`))
  }
})

test('doctor finds the server that serves its folder, on whatever port', async () => {
  const { out } = await run('doctor')
  assert.match(
    out,
    new RegExp(
      `✓ Tintype answers at ${JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')).baseUrl} \\(process \\d+\\)`,
    ),
  )
})

test('doctor finds nothing wrong while all of it runs', async () => {
  const port = new URL(JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')).baseUrl).port
  const { code, out } = await run('doctor', '--port', port)
  assert.equal(code, 0, out)
  assert.ok(!out.includes('✗'))
})

test('doctor tells of a disk that is nearly full, and what to do', async () => {
  const { code, out } = await ended(start(['doctor'], { TINTYPE_DISK_FREE_MB: '99999999' }))
  assert.equal(code, 1, out)
  assert.match(out, /✗ Disk of \S+: nearly full, [\d.]+ [MG]B of [\d.]+ [MG]B are free\n {4}Make room, .*never inside/)
  const { code: none, out: silent } = await ended(start(['doctor'], { TINTYPE_DISK_FREE_MB: '0' }))
  assert.equal(none, 0, silent)
  assert.match(silent, /✓ Disk of \S+: [\d.]+ [MG]B of [\d.]+ [MG]B are free\n/)
})

test('a signal ends the server cleanly', async () => {
  const code = new Promise<number | null>((done) => server.once('exit', done))
  server.kill('SIGTERM')
  assert.equal(await code, 0, output)
})

test('a folder from before there was an app and an admin in the demo is served as it is', async () => {
  const file = join(data, 'demo.json')
  const { app: _, admin, ...before } = JSON.parse(readFileSync(file, 'utf8'))
  assert.ok(admin)
  writeFileSync(file, JSON.stringify(before))
  const again = start(['up', '--port', '0'])
  const end = ended(again)
  let said = ''
  again.stdout?.on('data', (chunk) => {
    said += chunk
    if (said.includes('Ctrl-C')) again.kill('SIGTERM')
  })
  const { code, out, err } = await end
  assert.deepEqual([code, out.includes(`Demo            ${file}`)], [0, true], out + err)
})
