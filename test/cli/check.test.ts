import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { documentOf, folder, millrace } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)

describe('millrace check', { timeout: 120_000 }, () => {
  it('tells what was explored when it is interrupted, saves it, and goes on from there', async () => {
    const saved = join(here, 'check')
    const words = ['check', 'kafka-to-kafka-exactly-once', '--scope', 'crashes=2', '--save', saved, '--json']
    // It is saved early for the first time; what is there in the end is what the interruption has saved.
    const begun = (kill: (signal: NodeJS.Signals) => void): void => {
      if (!existsSync(saved)) setTimeout(() => begun(kill), 50)
      else {
        rmSync(saved)
        kill('SIGINT')
      }
    }
    const ended = await millrace(words, undefined, begun)
    expect(ended.stderr).toContain('ending; once more to stop at once')
    expect(ended.code).toBe(4)
    const document = documentOf(ended)
    expect(document).toMatchObject({ verdict: 'incomplete', exhausted: false, interrupted: true, left: [] })
    expect(document.because).toContain('not all states were seen: interrupted')
    expect(document.distinct).toBeGreaterThan(0)
    expect(existsSync(saved)).toBe(true)

    const goneOn = documentOf(await millrace([...words, '--seconds', '0.001']))
    expect(goneOn).toMatchObject({ verdict: 'incomplete', interrupted: false })
    expect(goneOn.distinct).toBeGreaterThanOrEqual(document.distinct)
  })

  it('is ended by the second signal', async () => {
    const saved = join(here, 'ended')
    const words = ['check', 'kafka-to-kafka-exactly-once', '--scope', 'crashes=2', '--save', saved]
    const begun = (kill: (signal: NodeJS.Signals) => void): void => {
      if (!existsSync(saved)) setTimeout(() => begun(kill), 50)
      else {
        kill('SIGINT')
        kill('SIGTERM')
      }
    }
    const { code, stdout } = await millrace(words, undefined, begun)
    expect([code, stdout]).toEqual([130, ''])
  })
})
