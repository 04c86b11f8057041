import { configHelp } from './arguments.ts'
import type { Command } from './command.ts'
import { toColumns } from './layout.ts'

const indent = (rows: [string, string][]) => toColumns(rows).map((line) => `  ${line}`)

/** The page that `tintype help` prints. */
export function helpPage(commands: readonly Command[]): string {
  return [
    'Tintype, the self-hosted snapshot platform for CRMs',
    '',
    'Usage: tintype COMMAND [OPTION ...]',
    '',
    ...indent(commands.map((command) => [command.usage, command.summary])),
    ...indent([]),
    '',
    'Options of every command (the environment variable in brackets does the same):',
    ...indent([...configHelp(), ['-h, --help', 'Show how a command is used.']]),
  ].join('\n')
}

/** A command's own options, each as it is written, with what it is for. */
export function optionsOf(command: Command): [string, string][] {
  return Object.entries(command.options ?? {}).map(([name, option]) => [
    option.type === 'boolean' ? `--${name}` : `--${name} ${name.split('-').at(-1)?.toUpperCase()}`,
    option.description,
  ])
}

/** The page that `tintype COMMAND --help` prints. */
export function commandPage(command: Command): string {
  const own = optionsOf(command)
  return [
    `Usage: tintype ${command.usage}`,
    '',
    command.summary,
    ...(own.length === 0 ? [] : ['', ...indent(own)]),
    '',
    'Options of every command:',
    ...indent(configHelp()),
  ].join('\n')
}
