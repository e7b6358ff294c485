/** Runs the built command line as a process of its own. `npm run build` makes it; `npm test` does that first. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { runProgram } from '../../src/cli/program.js'
import { plain } from '../../src/report/index.js'

const project = join(import.meta.dirname, '../..')
const program = join(project, 'dist/src/cli/main.js')

/** Inputs that belong to the project. */
export const FIXTURES = join(project, 'test/fixtures')

/** What a command came to. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Sends a signal to a running command and the processes it has started, as a terminal does. */
type Kill = (signal: NodeJS.Signals) => void

/** Runs `millrace` with these words. `started` may arrange for something to happen to the process. */
export function millrace(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  started?: (kill: Kill, child: ChildProcess) => void,
): Promise<Ran> {
  if (!existsSync(program)) throw new Error('the command line is not built: npm run build')
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...words], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      // At the head of a group of its own.
      detached: started !== undefined,
    })
    const ran = { stdout: '', stderr: '' }
    child.stdout.on('data', (text: Buffer) => (ran.stdout += text.toString()))
    child.stderr.on('data', (text: Buffer) => (ran.stderr += text.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...ran }))
    started?.((signal) => child.pid !== undefined && process.kill(-child.pid, signal), child)
  })
}

/** Runs the command line within this process, which is much faster: everything but the process itself is the same. */
export async function inThisProcess(words: readonly string[]): Promise<Ran> {
  const ran = { stdout: '', stderr: '' }
  const code = await runProgram(words, {
    out: (lines) => (ran.stdout += lines.map((line) => `${line}\n`).join('')),
    document: (value) => (ran.stdout += JSON.stringify(value)),
    note: (line) => (ran.stderr += `${line}\n`),
    raw: (text) => (ran.stderr += text),
    paint: plain,
    refreshes: false,
  })
  return { code, ...ran }
}

/** That a command refused bad input: all of this is said, the place, the reason, the remedy; no stack trace, nothing on standard output. */
export function expectRefused({ code, stdout, stderr }: Ran, said: readonly string[]): void {
  expect(stderr).not.toMatch(/^\s+at /m)
  for (const text of said) expect(stderr).toContain(text)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
}

/** The one document that a command with `--json` prints. */
export function documentOf({ stdout }: Ran) {
  return JSON.parse(stdout)
}

/** A folder for one test file's output, gone when `removed`. */
export function folder(): { readonly path: string; readonly removed: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'millrace-'))
  return { path, removed: () => rmSync(path, { recursive: true, force: true }) }
}
