import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { failpointCatalogue, failpointNamed } from './failpoint-catalogue.js'

const HEADINGS = {
  crash: 'Steps at which a process may die',
  exception: 'Steps at which user code may throw',
  hang: 'Steps at which user code may hang',
  call: 'Calls that may end done, failed or unknown',
  rpc: 'Remote procedure calls',
} as const

/** The list as docs/ has it. */
function listing(): string {
  const parts = Object.entries(HEADINGS).map(([kind, heading]) => {
    const rows = failpointCatalogue.filter((one) => one.kind === kind).map(({ name, role, about }) => [`\`${name}\``, role, about])
    return `## ${heading}\n\n${table([['name', 'who', 'means'], ...rows])}`
  })
  return `# Failpoints\n\nEvery named step of the protocol at which a fault may strike. This list is made from the catalogue in the source.\n\n${parts.join('\n\n')}\n`
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...others] = rows
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n')
}

it('the list in docs/ is what the catalogue says', async () => {
  await expect(listing()).toMatchFileSnapshot('../../docs/failpoints.md')
})

/** The texts of a directory's files that are no tests and no catalogue. */
function sourcesUnder(directory: string): string[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  const code = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('failpoints.ts'))
  return code.map((file) => readFileSync(join(directory, file), 'utf8'))
}

it('names are unique, and nothing else has one', () => {
  const names = failpointCatalogue.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(failpointNamed('store.add')).toMatchObject({ kind: 'call', role: 'store' })
  expect(failpointNamed('store.ad')).toBeUndefined()
})

it('each is taken somewhere in the engine, the systems or the connectors, and no step there is missing from it', () => {
  const sources = ['src/engine', 'src/systems', 'src/connectors'].flatMap(sourcesUnder)
  const taken = new Set(sources.flatMap((text) => [...text.matchAll(/\.(?:reach|fails|outcome)\(\s*'([^']+)'/g)].map(([, name]) => name)))
  const known = new Set<string>(failpointCatalogue.map(({ name }) => name))
  expect([...taken].filter((name) => name !== undefined && !known.has(name))).toEqual([])
  // Calls of some systems are named by their messages.
  const all = sources.join('\n')
  const unused = failpointCatalogue.filter(
    ({ name }) => !taken.has(name) && !all.includes(`'${name}'`) && !all.includes(`'${name.split('.')[1] ?? ''}'`),
  )
  expect(unused.map(({ name }) => name)).toEqual([])
})
