/** What a check cannot have, or not with something else: exit code 2, the place, the remedy, nothing half-written. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { expectRefused, folder, inThisProcess } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)

const cases: [what: string, options: readonly string[], ...said: string[]][] = [
  ['no workers', ['--workers', '0'], '--workers 0', 'a whole number from 1 to 256'],
  ['more than any machine has', ['--workers', '1000'], '--workers 1000', 'a whole number from 1 to 256'],
  ['a number that is none', ['--workers', 'two'], '--workers two', 'a whole number from 1 to 256'],
  [
    'workers whose check is saved',
    ['--workers', '2', '--save', join(here, 'saved')],
    '--workers 2: --save is for one thread',
    '--save without --workers',
  ],
  [
    'workers that compare whole states',
    ['--workers', '2', '--exact'],
    '--workers 2: --exact is for one thread',
    '--exact without --workers',
  ],
  ['workers with another seed', ['--workers', '2', '--seed2'], '--workers 2: --seed2 is for one thread', '--seed2 without --workers'],
  [
    'workers with ample sets',
    ['--workers', '2', '--reduce', 'ample'],
    '--workers 2: ample is learned by one thread',
    '--reduce without ample',
  ],
  [
    'workers with late words',
    ['--workers', '2', '--reduce', 'late-words'],
    '--workers 2: late-words is learned by one thread',
    '--reduce without late-words',
  ],
  [
    'workers with symmetry',
    ['--workers', '2', '--reduce', 'symmetry'],
    '--workers 2: symmetry is learned by one thread',
    '--reduce without symmetry',
  ],
  [
    'symmetry that is to be saved',
    ['--reduce', 'symmetry', '--save', join(here, 'saved')],
    'what a search with symmetry learns is not saved',
    '--reduce without symmetry',
  ],
  [
    'symmetry beside what chooses by order',
    ['--reduce', 'late-words,symmetry'],
    '--reduce symmetry: late-words chooses by an order that images have not',
    'symmetry without late-words',
  ],
  [
    'symmetry of too many',
    ['--reduce', 'symmetry', '--scope', 'taskManagers=6'],
    '--reduce symmetry: the scope has 6 TaskManagers',
    'up to 5',
  ],
  [
    'liveness where images are left out',
    ['--liveness', '--reduce', 'symmetry'],
    '--liveness: symmetry leaves out ways that may never end',
    '--reduce without symmetry',
  ],
  [
    'liveness by several threads',
    ['--workers', '2', '--liveness'],
    '--liveness: all steps are kept in the memory of one thread',
    '--liveness without --workers',
  ],
  [
    'liveness that is to be saved',
    ['--liveness', '--save', join(here, 'saved')],
    '--liveness: all steps are kept in the memory of one thread',
    '--liveness without --save',
  ],
  [
    'liveness where ways are left out',
    ['--liveness', '--reduce', 'ample'],
    '--liveness: ample leaves out ways that may never end',
    '--reduce without ample',
  ],
]

describe('options of a check that do not go together', () => {
  it.each(cases)('%s', async (_, options, ...said) => {
    expectRefused(await inThisProcess(['check', 'file-to-file', ...options]), said)
    expect(readdirSync(here)).toEqual([])
  })
})
