import { existsSync } from 'node:fs'
import { runCommandLine } from './surfaces/command-line/index.ts'

// A reader that goes away (`tintype call | head`) is no reason to crash.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

// What is set already wins over the file.
if (existsSync('.env')) process.loadEnvFile('.env')

process.exitCode = await runCommandLine(process.argv.slice(2), {
  env: process.env,
  // Most commands need no server; loading it takes longer than what they do.
  createApp: async (config) => (await import('./app.ts')).createApp(config),
  print: (line) => void process.stdout.write(`${line}\n`),
  tell: (line) => void process.stderr.write(`${line}\n`),
})
