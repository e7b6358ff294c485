import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { documentOf, folder, inThisProcess } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)

function planOf(name: string, ...nodes: readonly object[]): string {
  const path = join(here, `${name}.json`)
  writeFileSync(path, JSON.stringify({ name, nodes }))
  return path
}

const source = { id: 'a', parallelism: 4, description: 'Source: a' }
const into = (parallelism: number, description: string) => ({
  id: 'b',
  parallelism,
  description,
  inputs: [{ id: 'a', ship_strategy: 'HASH' }],
})
const run = (plan: string, ...words: readonly string[]) =>
  inThisProcess(['run', '--plan', plan, '--runs', '2', '--output', join(here, 'report'), '--failures', join(here, 'failures'), ...words])

describe('a plan that cannot be simulated', () => {
  it.each([
    [
      'a job without a sink',
      planOf('sinkless', source, into(4, 'Map')),
      /no operator is recognised as a sink: .*end the job with one of these/,
    ],
    ['a sink without an input', planOf('unfed', { ...source, description: 'Sink: a' }), /'Sink: a': the sink has no input/],
    [
      'FORWARD between different parallelisms',
      planOf(
        'forward',
        { id: 1, type: 'Source: a', pact: 'Data Source', parallelism: 4 },
        { id: 2, type: 'Sink: b', pact: 'Data Sink', parallelism: 2, predecessors: [{ id: 1, ship_strategy: 'FORWARD' }] },
      ),
      /does not allow change of parallelism/,
    ],
    ['a parallelism to be decided later', planOf('later', source, into(-1, 'Sink: b')), /'Sink: b': its parallelism is -1/],
  ])('is incomplete, and says why: %s', async (_, plan, reason) => {
    const { code, stdout } = await run(plan)
    expect([code, stdout]).toEqual([4, expect.stringMatching(reason)])
    expect(stdout).toMatch(/^INCOMPLETE {2}0 runs/m)
    const { problems } = documentOf(await inThisProcess(['import', plan, '--json']))
    expect(problems).toEqual([expect.objectContaining({ reason: expect.any(String) })])
  })

  it.each([
    [
      'a vertex without parallelism',
      planOf('missing', { id: 'a', description: 'Source: a' }),
      [],
      /\$\.nodes\[0\]\.parallelism: missing$.*allowed: a number; a plan as Flink writes it/ms,
    ],
    [
      'fewer key groups than subtasks',
      planOf('narrow', source, into(4, 'Sink: b')),
      ['pipeline.max-parallelism=1'],
      /higher than the max parallelism/,
    ],
  ])('is refused: %s', async (_, plan, settings, message) => {
    const { code, stderr } = await run(plan, ...settings.flatMap((setting) => ['--set', setting]))
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
    expect(stderr).not.toMatch(/undefined|received/)
  })
})
