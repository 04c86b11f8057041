import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder that nobody else can look into. Under root the embedded database is another user, who has to pass
 * through it.
 */
export function makeClosed(path: string): void {
  mkdirSync(path, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
}

/**
 * Makes a file, readable by its owner alone, that is there as a whole or not at all. Whoever comes second leaves what
 * the first has made.
 */
export function createWhole(path: string, text: string): void {
  const draft = writeDraft(path, text)
  try {
    linkSync(draft, path)
    rmSync(draft)
  } catch (error) {
    // There are file systems without links.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') rmSync(draft)
    else renameSync(draft, path)
  }
  flush(dirname(path))
}

/** The same in the place of another one. */
export function replaceWhole(path: string, text: string): void {
  renameSync(writeDraft(path, text), path)
  flush(dirname(path))
}

/** On the disk before it is used: what is sealed with a key that a power cut took away is lost. */
function writeDraft(path: string, text: string): string {
  const draft = `${path}.${randomBytes(6).toString('hex')}.draft`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, `${text}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return draft
}

function flush(folder: string): void {
  // Windows has no folders that can be opened.
  if (process.platform === 'win32') return
  const opened = openSync(folder, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
