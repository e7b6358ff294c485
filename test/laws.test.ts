/** Each law of the rooms and of determinism is reported when it is broken, on a small project made for that. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser'
import { ESLint } from 'eslint'
import { beforeAll, describe, expect, it } from 'vitest'
import { withSmallProject } from './laws/small-project.js'

const root = join(import.meta.dirname, '..')
const tsconfig = readFileSync(join(root, 'tsconfig.json'), 'utf8')

describe('rooms', () => {
  const rooms = [
    'world',
    'history',
    'engine',
    'systems',
    'connectors',
    'faults',
    'guarantees',
    'search',
    'flink',
    'report',
    'fast-check',
    'vitest',
  ]
  const small: Record<string, string> = { 'package.json': '{"type":"module","dependencies":{"yaml":"1.0.0","seedrandom":"1.0.0"}}' }
  for (const room of rooms) small[`src/${room}/index.ts`] = 'export const a = 1\nexport type A = 1\n'
  for (const name of ['yaml', 'seedrandom']) {
    small[`node_modules/${name}/package.json`] = `{"name":"${name}","version":"1.0.0","main":"index.js"}`
    small[`node_modules/${name}/index.js`] = 'module.exports = 1\n'
  }
  small['src/engine/inside.ts'] = 'export const a = 1\n'
  small['src/flink/input-error.ts'] = 'export const a = 1\n'
  small['src/cli/main.ts'] = 'export const a = 1\n'
  small['src/engine/some.test.ts'] = "import { a } from '../guarantees/index.js'\nexport const b = a\n"

  /** Path of an importing file, what it imports, and the rule that must report it (none: allowed). */
  const cases: readonly (readonly [from: string, to: string, rule?: string])[] = [
    ['src/world/to-engine.ts', '../engine/index.js', 'rooms-world'],
    ['src/history/to-world.ts', '../world/index.js', 'rooms-history'],
    ['src/engine/to-systems.ts', '../systems/index.js', 'rooms-engine'],
    ['src/engine/to-guarantees.ts', '../guarantees/index.js', 'rooms-engine'],
    ['src/systems/to-engine.ts', '../engine/index.js', 'rooms-systems'],
    ['src/faults/to-engine.ts', '../engine/index.js', 'types-only-faults'],
    ['src/faults/to-guarantees.ts', '../guarantees/index.js', 'rooms-faults'],
    ['src/guarantees/to-engine.ts', '../engine/index.js', 'rooms-guarantees'],
    ['src/guarantees/deep/to-world.ts', '../../world/index.js', 'rooms-guarantees'],
    ['src/search/to-report.ts', '../report/index.js', 'rooms-search'],
    ['src/search/to-cli.ts', '../cli/main.js', 'rooms-search'],
    ['src/flink/to-systems.ts', '../systems/index.js', 'rooms-flink'],
    ['src/report/to-engine.ts', '../engine/index.js', 'rooms-report'],
    ['scenarios/to-cli.ts', '../src/cli/main.js', 'rooms-scenarios'],
    ['src/index.ts', './cli/main.js', 'front-door'],
    ['src/index.ts', './fast-check/index.js', 'front-door'],
    ['src/search/to-fast-check.ts', '../fast-check/index.js', 'rooms-search'],
    ['src/cli/to-vitest.ts', '../vitest/index.js', 'rooms-cli'],
    ['src/engine/value-of-history.ts', '../history/index.js', 'types-only-engine'],
    ['src/report/value-of-search.ts', '../search/index.js', 'types-only-report'],
    ['src/connectors/around-the-door.ts', '../engine/inside.js', 'through-the-door'],
    ['src/engine/reads-files.ts', 'node:fs', 'node-modules-of-node'],
    ['src/history/reads-files.ts', 'node:fs', 'node-modules-of-node'],
    ['src/engine/reads-yaml.ts', 'yaml', 'packages-engine'],
    ['src/engine/imports-test.ts', './some.test.js', 'product-without-tests'],
    ['src/engine/nowhere.ts', './gone.js', 'nothing-unresolved'],
    ['src/engine/to-world.ts', '../world/index.js'],
    ['src/connectors/to-engine.ts', '../engine/index.js'],
    ['src/search/to-input-error.ts', '../flink/input-error.js'],
    ['src/history/history-file.ts', 'node:fs'],
    ['src/cli/reads-files.ts', 'node:fs'],
    ['src/flink/reads-yaml.ts', 'yaml'],
    ['src/world/draws.ts', 'seedrandom'],
    ['src/cli/to-report.ts', '../report/index.js'],
    ['scenarios/to-engine.ts', '../src/engine/index.js'],
  ]
  for (const [from, to] of cases) small[from] = `import * as other from '${to}'\nexport const b = other\n`
  small['src/engine/type-of-history.ts'] = "import type { A } from '../history/index.js'\nexport type B = A\n"
  small['src/engine/cycle-one.ts'] = "import { two } from './cycle-two.js'\nexport const one = (): unknown => two\n"
  small['src/engine/cycle-two.ts'] = "import { one } from './cycle-one.js'\nexport const two = (): unknown => one\n"
  small['src/engine/type-cycle-one.ts'] =
    "import type { Two } from './type-cycle-two.js'\nexport interface One { two: Two }\nexport const one = 1\n"
  small['src/engine/type-cycle-two.ts'] =
    "import { one } from './type-cycle-one.js'\nexport interface Two { one: number }\nexport const two = one\n"

  let broken: readonly string[] = []
  beforeAll(async () => {
    const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
      forbidden: IForbiddenRuleType[]
      options: ICruiseOptions
    }
    broken = await withSmallProject(small, async (baseDir) => {
      const { output } = await cruise(
        ['src', 'scenarios'],
        { ...options, baseDir, ruleSet: { forbidden }, validate: true },
        options.enhancedResolveOptions,
      )
      return (output as ICruiseResult).summary.violations.map(({ from, rule }) => `${from} ${rule.name}`)
    })
  })

  it.each(cases.filter(([, , rule]) => rule !== undefined))('%s must not import %s', (from, _to, rule) => {
    expect(broken).toContain(`${from} ${rule}`)
  })

  it('types may go in circles, values may not', () => {
    expect(broken).toContain('src/engine/cycle-one.ts no-value-cycles')
    expect(broken.filter((line) => line.startsWith('src/engine/type-'))).toEqual([])
  })

  it('nothing else is reported', () => {
    const expected = cases.flatMap(([from, , rule]) => (rule === undefined ? [] : [`${from} ${rule}`]))
    // The command line has no door, so whoever imports it breaks two rules; a cycle is seen from both of its files.
    const twice = ['scenarios/to-cli.ts through-the-door', 'src/search/to-cli.ts through-the-door']
    const cycle = ['src/engine/cycle-one.ts no-value-cycles', 'src/engine/cycle-two.ts no-value-cycles']
    const surplus = broken.filter((line) => ![...expected, ...twice, ...cycle].includes(line))
    expect(surplus).toEqual([])
  })
})

describe('determinism and style', () => {
  /** What the code does, the file it stands in, the code, and the rule that must report it (none: allowed). */
  const cases: readonly (readonly [what: string, path: string, code: string, rule?: string])[] = [
    ['Math.random', 'src/engine', 'export const a = Math.random()', 'no-restricted-properties'],
    ['Date.now', 'src/world', 'export const a = Date.now()', 'no-restricted-globals'],
    ['new Date()', 'src/systems', 'export const a = new Date()', 'no-restricted-globals'],
    ['performance.now', 'src/connectors', 'export const a = performance.now()', 'no-restricted-globals'],
    ['setTimeout', 'src/engine', 'setTimeout(() => undefined, 1)', 'no-restricted-globals'],
    ['queueMicrotask', 'src/faults', 'queueMicrotask(() => undefined)', 'no-restricted-globals'],
    ['process', 'src/engine', 'export const a = process.env', 'no-restricted-globals'],
    ['console', 'src/guarantees', "console.log('a')", 'no-restricted-globals'],
    ['crypto', 'src/history', 'export const a = crypto.randomUUID()', 'no-restricted-globals'],
    ['globalThis', 'src/world', 'export const a = globalThis', 'no-restricted-globals'],
    ['Promise', 'src/engine', 'export const a = Promise.resolve(1)', 'no-restricted-globals'],
    ['node:fs', 'src/guarantees', "import { readFileSync } from 'node:fs'\nexport const a = readFileSync", 'no-restricted-imports'],
    ['localeCompare', 'src/guarantees', "export const a = 'a'.localeCompare('b')", 'no-restricted-properties'],
    ['Math.log', 'src/world', 'export const a = Math.log(2)', 'no-restricted-properties'],
    [
      'async',
      'src/engine',
      'export const a = async (): Promise<number> => await b()\ndeclare function b(): Promise<number>',
      'no-restricted-syntax',
    ],
    [
      'async method',
      'src/systems',
      'export class A {\n  async run(): Promise<void> {\n    await this.run()\n  }\n}',
      'no-restricted-syntax',
    ],
    ['dynamic import', 'src/world', "export const a = import('./b.js')", 'no-restricted-syntax'],
    ['for…in', 'src/history', 'export function a(b: object): void {\n  for (const c in b) a({ c })\n}', 'no-restricted-syntax'],
    ['variable of a module', 'src/engine', 'let a = 1\nexport const b = (): number => a++', 'no-restricted-syntax'],
    ['exported variable of a module', 'src/world', 'export let a = 1\na = 2', 'no-restricted-syntax'],
    [
      'catch in the engine',
      'src/engine',
      'export function a(): void {\n  try {\n    a()\n  } catch {\n    a()\n  }\n}',
      'no-restricted-syntax',
    ],
    [
      'catch in a system',
      'src/systems',
      'export function a(): void {\n  try {\n    a()\n  } catch {\n    a()\n  }\n}',
      'no-restricted-syntax',
    ],
    [
      'catch in a connector',
      'src/connectors',
      'export function a(): void {\n  try {\n    a()\n  } finally {\n    a()\n  }\n}',
      'no-restricted-syntax',
    ],
    ['assertion in the engine', 'src/engine', 'export const a = (b: unknown): number => b as number', 'no-restricted-syntax'],
    ['assertion in the world', 'src/world', 'export const a = (b: unknown): number => <number>b', 'no-restricted-syntax'],
    ['any', 'src/engine', 'export const a = (b: any): number => 1 + Number(b)', '@typescript-eslint/no-explicit-any'],
    ['sort without order', 'src/engine', 'export const a = [3, 20].sort()', '@typescript-eslint/require-array-sort-compare'],
    ['floating promise', 'src/search', 'declare function b(): Promise<number>\nb()', '@typescript-eslint/no-floating-promises'],
    [
      'forgotten case',
      'src/guarantees',
      "export function a(b: 'x' | 'y'): void {\n  switch (b) {\n    case 'x':\n      a('y')\n  }\n}",
      '@typescript-eslint/switch-exhaustiveness-check',
    ],
    ['as const', 'src/engine', 'export const a = [1, 2] as const'],
    ['catch in the world', 'src/world', 'export function a(): void {\n  try {\n    a()\n  } catch {\n    a()\n  }\n}'],
    [
      'async in the search',
      'src/search',
      'declare function b(): Promise<number>\nexport const a = async (): Promise<number> => 1 + (await b())',
    ],
    ['clock in the command line', 'src/cli', 'export const a = Date.now()'],
    ['assertion in a test', 'test', 'export const a = (b: unknown): number => b as number'],
  ]
  const fileOf = (index: number, path: string): string => `${path}/case-${index}.ts`

  let reported: ReadonlyMap<string, readonly string[]> = new Map()
  beforeAll(async () => {
    const files = Object.fromEntries(cases.map(([, path, code], index) => [fileOf(index, path), `${code}\n`]))
    const special = {
      'src/engine/actor-types.ts': 'export const a = (b: unknown): number => b as number\n',
      'src/history/history-file.ts': "import { readFileSync } from 'node:fs'\nexport const a = readFileSync('a')\n",
    }
    reported = await withSmallProject({ ...files, ...special, 'tsconfig.json': tsconfig }, async (cwd) => {
      const eslint = new ESLint({
        cwd,
        overrideConfigFile: join(root, 'eslint.config.js'),
        overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { tsconfigRootDir: cwd } } },
      })
      const results = await eslint.lintFiles(['src', 'test'])
      return new Map(
        results.map(({ filePath, messages }) => [filePath.slice(cwd.length + 1), messages.map(({ ruleId, message }) => ruleId ?? message)]),
      )
    })
  })

  const rows = cases.map(([what, path, , rule], index) => ({ what, path, rule, file: fileOf(index, path) }))
  it.each(rows.filter(({ rule }) => rule !== undefined))('$what in $path is reported', ({ rule, file }) => {
    expect(reported.get(file)).toContain(rule)
  })
  it.each(rows.filter(({ rule }) => rule === undefined))('$what in $path is allowed', ({ file }) => {
    expect(reported.get(file)).toEqual([])
  })
  it('actor-types.ts may assert, history-file.ts may read', () => {
    expect(reported.get('src/engine/actor-types.ts')).toEqual([])
    expect(reported.get('src/history/history-file.ts')?.filter((rule) => rule.startsWith('no-restricted'))).toEqual([])
  })
})
