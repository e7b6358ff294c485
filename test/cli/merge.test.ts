/** Shards of a campaign, and the campaign that they are merged to. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FIXTURES, folder, inThisProcess } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)
const into = (name: string): readonly string[] => ['--output', join(here, name)]
const storing = (name: string): readonly string[] => ['--failures', join(here, name)]
const text = (name: string, file = 'results.json'): string => readFileSync(join(here, name, file), 'utf8')
const timeless = (json: string): string => json.replace(/"seconds": [\d.]+/, '')

/** A claim that some runs violate, and one that holds; seven runs, so that shards are not of the same size. */
const plan = ['--plan', join(FIXTURES, 'rest/alo-skew-append'), '--claim', 'exactly-once@external-store']
const campaign = ['run', ...plan, '--assume', 'reports/example/assume.yaml', '--seed', 'merged', '--runs', '7', '--workers', '1']

beforeAll(async () => {
  await inThisProcess([...campaign, ...into('whole'), ...storing('whole-failures')])
  for (const shard of ['1/3', '2/3', '3/3']) {
    const name = `shard-${shard.replace('/', '-of-')}`
    await inThisProcess([...campaign, '--shard', shard, ...into(name), ...storing(`${name}-failures`)])
  }
}, 240_000)

const shards = ['shard-3-of-3', 'shard-1-of-3', 'shard-2-of-3'].map((name) => join(here, name))

/** A shard with something else in it. */
function changed(name: string, change: (shard: Record<string, Record<string, unknown>>) => void): string {
  const document = JSON.parse(text('shard-2-of-3')) as { readonly shard: Record<string, Record<string, unknown>> }
  change(document.shard)
  const path = join(here, `${name}.json`)
  writeFileSync(path, JSON.stringify(document))
  return path
}

describe('millrace merge', () => {
  it('gives the results of the whole campaign, byte for byte but for the seconds', async () => {
    const { code } = await inThisProcess(['merge', ...shards, ...into('merged'), ...storing('whole-failures')])
    expect(code).toBe(1)
    expect(timeless(text('merged'))).toBe(timeless(text('whole')))
    expect(text('merged', 'summary.md')).toBe(text('whole', 'summary.md'))
    const { runs, violations } = JSON.parse(text('merged')) as { runs: number; violations: unknown[] }
    expect([runs % 7, violations.length > 0]).toEqual([0, true])
  }, 120_000)

  it('is incomplete when a shard is missing', async () => {
    const { code, stdout } = await inThisProcess(['merge', ...shards.slice(0, 1), ...into('part'), ...storing('part-failures')])
    expect([code, stdout]).toEqual([expect.any(Number), expect.stringContaining('ended before all runs were done')])
  }, 120_000)

  it.each([
    [
      'of different seeds',
      () => changed('seed', ({ campaign: of = {} }) => Object.assign(of, { seed: 'other' })),
      'seed other here, merged, in',
    ],
    [
      'of campaigns of other lengths',
      () => changed('runs', ({ campaign: of = {} }) => Object.assign(of, { runs: 8 })),
      'runs 8 here, 7, in',
    ],
    [
      'of different configurations',
      () => changed('conf', ({ campaign: of = {} }) => Object.assign((of['cells'] as object[])[0] ?? {}, { configuration: 'ffff' })),
      'another configuration of alo-skew-append',
    ],
    ['of different versions', () => changed('version', (shard) => Object.assign(shard, { version: '9.9.9' })), 'of millrace 9.9.9, and'],
    ['the same twice', () => join(here, 'shard-1-of-3'), 'shard 1 of 3 a second time'],
    ['damaged', () => changed('damaged', (shard) => Object.assign(shard, { tallies: [{}] })), '$.shard.tallies.0: no tally of runs'],
    ['a whole campaign', () => join(here, 'whole'), 'the results of a whole campaign, not of a shard'],
    ['nowhere', () => join(here, 'nowhere.json'), 'nowhere.json: ENOENT'],
    [
      'cut short',
      () => {
        writeFileSync(join(here, 'cut.json'), text('shard-2-of-3').slice(0, 2000))
        return join(here, 'cut.json')
      },
      'cut.json: not JSON, or cut short',
    ],
  ])('refuses shards that do not belong together: %s', async (_, path, said) => {
    const { code, stdout, stderr } = await inThisProcess([
      'merge',
      join(here, 'shard-1-of-3'),
      path(),
      ...into('never'),
      ...storing('never-failures'),
    ])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(said)
    expect(stderr).toContain('allowed: ')
  })

  it.each([
    [['--shard', '3/2', '--runs', '4'], '--shard 3/2: not a part of a campaign'],
    [['--shard', '0/2', '--runs', '4'], '--shard 0/2: not a part of a campaign'],
    [['--shard', 'half', '--runs', '4'], '--shard half: not a part of a campaign'],
    [['--shard', '1/2'], '--shard 1/2: a campaign that goes by time has no parts'],
    [['--shard', '1/2', '--runs', '4', '--driver', 'guided'], '--shard 1/2: what a guided run is depends on the runs before it'],
  ])('a campaign has no such shard: %s', async (words, said) => {
    const { code, stderr } = await inThisProcess(['run', ...words, ...into('never')])
    expect(code).toBe(2)
    expect(stderr).toContain(said)
  })
})
