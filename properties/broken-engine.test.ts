/** Each property fails on an engine in which one line is wrong: what never fails says nothing. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { experiments, type GeneratedExperiment } from '../src/fast-check/index.js'
import type { ExperimentResult } from '../src/search/index.js'
import { breaks } from '../test/breaks/breaks.js'
import { breakCompiled, compileProject, removeCopy } from '../test/breaks/broken-copy.js'
import { properties } from './all.js'
import type { Property } from './property.js'

/** Runs within which the property must fail. */
const MAX_RUNS = 150

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'broken-properties-'))
const compiled = join(folder, 'unbroken')

beforeAll(() => compileProject(root, compiled))
afterAll(() => {
  removeCopy(folder)
})

const named = properties.map((property) => {
  const { name, brokenBy } = property
  return [name, typeof brokenBy === 'string' ? brokenBy : brokenBy.id, property] as const
})

it.each(named)('%s: not with %s', async (_name, _broken, property) => {
  const run = await brokenEngine(property)
  const { about, brokenIn, check } = property
  const drawn = fc.property(experiments({ ...about, modes: [brokenIn] }), (generated) => check(run(generated)))
  const { failed, errorInstance } = fc.check(drawn, { numRuns: MAX_RUNS, seed: 1, endOnFailure: true })
  expect(failed).toBe(true)
  expect(String(errorInstance)).toMatch(/^(AssertionError|Error: the run)/)
})

type RunGenerated = (generated: GeneratedExperiment, options: { readonly keepHistory: boolean }) => ExperimentResult

/** What runs experiments on a copy of the project with the property's break in it. */
async function brokenEngine({ brokenBy, name }: Property): Promise<(generated: GeneratedExperiment) => ExperimentResult> {
  const change = typeof brokenBy === 'string' ? breaks.find(({ id }) => id === brokenBy) : brokenBy
  if (change === undefined) throw new Error(`there is no such break of ${name}`)
  const copy = join(folder, change.id)
  await breakCompiled(root, compiled, copy, change)
  const { runGenerated }: { runGenerated: RunGenerated } = await import(pathToFileURL(join(copy, 'src/fast-check/index.js')).href)
  // With its history, so that nobody has to run it again: that would be on the engine that is not broken.
  return (generated) => runGenerated(generated, { keepHistory: true })
}
