import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { importJob } from './import-job.js'

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

describe.skipIf(!present)(
  `every plan under ${recordings} imports, or says what cannot be checked${present ? '' : ' (skipped: there are no recordings beside the project)'}`,
  () => {
    it('all of them', async () => {
      const plans = plansUnder(recordings)
      expect(plans.length).toBeGreaterThan(100)
      for (const plan of plans) await importsCompletely(plan)
    })
  },
)
