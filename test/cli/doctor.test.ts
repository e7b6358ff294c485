import { execFileSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { documentOf, expectRefused, folder, millrace } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)

describe('millrace doctor', () => {
  it('finds runs of all scenarios the same in two processes, at every step', async () => {
    const ran = await millrace(['doctor', '--seeds', '30', '--json'])
    expect(ran.code).toBe(0)
    const version = execFileSync(process.execPath, ['--version']).toString().trim().slice(1)
    expect(documentOf(ran)).toMatchObject({
      schema: 1,
      verdict: 'deterministic',
      runs: 30,
      sides: [`node ${version}`, `node ${version}`],
      interrupted: false,
    })
    expect(documentOf(ran).steps).toBeGreaterThan(30_000)
  })

  it('says it in a line', async () => {
    const { code, stdout } = await millrace(['doctor', '--seeds', '2', '--scenario', 'word-count', '--node', process.execPath])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^DETERMINISTIC {2}2 seeds on node \S+ and node \S+, the same at each of [\d,]+ steps; hash over all traces [0-9a-f]{16}\n$/,
    )
  })

  it.each([
    ['is not there', join(here, 'nowhere')],
    ['is no Node', notNode()],
  ])('refuses a binary that %s', async (_, binary) => {
    const ran = await millrace(['doctor', '--seeds', '1', '--node', binary])
    expectRefused(ran, [`--node ${binary}`, 'allowed: the path of a Node binary'])
  })
})

function notNode(): string {
  const path = join(here, 'not-node')
  writeFileSync(path, '#!/bin/sh\nexit 1\n')
  chmodSync(path, 0o755)
  return path
}
