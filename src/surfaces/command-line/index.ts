import { ConfigError, readConfig } from '../../config.ts'
import { EmbeddedError } from '../../db/embedded-error.ts'
import { AppError } from '../../errors.ts'
import { VERSION } from '../../version.ts'
import { admin } from './admin.ts'
import { agency } from './agency.ts'
import { app } from './app.ts'
import { CONFIG_OPTIONS, configFlags, parseArguments } from './arguments.ts'
import { backup } from './backup.ts'
import { build } from './build.ts'
import { type Command, CommandError, type Terminal, UsageError } from './command.ts'
import { doctor } from './doctor.ts'
import { commandPage, helpPage } from './help.ts'
import { keys } from './keys.ts'
import { mcp } from './mcp.ts'
import { migrate } from './migrate.ts'
import { restore } from './restore.ts'
import { serve } from './serve.ts'
import { EXIT_DATABASE_LOST } from './stop-request.ts'
import { token } from './token.ts'
import { up } from './up.ts'
import { work } from './work.ts'

/** Its options depend on the operation: see `runCall`. */
const call: Command = {
  name: 'call',
  usage: 'call [OPERATION ... | WORD]',
  summary:
    'Ask a running server for something. Without an operation: list all of them, or those that a word stands in.',
  run: async () => 0,
}

export const COMMANDS: readonly Command[] = [
  up,
  serve,
  work,
  build,
  migrate,
  agency,
  token,
  admin,
  app,
  keys,
  backup,
  restore,
  doctor,
  mcp,
  call,
]

/**
 * Runs one command and answers the exit code. Whatever goes wrong is one paragraph on standard error, never a stack
 * trace.
 */
export async function runCommandLine(argv: string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(argv, terminal)
  } catch (error) {
    terminal.tell(explain(error as NodeJS.ErrnoException & { port?: number; address?: string }))
    if (terminal.env.TINTYPE_LOG_LEVEL === 'trace') terminal.tell(String((error as Error).stack))
    if (error instanceof EmbeddedError || (error as NodeJS.ErrnoException).code === 'ENOSPC') return EXIT_DATABASE_LOST
    return error instanceof UsageError || error instanceof ConfigError ? 2 : 1
  }
}

async function dispatch([name, ...args]: string[], terminal: Terminal): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return show(terminal, args[0])
  if (name === '--version' || name === '-v') {
    terminal.print(VERSION)
    return 0
  }
  // What knows of all operations takes as long to load as the others take altogether.
  if (name === call.name) return (await import('./call.ts')).runCall(args, terminal)
  const command = COMMANDS.find((candidate) => candidate.name === name)
  if (command === undefined) throw new UsageError(`There is no command "${name}". tintype help lists all of them.`)
  const { words, values } = parseArguments(args, {
    ...CONFIG_OPTIONS,
    ...command.options,
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help === true) return show(terminal, name)
  if (words.length > 0 && !command.words) throw new UsageError(`What does "${words[0]}" mean? tintype ${name} --help`)
  return command.run({ ...terminal, config: readConfig(terminal.env, configFlags(values)), words, values })
}

function show(terminal: Terminal, name: string | undefined): number {
  const command = COMMANDS.find((candidate) => candidate.name === name)
  terminal.print(command === undefined ? helpPage(COMMANDS) : commandPage(command))
  return 0
}

function explain(error: NodeJS.ErrnoException & { port?: number; address?: string }): string {
  if (
    error instanceof UsageError ||
    error instanceof CommandError ||
    error instanceof ConfigError ||
    error instanceof AppError
  )
    return error.message
  if (error.code === 'EADDRINUSE') {
    return (
      `Port ${error.port} of ${error.address} is in use. Does Tintype run already? Stop the program that uses it, ` +
      `or choose another: --port ${Number(error.port) + 1}`
    )
  }
  if (error.code === 'EACCES' && error.port !== undefined)
    return `Port ${error.port} may not be used by this user. Choose one above 1023: --port 4400`
  if (['EACCES', 'ENOTDIR', 'EEXIST', 'EROFS'].includes(error.code ?? '') && error.path !== undefined)
    return (
      `The folder ${error.path} cannot be used (${error.code}). Give its owner write access, or choose another: ` +
      '--data FOLDER'
    )
  if (error.code === 'ECONNREFUSED' || error.code === 'ENOTFOUND')
    return `The database does not answer (${error.message}). Check DATABASE_URL, and that the server runs.`
  if (error.code === '42501')
    return (
      `${error.message}. Whoever does this must own the database: give the address of that role in ` +
      'TINTYPE_OWNER_URL, or in DATABASE_URL.'
    )
  if (error.code === 'ENOSPC')
    return `The disk is full (${error.message}). Make room, then start again: what was acknowledged is there.`
  return error.message === '' ? String(error.code ?? error) : error.message
}
