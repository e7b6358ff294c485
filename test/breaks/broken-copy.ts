/**
 * The project compiled into a folder of its own, with one break in it: breaks are changes of a copy, never switches in the engine.
 * Files are transpiled one by one, without a look at their types, because a break need not be well typed.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import type { Break } from './break.js'

/** What a campaign needs; the rest of the project stays out. */
const PARTS = ['src', 'scenarios', 'test/engine', 'test/breaks']

/** Compiles the whole project, unbroken, into an empty folder; broken copies begin with it. */
export function compileProject(root: string, into: string): void {
  mkdirSync(into, { recursive: true })
  writeFileSync(join(into, 'package.json'), '{ "type": "module" }\n')
  symlinkSync(join(root, 'node_modules'), join(into, 'node_modules'))
  for (const part of PARTS) {
    for (const file of sourcesOf(root, part)) writeCompiled(into, file, readFileSync(join(root, file), 'utf8'))
  }
}

function sourcesOf(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name))
    .sort()
}

function writeCompiled(into: string, file: string, source: string): void {
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true }
  const { outputText } = ts.transpileModule(source, { compilerOptions, fileName: file })
  const path = join(into, file.replace(/\.ts$/, '.js'))
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, outputText)
}

/** Copies a compiled project and puts a break into it. */
export function breakCopy(root: string, compiled: string, into: string, broken: Break): void {
  cpSync(compiled, into, { recursive: true, verbatimSymlinks: true })
  writeCompiled(into, broken.file, applied(broken, readFileSync(join(root, broken.file), 'utf8')))
}

/** Removes a copy. */
export function removeCopy(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** How often the text that a break replaces occurs in its file. */
export function occurrences(root: string, { file, find }: Break): number {
  return readFileSync(join(root, file), 'utf8').split(find).length - 1
}

function applied({ id, find, replace, file }: Break, source: string): string {
  const parts = source.split(find)
  if (parts.length !== 2) throw new Error(`break ${id}: its text occurs ${String(parts.length - 1)} times in ${file}, not once`)
  return parts.join(replace)
}
