/** Shrunk runs show the same after the engine was refactored in a way that does not concern them: an actor renamed, a failpoint added. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { breaks } from './breaks.js'
import { breakCompiled, changeCompiled, compileProject, removeCopy, type Change } from './broken-copy.js'
import type { CampaignSight } from './default-campaign.js'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'refactored-'))
const unbroken = join(folder, 'unbroken')
afterAll(() => {
  removeCopy(folder)
})

const REFACTORINGS: readonly Change[] = [
  {
    id: 'actor renamed',
    file: 'src/engine/cluster.ts',
    find: 'push(world.add(process, behavior, `TaskExecutor-',
    replace: 'push(world.add(process, behavior, `Worker-',
  },
  {
    id: 'failpoint added',
    file: 'src/engine/checkpoint/checkpoint-coordinator.ts',
    find: "if (graph.configuration.highAvailability) context.send(setup.store, { kind: 'next-id'",
    replace:
      "context.reach('checkpoint.id.asked')\n  if (graph.configuration.highAvailability) context.send(setup.store, { kind: 'next-id'",
  },
]

function run(copy: string, program: string, ...words: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(copy, program), ...words], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout.trim().split('\n').at(-1) ?? ''
}

describe('a shrunk run', () => {
  beforeAll(() => compileProject(root, unbroken))

  it.each(['commit-at-pre-commit', 'offset-before-emit'])('of %s shows the same after a refactoring', async (id) => {
    const broken = breaks.find((each) => each.id === id)!
    const copy = join(folder, id)
    await breakCompiled(root, unbroken, copy, broken)
    const { caught } = JSON.parse(run(copy, 'test/breaks/default-campaign.js', broken.expected.join(','), '30')) as CampaignSight
    const token = caught!.shrunk.token
    const before = JSON.parse(run(copy, 'test/breaks/replay-kinds.js', token)) as string[]
    expect(before.some((kind) => kind.endsWith(`|${caught!.rule}`))).toBe(true)
    for (const change of REFACTORINGS) await changeCompiled(root, copy, change)
    expect(JSON.parse(run(copy, 'test/breaks/replay-kinds.js', token))).toEqual(before)
  })
})
