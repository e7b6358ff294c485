/** The project keeps its own laws. `tidy-rules.test.ts` shows that each of these checks can fail. */
import { accessSync, constants, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import ratchet from './tidy-ratchet.json' with { type: 'json' }
import roomsFile from './rooms.json' with { type: 'json' }
import { brokenLinks } from './tidy/link-rules.js'
import { exists, projectFiles, type ProjectFile } from './tidy/project-files.js'
import { castsAndAnys, longFunctions, missingHeader, undocumentedExports, unexplainedSkips } from './tidy/source-rules.js'
import { badEnding, foreignText, forbiddenName, tooLong, unexplainedDisable } from './tidy/text-rules.js'

const root = join(import.meta.dirname, '..')
const files = projectFiles(root)
const sources = files.filter(({ path }) => path.endsWith('.ts'))
const tests = sources.filter(({ path }) => path.endsWith('.test.ts'))
const product = sources.filter(({ path }) => /^(src|scenarios|bench)\//.test(path) && !path.endsWith('.test.ts'))

/** All complaints of a check, as one list, so that a failure shows every place at once. */
function complaints(of: readonly ProjectFile[], check: (file: ProjectFile) => string[]): string[] {
  return of.flatMap(check)
}

describe('tidy', () => {
  it('sees the project', () => {
    expect(files.length).toBeGreaterThan(50)
    const known = ['package.json', 'README.md', '.ci/run', 'src/world/index.ts', 'test/tidy.test.ts']
    expect(known.filter((path) => !files.some((file) => file.path === path))).toEqual([])
  })

  it('no source file is too long', () => {
    expect(complaints(sources, tooLong)).toEqual([])
  })

  it('no function is too long', () => {
    expect(complaints(product, longFunctions)).toEqual([])
  })

  it('no any and no assertion in src/world and src/engine, but for actor-types.ts', () => {
    const strict = product.filter(({ path }) => /^src\/(world|engine)\//.test(path) && !/^src\/[a-z]+\/actor-types\.ts$/.test(path))
    expect(strict.length).toBeGreaterThan(10)
    expect(complaints(strict, castsAndAnys)).toEqual([])
  })

  it('files are named by their subject', () => {
    expect(sources.flatMap(({ path }) => forbiddenName(path))).toEqual([])
  })

  it('every room is in the picture and has an index.ts that says what lives there', () => {
    const folders = new Set(
      product.map(({ path }) => /^src\/[^/]+(?=\/)|^(scenarios|bench)(?=\/)/.exec(path)?.[0]).filter((room) => room !== undefined),
    )
    const rooms = roomsFile.rooms.map((room) => room.path)
    expect([...folders].filter((folder) => !rooms.includes(folder))).toEqual([])
    const entered = roomsFile.rooms.filter((room) => room.name !== 'bench' && room.name !== 'cli').map((room) => `${room.path}/index.ts`)
    expect(entered.filter((path) => !exists(root, path))).toEqual([])
    const indexes = product.filter(({ path }) => entered.includes(path))
    expect(complaints(indexes, missingHeader)).toEqual([])
  })

  it('exports are documented; the debt only shrinks', () => {
    const inSource = product.filter(({ path }) => path.startsWith('src/'))
    const debt = complaints(inSource, undocumentedExports)
    const tooMany = debt.length > ratchet.undocumentedExports ? debt : []
    expect(tooMany).toEqual([])
    expect(debt.length, 'less debt than written down: lower the number in test/tidy-ratchet.json').toBe(ratchet.undocumentedExports)
  })

  it('nothing names a machine, a registry or a work item', () => {
    expect(complaints(files, foreignText)).toEqual([])
  })

  it('no check is switched off without a reason', () => {
    expect(complaints(sources, unexplainedDisable)).toEqual([])
    expect(complaints(tests, unexplainedSkips)).toEqual([])
  })

  it('links in README and docs lead somewhere', () => {
    const documents = files.filter(({ path }) => /^(docs\/.*|[^/]+)\.md$/.test(path))
    const project = { exists: (path: string) => exists(root, path), text: (path: string) => readFileSync(join(root, path), 'utf8') }
    expect(complaints(documents, (file) => brokenLinks(file, project))).toEqual([])
  })

  it('every file ends with one line break', () => {
    expect(complaints(files, badEnding)).toEqual([])
  })

  it('.ci/run can be executed', () => {
    expect(() => accessSync(join(root, '.ci/run'), constants.X_OK)).not.toThrow()
  })
})
