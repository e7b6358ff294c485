import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const script = fileURLToPath(new URL('./fixtures/asleep.mjs', import.meta.url))

it('a search finds nothing wrong with a step in which its process did not run, and saves nothing from then on', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script])
  const found = JSON.parse(stdout) as Readonly<Record<string, object>>
  for (const search of ['model', 'together'] as const) {
    expect(found[search]).toMatchObject({ verdict: 'incomplete', exhausted: false, bounds: [{ bound: 'stood still' }] })
    expect(found[search]).not.toHaveProperty('defect')
  }
  expect(found['world']).toMatchObject({ exhausted: false, bound: 'stood still' })
  expect(found['world']).not.toHaveProperty('violation')
  expect(found['saved']).toBe(0)
})
