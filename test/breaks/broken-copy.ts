/**
 * The project in a folder of its own, with one break in it: breaks are changes of a copy, never switches in the engine. Files are
 * transpiled one by one, without a look at their types, because a break need not be well typed.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { transformWithOxc } from 'vite'
import type { Break } from './break.js'

/** Where a break is made, and what of. */
export type Change = Pick<Break, 'id' | 'file' | 'find' | 'replace'>

/** What a campaign needs; the rest of the project stays out. */
const PARTS = ['src', 'scenarios', 'test/breaks']
/** What unit tests need besides. */
const BENCHES = ['test/engine', 'test/connectors', 'test/systems']

/** Compiles the whole project, unbroken, into a new folder; broken copies begin with it. */
export async function compileProject(root: string, into: string): Promise<void> {
  begin(root, into)
  writeFileSync(join(into, 'package.json'), '{ "type": "module" }\n')
  for (const part of PARTS) {
    for (const file of sourcesOf(root, part)) await writeCompiled(into, file, readFileSync(join(root, file), 'utf8'))
  }
}

function begin(root: string, into: string): void {
  mkdirSync(into, { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(into, 'node_modules'))
}

function sourcesOf(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name))
    .sort()
}

/** Compiles one file into a copy. */
async function writeCompiled(into: string, file: string, source: string): Promise<void> {
  const { code } = await transformWithOxc(source, file, { sourcemap: false })
  const path = join(into, file.replace(/\.ts$/, '.js'))
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, code)
}

/** Copies a compiled project and puts a break into it. */
export async function breakCompiled(root: string, compiled: string, into: string, change: Change): Promise<void> {
  cpSync(compiled, into, { recursive: true, verbatimSymlinks: true })
  await changeCompiled(root, into, change)
}

/** Puts a change into a compiled copy. */
export async function changeCompiled(root: string, copy: string, change: Change): Promise<void> {
  await writeCompiled(copy, change.file, brokenSource(root, change))
}

/** Copies the sources with their unit tests. */
export function copySources(root: string, into: string): void {
  begin(root, into)
  for (const part of [...PARTS, ...BENCHES, 'package.json', 'tsconfig.json', 'vitest.config.ts'])
    cpSync(join(root, part), join(into, part), { recursive: true })
}

/** Copies the sources with their unit tests and puts a break into them. */
export function breakSources(root: string, into: string, change: Change): void {
  copySources(root, into)
  writeFileSync(join(into, change.file), brokenSource(root, change))
}

/** Removes a copy. */
export function removeCopy(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** How often the text that a break replaces occurs in its file. */
export function occurrences(root: string, { file, find }: Change): number {
  return readFileSync(join(root, file), 'utf8').split(find).length - 1
}

/** The text of the broken file; an error where the break cannot be made. */
export function brokenSource(root: string, { id, find, replace, file }: Change): string {
  const parts = readFileSync(join(root, file), 'utf8').split(find)
  if (parts.length !== 2) throw new Error(`break ${id}: its text occurs ${String(parts.length - 1)} times in ${file}, not once`)
  return parts.join(replace)
}
