import { describe, expect, it } from 'vitest'
import { gossips, run } from '../world/fixtures/gossip.js'
import type { Chooser, Override } from '../world/index.js'
import { ChoiceLog, firstDivergence, traceRun } from './choice-log.js'

/** Takes a bad turn now and then, by arithmetic on what was drawn. */
const contrary: Chooser = (_, ordinal, n, drawn) => (ordinal % 7 === 3 ? (drawn + 1) % n : drawn)

function traced(overrides: readonly Override[] = [], seed = 'log') {
  const values = new Map(overrides.map(({ stream, ordinal, value }) => [`${stream}#${ordinal}`, value]))
  const log = new ChoiceLog((stream, ordinal, _, drawn) => values.get(`${stream}#${ordinal}`) ?? drawn)
  const { world, driver } = gossips({ seed, chooser: log.chooser })
  return traceRun(world, driver, log, 800)
}

describe('a choice log', () => {
  it('holds what differs from the draws, and replays the run', () => {
    const log = new ChoiceLog(contrary)
    const original = run(gossips({ seed: 'log', chooser: log.chooser }), 2_000)
    expect(log.overrides.length).toBeGreaterThan(50)
    expect(log.overrides.every(({ ordinal }) => ordinal % 7 === 3)).toBe(true)
    const replayed = run(gossips({ seed: 'log', overrides: log.overrides }), 2_000)
    expect(replayed.traceHash()).toBe(original.traceHash())
    expect(run(gossips({ seed: 'log' }), 2_000).traceHash()).not.toBe(original.traceHash())
  })

  it('is empty for a run that follows its streams', () => {
    const log = new ChoiceLog()
    run(gossips({ seed: 'log', chooser: log.chooser }), 500)
    expect(log.overrides).toEqual([])
    expect(log.takeDraws().length).toBeGreaterThan(100)
    expect(log.takeDraws()).toEqual([])
  })
})

describe('the first divergence', () => {
  it('is none between equal runs', () => {
    expect(firstDivergence(traced(), traced())).toBeUndefined()
  })

  it('names the step whose choice differs, on both sides, and what came before', () => {
    const plain = traced()
    const draws = plain.flatMap((step, index) => step.draws.map((draw) => ({ draw, index })))
    const chosen = draws.find(({ draw, index }) => index > 100 && draw.startsWith('choose/'))
    const [, stream = '', ordinal = '', value = '', n = ''] = /^(.*)#(\d+) = (\d+) of (\d+)$/.exec(chosen?.draw ?? '') ?? []
    const other = (Number(value) + 1) % Number(n)
    const found = firstDivergence(plain, traced([{ stream, ordinal: Number(ordinal), value: other }]))
    expect(found?.step).toBe(chosen?.index)
    expect(found?.before).toEqual(plain.slice((found?.step ?? 0) - 3, found?.step))
    expect(found?.one?.what).toBe(found?.other?.what)
    expect(found?.one?.draws).toContain(`${stream}#${ordinal} = ${value} of ${n}`)
    expect(found?.other?.draws).toContain(`${stream}#${ordinal} = ${other} of ${n}`)
  })

  it('is at the start for another seed, and at the end of a run that stops earlier', () => {
    expect(firstDivergence(traced(), traced([], 'another'))?.step).toBe(0)
    const whole = traced()
    const found = firstDivergence(whole, whole.slice(0, 200))
    expect([found?.step, found?.other]).toEqual([200, undefined])
  })

  it('tells what each step was', () => {
    const kinds = new Set(traced().map(({ what }) => what.replace(/\d+/g, 'N').replace(/\{.*kind":"([a-z-]+)".*/, '$1')))
    const expected = [
      'set up',
      'gossip N: timer talk',
      'gossip N -> gossip N: rumour',
      'crash of process process N',
      'start of process process N',
    ]
    expect([...kinds]).toEqual(expect.arrayContaining(expected))
  })
})
