/** The example under reports/ is what the command line writes, byte for byte. After a change that is meant: run this test with `-u`. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { folder, inThisProcess } from '../cli/millrace.js'

const { path: here, removed } = folder()
const failures = 'failures/of-the-example'
afterAll(() => {
  removed()
  rmSync(failures, { recursive: true, force: true })
})

it('the example report is made anew, byte for byte', async () => {
  rmSync(failures, { recursive: true, force: true })
  const job = ['--plan', 'test/fixtures/rest/alo-skew-append', '--assume', 'reports/example/assume.yaml']
  const claim = ['--claim', 'exactly-once@external-store', '--runs', '20', '--seed', 'example', '--workers', '1']
  const { code } = await inThisProcess(['run', ...job, ...claim, '--output', here, '--failures', failures])
  expect(code).toBe(1)
  const results = readFileSync(join(here, 'results.json'), 'utf8').replace(/"seconds": [\d.]+/, '"seconds": 0')
  await expect(results).toMatchFileSnapshot('../../reports/example/results.json')
  await expect(readFileSync(join(here, 'summary.md'), 'utf8')).toMatchFileSnapshot('../../reports/example/summary.md')
})
