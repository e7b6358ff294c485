import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { InputError } from '../flink/index.js'

/**
 * Makes sure, before anything is run, that a directory can be written to.
 * @throws InputError when it cannot be made or written to
 */
export function prepareDirectory(path: string, option: string): void {
  const allowed = 'a directory that can be made and written to'
  if (path === '') throw new InputError(option, 'has no name', allowed)
  try {
    makeDirectory(path)
    tryToWriteIn(path)
  } catch (error) {
    throw new InputError(option, `cannot write to '${path}' (${codeOf(error)})`, allowed)
  }
}

/** Makes a directory and what is missing above it. Node's own `recursive` never returns where nothing can be made, such as in /proc. */
export function makeDirectory(path: string): void {
  const full = resolve(path)
  if (existsSync(full)) return
  if (dirname(full) !== full) makeDirectory(dirname(full))
  try {
    mkdirSync(full)
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(full)) throw error
  }
}

/**
 * Makes sure, before anything is run, that a directory could be made and written to if it is needed. A file is made for it where there is
 * a directory already, and removed at once.
 * @throws InputError when it could not
 */
export function checkDirectory(path: string, option: string): void {
  const allowed = 'a directory that can be made and written to'
  if (path === '') throw new InputError(option, 'has no name', allowed)
  let nearest = resolve(path)
  while (!existsSync(nearest)) nearest = dirname(nearest)
  if (!statSync(nearest).isDirectory()) throw new InputError(option, `'${nearest}' is no directory`, allowed)
  try {
    tryToWriteIn(nearest)
  } catch (error) {
    throw new InputError(option, `cannot write to '${nearest}' (${codeOf(error)})`, allowed)
  }
}

/**
 * Makes sure, before anything is run, that a file can be written.
 * @throws InputError when its directory does not exist or cannot be written to, or when it is no file
 */
export function checkWritableFile(path: string, option: string): void {
  const present = statSync(path, { throwIfNoEntry: false })
  if (present?.isDirectory() === true) throw new InputError(option, `'${path}' is a directory`, 'the name of a file')
  // What is written takes the place of what is there, and a device is not to be replaced.
  if (present?.isFile() === false) throw new InputError(option, `'${path}' is no file`, 'the name of a file')
  try {
    tryToWriteIn(dirname(path))
  } catch (error) {
    throw new InputError(option, `cannot write '${path}' (${codeOf(error)})`, 'a file in a directory that exists and can be written to')
  }
}

/** Permissions do not tell: there are places, such as /proc, in which nobody can make a file. */
function tryToWriteIn(directory: string): void {
  const trial = join(directory, `.millrace-${String(process.pid)}.unfinished`)
  writeSynced(trial, '')
  // Whoever tries the same at the same time, in a thread or a container with the same number, may have removed it.
  rmSync(trial, { force: true })
}

/** Writes a file so that it appears under its name only when it is complete. */
export function writeWhole(path: string, text: string): void {
  const unfinished = `${path}.${String(process.pid)}.unfinished`
  try {
    writeSynced(unfinished, text)
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}

function writeSynced(path: string, text: string): void {
  const file = openSync(path, 'w')
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error)
}
