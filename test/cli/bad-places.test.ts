/** Files and directories that cannot be written, and plans that do not fit: told before anything is run, and nothing is made. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { expectRefused, FIXTURES, folder, inThisProcess } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)

const plan = join(FIXTURES, 'plans/WordCount-p2.execution-plan.json')
const output = ['--output', join(here, 'out')]
const token = 'mr1.word-count.aligned.1-0'

describe('a place where nobody can make a file', () => {
  it.each([
    ['a history', ['replay', token, '--history', '/proc/history'], '--history', '/proc/history'],
    ['answers', ['import', plan, '--assume-out', '/proc/assume.yaml'], '--assume-out', '/proc/assume.yaml'],
    ['failures', ['run', '--runs', '1', '--failures', '/proc/failures', ...output], '--failures', 'a directory that can be made'],
    ['what is explored', ['check', 'file-to-file', '--save', '/proc/saved'], '--save', '/proc/saved'],
  ])('is refused: %s', async (_, words, ...said) => {
    expectRefused(await inThisProcess(words), said)
    expect(readdirSync(here)).toEqual([])
  })
})

describe('a device', () => {
  it('is not replaced by a file', async () => {
    expectRefused(await inThisProcess(['replay', token, '--history', '/dev/null']), ["--history: '/dev/null' is no file"])
  })
})

describe('a plan that names a process that there is not', () => {
  it('is told with its file, before a directory is made', async () => {
    const slip = join(here, 'slip.json')
    writeFileSync(slip, '[{"kind":"pause","process":"JobManger","at":{"timeUs":1},"forUs":1}]')
    const words = ['run', '--scenario', 'word-count', '--runs', '1', '--faults', slip, ...output]
    expectRefused(await inThisProcess(words), ['slip.json $.0.process in word-count (aligned)', 'did you mean JobManager?'])
    expect(existsSync(join(here, 'out'))).toBe(false)
  })
})
