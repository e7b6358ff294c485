import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A text file of the project; `path` is relative to its root, with forward slashes. */
export interface ProjectFile {
  readonly path: string
  readonly text: string
}

/** Folders that are generated, foreign, or data kept byte for byte as it was recorded. */
const skipped = new Set(['node_modules', 'dist', 'coverage', '.git', 'failures', 'fixtures', 'examples', 'reports'])

const textual = /(\.(ts|js|cjs|mjs|json|md|yaml|yml|css|html)|^\.[a-z]+|(^|\/)(LICENSE|run))$/

/** Paths of all text files below `root`, sorted. */
export function projectPaths(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : projectPaths(root, path)
      return textual.test(entry.name) && entry.name !== 'package-lock.json' ? [path] : []
    })
    .sort()
}

/** All text files below `root`. */
export function projectFiles(root: string): ProjectFile[] {
  return projectPaths(root).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** Whether a path of the project exists, as `folder` or `file`. */
export function exists(root: string, path: string): boolean {
  return statSync(join(root, path), { throwIfNoEntry: false }) !== undefined
}
