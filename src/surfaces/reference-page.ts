import { createHash } from 'node:crypto'
import type { TSchema } from 'typebox'
import { sampleOf } from '../operations/catalogue/index.ts'
import type { Operation } from '../operations/define.ts'
import { placementOf, type Registry } from '../operations/registry.ts'
import { SCRIPT, STYLE } from './reference-style.ts'
import { toExample, toLimits, toTypeText } from './schema-text.ts'

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Nothing but the page's own style and script may take effect in it. */
export const REFERENCE_POLICY =
  `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action ` +
  `'none'; frame-ancestors 'none'`

/** A text on its way into HTML. Every value goes through here. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** The browsable reference: one self-contained page, read from the registry. */
export function toReferencePage(registry: Registry, options: { url: string; version: string }): string {
  const categories = Map.groupBy(registry.all, (operation) => operation.category)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tintype reference</title>
<style>${STYLE}</style>
</head>
<body>
<nav aria-label="Operations">
<input type="search" placeholder="Search" aria-label="Search operations">
${[...categories].map(([category, operations]) => navigation(category, operations)).join('\n')}
</nav>
<main>
<h1>Tintype ${escapeHtml(options.version)}: reference</h1>
<p>${registry.all.length} operations. The same as <a href="/openapi.json">OpenAPI 3.1</a>. Every request carries <code>Authorization: Bearer TOKEN</code> and <code>Version: 2021-07-28</code>; bodies are JSON.</p>
<p id="none" hidden>No operation matches.</p>
${[...categories].map(([category, operations]) => section(category, operations, options.url)).join('\n')}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`
}

function navigation(category: string, operations: readonly Operation[]): string {
  const items = operations.map(
    (operation) =>
      `<li data-text="${searchText(operation)}"><a href="#${escapeHtml(operation.name)}">${escapeHtml(operation.title)}</a></li>`,
  )
  return `<div data-group><h2>${escapeHtml(category)}</h2><ul>${items.join('')}</ul></div>`
}

function section(category: string, operations: readonly Operation[], url: string): string {
  return `<section data-group><h2>${escapeHtml(category)}</h2>\n${operations.map((operation) => article(operation, url)).join('\n')}</section>`
}

function searchText(operation: Operation): string {
  return escapeHtml(
    [operation.title, operation.name, operation.http, operation.category, operation.description]
      .join(' ')
      .toLowerCase(),
  )
}

function article(operation: Operation, url: string): string {
  const { method, path } = placementOf(operation)
  const scope = [operation.scope].flat().join(' or ')
  const facts =
    operation.token === 'none'
      ? 'no token needed'
      : `token: ${operation.token}${operation.token === 'operator' ? '' : ` · scope: ${scope}`} · access: ` +
        `${operation.access}`
  const answer = operation.output === 'stream' ? 'a stream' : toTypeText(operation.output)
  return `<article id="${escapeHtml(operation.name)}" data-text="${searchText(operation)}">
<h3>${escapeHtml(operation.title)}</h3>
<code><span class="verb ${escapeHtml(method)}">${escapeHtml(method)}</span> ${escapeHtml(path)}</code>
<p>${escapeHtml(operation.description)}</p>
<p class="soft">${escapeHtml(operation.name)} · ${escapeHtml(facts)}</p>
${inputTable(operation)}
<details><summary>Answer ${operation.status}</summary><pre>${escapeHtml(answer)}</pre></details>
${sampleAnswer(operation)}<details><summary>Example</summary><pre>${escapeHtml(toCurl(operation, url))}</pre></details>
</article>`
}

function sampleAnswer({ http, output }: Operation): string {
  const sample = output === 'stream' ? undefined : sampleOf(http)
  return sample === undefined
    ? ''
    : `<details><summary>Sample answer</summary><pre>${escapeHtml(JSON.stringify(sample, null, 2))}</pre></details>\n`
}

function inputTable(operation: Operation): string {
  const { pathNames, queryNames } = placementOf(operation)
  const { properties, required = [] } = operation.input
  const rows = Object.entries(properties).map(([name, schema]) => {
    const place = pathNames.includes(name) ? 'path' : queryNames.includes(name) ? 'query' : 'body'
    const { description = '' } = schema as { description?: string }
    const notes = [description, toLimits(schema)].filter((part) => part !== '').join(' ')
    const need = (required as string[]).includes(name) ? 'required' : ''
    return `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}</td><td><code>${escapeHtml(toTypeText(schema, 2))}</code></td><td>${need}</td><td>${escapeHtml(notes)}</td></tr>`
  })
  if (rows.length === 0) return ''
  return `<table><thead><tr><th>Name</th><th>In</th><th>Type</th><th></th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

/** A command line that does it, with the required inputs only. */
export function toCurl(operation: Operation, url: string): string {
  const { method, path, queryNames, bodyNames } = placementOf(operation)
  const { properties, required = [] } = operation.input
  const needed = (names: readonly string[]) => names.filter((name) => (required as string[]).includes(name))
  const query = needed(queryNames).map((name) => `${name}=${name.toUpperCase()}`)
  const body = Object.fromEntries(needed(bodyNames).map((name) => [name, toExample(properties[name] as TSchema)]))
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
  return [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${quoted(`${url}${path.replace(/:(\w+)/g, (_, name: string) => name.toUpperCase())}${query.length === 0 ? '' : `?${query.join('&')}`}`)}`,
    ...(operation.token === 'none' ? [] : ['-H "Authorization: Bearer $TOKEN"', "-H 'Version: 2021-07-28'"]),
    ...(operation.rawBody !== null ? ["-H 'Content-Type: application/octet-stream'", '--data-binary @FILE'] : []),
    ...(operation.rawBody === null && bodyNames.length > 0
      ? ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`]
      : []),
  ].join(' \\\n  ')
}
