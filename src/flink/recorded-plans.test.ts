import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { effectiveConfiguration } from './configuration/index.js'
import { importJob } from './import-job.js'
import { parseJsonText } from './json-text.js'

const summary = z.looseObject({ config: z.record(z.string(), z.string()).default({}) })

/** Everything that was ever recorded lies beside the project on some machines; the fixtures are a part of it. */
const recordings = '../shared/recordings'
const present = existsSync(recordings)

function plansUnder(root: string): string[] {
  if (!existsSync(root)) return []
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
  const folders = files.filter((entry) => entry.isDirectory() && /^rest(?:-|$)/.test(entry.name))
  const plans = files.filter((entry) => entry.isFile() && /-plan\.json$|^(?:plan|job)\.json$/.test(entry.name))
  return [...folders, ...plans].map((entry) => `${entry.parentPath}/${entry.name}`).sort()
}

async function importsCompletely(plan: string) {
  const job = await importJob({ plan })
  const labels = new Set(job.roles.roles.map((role) => role.part.label))
  expect(labels.size).toBe(job.roles.roles.length)
  expect(job.roles.roles.some((role) => role.role === 'source')).toBe(true)
  expect(job.possibilities.combinations.length).toBeGreaterThan(0)
  expect(job.possibilities.total > job.possibilities.combinations.length).toBe(job.possibilities.cut !== undefined)
  for (const edge of job.roles.edges) expect([labels.has(edge.from), labels.has(edge.to)]).toEqual([true, true])
  for (const vertex of job.reduced.plan.vertices) expect(vertex.parallelism).toBeLessThanOrEqual(4)
  expect(job.problems.length > 0).toBe(/Iterate|batch.*jobgraph/.test(plan))
}

describe('every plan among the fixtures imports, or says what cannot be checked', () => {
  it.each([...plansUnder('test/fixtures/plans'), ...plansUnder('test/fixtures/rest')])('%s', importsCompletely)
  it.each(readdirSync('test/fixtures/rest').filter((name) => !name.endsWith('.md')))('folder %s', (name) =>
    importsCompletely(`test/fixtures/rest/${name}`),
  )
})

const absent = present ? '' : ' (skipped: there are no recordings beside the project)'

describe.skipIf(!present)(`everything under ${recordings}${absent}`, () => {
  it('imports, or says what cannot be checked', async () => {
    const plans = plansUnder(recordings)
    expect(plans.length).toBeGreaterThan(100)
    for (const plan of plans) await importsCompletely(plan)
  })
  it('sets no option that is unknown; what Flink refused is refused', () => {
    let options = 0
    const refused = readdirSync(recordings).filter((name) => {
      const path = `${recordings}/${name}/summary.json`
      if (!existsSync(path)) return false
      const { config } = summary.parse(parseJsonText(readFileSync(path, 'utf8'), path))
      const entries = Object.entries(config).map(([key, text]) => ({ key, text, where: `${path} ${key}` }))
      options += entries.length
      const read = () => effectiveConfiguration([{ entries, warnings: [] }])
      if (name === 'concurrent-unaligned') expect(read).toThrow("maxConcurrentCheckpoints can't be > 1 if UnalignedCheckpoints enabled")
      else expect(read).not.toThrow()
      return name === 'concurrent-unaligned'
    })
    expect(refused).toEqual(['concurrent-unaligned'])
    expect(options).toBeGreaterThan(100)
  })
})
