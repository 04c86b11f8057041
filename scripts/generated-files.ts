import { relative } from 'node:path'
import type { TSchema } from 'typebox'
import { SETTINGS } from '../src/config-settings.ts'
import type { Operation } from '../src/operations/define.ts'
import { registry } from '../src/operations/index.ts'
import { placementOf } from '../src/operations/registry.ts'
import { optionsOf } from '../src/surfaces/command-line/help.ts'
import { COMMANDS } from '../src/surfaces/command-line/index.ts'
import { toLimits, toTypeText } from '../src/surfaces/schema-text.ts'
import { connectorFiles } from './connectors.ts'
import { CONSOLE_EDITORS, CONSOLE_RECORD_EDITORS, consoleEditors, consoleRecordEditors } from './console-editors.ts'
import {
  CONSOLE_EVENTS,
  CONSOLE_LINES,
  CONSOLE_SCOPES,
  CONSOLE_TARGETS,
  CONSOLE_TYPES,
  consoleEvents,
  consoleLines,
  consoleScopes,
  consoleTargets,
  consoleTypes,
} from './console-types.ts'
import { CONSOLE_SDK, consoleSdk } from './sdk-methods.ts'

interface Setting {
  env: string
  flag?: string
  default: unknown
  description: string
}

const settings = Object.entries(SETTINGS) as [string, Setting][]

/** Files written from the code, by path. The schema dump comes beside them, because it needs a database. */
export function generatedFiles(): Record<string, string> {
  return {
    '.env.example': envExample(),
    'docs/reference/commands.md': commandsPage(),
    'docs/reference/configuration.md': configurationPage(),
    'docs/reference/operations.md': operationsPage(),
    [CONSOLE_TYPES]: consoleTypes(registry),
    [CONSOLE_LINES]: consoleLines(registry),
    [CONSOLE_SCOPES]: consoleScopes(registry),
    [CONSOLE_EVENTS]: consoleEvents(),
    [CONSOLE_TARGETS]: consoleTargets(),
    [CONSOLE_SDK]: consoleSdk(registry),
    [CONSOLE_EDITORS]: consoleEditors(registry),
    [CONSOLE_RECORD_EDITORS]: consoleRecordEditors(registry),
    ...connectorFiles(registry),
  }
}

function standardOf(name: string, { default: standard }: Setting): string {
  if (standard === undefined) return ''
  return name === 'data' ? `./${relative(process.cwd(), String(standard))}` : String(standard)
}

function envExample(): string {
  const blocks = settings.map(
    ([name, setting]) => `# ${setting.description}\n# ${setting.env}=${standardOf(name, setting)}`,
  )
  return `# Every setting with its default. Generated from src/config-settings.ts: npm run generate\n\n${blocks.join('\n\n')}\n`
}

function configurationPage(): string {
  const rows = settings.map(([name, setting]) => {
    const standard = standardOf(name, setting)
    const flag =
      setting.flag === undefined ? '' : `\`--${typeof setting.default === 'boolean' ? '[no-]' : ''}${setting.flag}\``
    return (
      `| \`${setting.env}\` | ${flag} | ${standard === '' ? '' : `\`${standard}\``} | ${cell(setting.description)} ` +
      '|'
    )
  })
  return `# Configuration

Generated from \`src/config-settings.ts\` (\`npm run generate\`). A flag wins over the environment, the environment over the default. All problems are reported together, before anything starts.

| environment | flag | default | meaning |
|---|---|---|---|
${rows.join('\n')}
`
}

function commandsPage(): string {
  const sections = COMMANDS.map((command) => {
    const rows = optionsOf(command).map(([option, description]) => `| \`${option}\` | ${cell(description)} |`)
    const table = rows.length === 0 ? '' : `\n\n| option | |\n|---|---|\n${rows.join('\n')}`
    return `## ${command.name}\n\n\`tintype ${command.usage}\`\n\n${command.summary}${table}`
  })
  return `# Commands

Generated from the command line itself (\`npm run generate\`). From a clone, \`tintype\` is \`node bin/tintype.js\`. Every command also takes the flags of the [configuration](configuration.md). What is
asked for goes to standard output, so that it can be piped; secrets are shown once.

${sections.join('\n\n')}
`
}

function operationsPage(): string {
  const categories = [...Map.groupBy(registry.all, (operation) => operation.category)]
  const sections = categories.map(
    ([category, operations]) => `## ${category}\n\n${operations.map(operationEntry).join('\n\n')}`,
  )
  return `# Operations

Generated from the registry (\`npm run generate\`). Each operation is an HTTP line, a command (\`tintype call NAME\`) and an entry of \`/openapi.json\` and \`/docs\`.

${sections.join('\n\n')}
`
}

function operationEntry(operation: Operation): string {
  const { method, path, pathNames, queryNames } = placementOf(operation)
  const { properties, required = [] } = operation.input
  const scope = [operation.scope].flat().map((one) => `\`${one}\``)
  const nobody = operation.clientAuth ? "the app's credentials, in the body or by HTTP Basic" : 'no token'
  const facts =
    operation.token === 'none'
      ? nobody
      : `token: ${operation.token}${scope.length === 0 ? '' : `, scope: ${scope.join(' or ')}`}, access: ` +
        `${operation.access}`
  const rows = Object.entries(properties).map(([name, schema]) => {
    const place = pathNames.includes(name) ? 'path' : queryNames.includes(name) ? 'query' : 'body'
    const { description = '' } = schema as { description?: string }
    const notes = [(required as string[]).includes(name) ? 'required.' : '', description, toLimits(schema)]
      .filter((part) => part !== '')
      .join(' ')
    return `| \`${name}\` | ${place} | ${code(toTypeText(schema, 4))} | ${cell(notes)} |`
  })
  const table = rows.length === 0 ? [] : [`| input | in | type | |\n|---|---|---|---|\n${rows.join('\n')}`]
  const answer = operation.output === 'stream' ? 'a stream' : `\`${answerText(operation.output)}\``
  return [
    `### ${operation.name}`,
    `**${operation.title}** · \`${method} ${path}\` · ${facts}`,
    operation.description,
    ...table,
    `Answer ${operation.status}: ${answer}`,
  ].join('\n\n')
}

/** As deep as it can be told in a paragraph. */
function answerText(output: TSchema): string {
  const texts = [0, 1, 2, 3, 4].map((depth) => toTypeText(output, depth))
  return texts.find((text) => text.length <= MOST_ANSWER) ?? shortened(texts.at(-1) as string)
}

const MOST_ANSWER = 2_000
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const shortened = (text: string) => (text.length > 300 ? `${text.slice(0, 300)}…` : text)
const code = (text: string) => `\`${cell(shortened(text))}\``
