import { describe, expect, it } from 'vitest'
import type { ReplayedWay, StoredWay } from '../search/index.js'
import { scopeOf } from '../search/scopes/scope.js'
import { plain, type Paint } from './paint.js'
import { stepLines, wayDocument, wayReportText, type WayContext } from './way-report.js'

const scope = scopeOf({ records: 2 })
const first = { action: 'A -> B: barrier', answers: ['the put is done', 'nothing is lost'] }
const second = { action: 'timer of A', answers: [] }
const third = { action: 'B dies', answers: [] }

/** A way that still shows what it was found for. */
const violated: ReplayedWay = {
  ...{ scenario: 'two-phase', mode: 'aligned', scope },
  ...{ verdict: 'violated', reason: 'lost', path: [first, second], steps: 2, deterministic: true },
}
/** One that has come to its end, and nothing is wrong there. */
const holding: ReplayedWay = {
  ...{ scenario: 'two-phase', mode: 'aligned', scope },
  ...{ verdict: 'holds', path: [first, second], steps: 2, deterministic: true },
}
/** One whose second step of three is not possible any more. */
const parted: ReplayedWay = {
  ...{ scenario: 'two-phase', mode: 'aligned', scope },
  ...{ verdict: 'incomplete', path: [first], steps: 3, possible: [second, third], deterministic: true },
}

const stored: StoredWay = {
  ...{ token: 'mc1.x', scenario: 'two-phase', mode: 'aligned', scope: 'records=2', reason: 'lost' },
  steps: ['A -> B: barrier', 'B lives', 'B answers'],
}
const context: WayContext = {
  token: 'mc1.x',
  command: 'npx millrace replay mc1.x',
  scope: ({ records }) => `records=${String(records)}`,
}
const ofFile: WayContext = { ...context, stored }

const HEAD = 'scenario two-phase   mode aligned   scope records=2'
const REPLAY = '  replay    npx millrace replay mc1.x'

describe('the steps of a way', () => {
  it('are numbered from 0, each with its answers behind it', () => {
    expect(stepLines([first, second])).toEqual(['  0. A -> B: barrier; the put is done; nothing is lost', '  1. timer of A'])
  })
})

describe('the text of a way that is gone again', () => {
  it('counts its steps', () => {
    expect(wayReportText({ ...holding, steps: 1200 }, context, plain)[1]).toBe('2 steps of 1,200, each delivery by itself:')
  })

  it('is its name, its steps, what is wrong at its end, and the command that shows it', () => {
    expect(wayReportText(violated, context, plain)).toEqual([
      HEAD,
      '2 steps of 2, each delivery by itself:',
      '  0. A -> B: barrier; the put is done; nothing is lost',
      '  1. timer of A',
      '',
      'VIOLATED  lost',
      REPLAY,
    ])
  })

  it('says so when nothing is wrong any more', () => {
    expect(wayReportText(holding, ofFile, plain).slice(-3)).toEqual(['', 'HOLDS  nothing is wrong at the end of this way any more', REPLAY])
  })

  it('tells how far the way can be gone, and what is possible in place of the next step', () => {
    expect(wayReportText(parted, context, plain)).toEqual([
      HEAD,
      '1 step of 3, each delivery by itself:',
      '  0. A -> B: barrier; the put is done; nothing is lost',
      '',
      'the first step that is not possible any more: number 1',
      '  possible  timer of A',
      '            B dies',
      'INCOMPLETE  the way cannot be gone to its end any more',
      REPLAY,
    ])
  })

  it('says which step was expected there, when a file tells', () => {
    expect(wayReportText(parted, ofFile, plain).slice(4, 7)).toEqual([
      'the first step that is not possible any more: number 1',
      '  expected  B lives',
      '  possible  timer of A',
    ])
  })

  it('expects nothing by name where the file has no words for the step', () => {
    const short = { ...ofFile, stored: { ...stored, steps: ['A -> B: barrier'] } }
    expect(wayReportText(parted, short, plain)).toEqual(wayReportText(parted, context, plain))
  })

  it('names what is possible even if it is one step only', () => {
    expect(wayReportText({ ...parted, possible: [third] }, context, plain)[5]).toBe('  possible  B dies')
  })

  it('says so when nothing at all is possible', () => {
    expect(wayReportText({ ...parted, possible: [] }, context, plain).slice(4, 7)).toEqual([
      'the first step that is not possible any more: number 1',
      '  possible  nothing',
      'INCOMPLETE  the way cannot be gone to its end any more',
    ])
  })

  it('recalls what was wrong when it was stored, if something else is wrong now', () => {
    const text = wayReportText({ ...violated, reason: 'duplicated' }, ofFile, plain)
    expect(text.slice(4, 7)).toEqual(['', 'what was wrong when it was stored: lost', 'VIOLATED  duplicated'])
    expect(wayReportText(violated, ofFile, plain)).toEqual(wayReportText(violated, context, plain))
  })

  it('says before the verdict that the same way led to different states', () => {
    expect(wayReportText({ ...violated, deterministic: false }, context, plain).slice(-3)).toEqual([
      'the way was gone twice, and led to different states: not deterministic',
      'VIOLATED  lost',
      REPLAY,
    ])
  })

  it('is painted in its verdict alone', () => {
    const colour = (name: string) => (text: string) => `${name} ${text}`
    const loud: Paint = { good: colour('green'), bad: colour('red'), unsure: colour('yellow'), dim: colour('dim'), bold: colour('bold') }
    const painted = [violated, holding, parted].flatMap((way) => {
      const bare = wayReportText(way, context, plain)
      return wayReportText(way, context, loud).filter((line) => !bare.includes(line))
    })
    expect(painted.map((line) => line.split('  ')[0])).toEqual(['red VIOLATED', 'green HOLDS', 'yellow INCOMPLETE'])
  })
})

describe('the document of a way that is gone again', () => {
  it('has the way, the command and what is wrong', () => {
    expect(wayDocument(violated, ofFile)).toEqual({
      ...{ schema: 1, verdict: 'violated', scenario: 'two-phase', mode: 'aligned', scope },
      ...{ replay: 'mc1.x', command: 'npx millrace replay mc1.x', deterministic: true },
      ...{ reason: 'lost', steps: 2, path: [first, second] },
    })
  })

  it('has no reason where nothing is wrong', () => {
    expect(wayDocument(holding, context)).toMatchObject({ verdict: 'holds', reason: null })
  })

  it('has the step that is not possible any more, and what was expected where a file tells', () => {
    const possible = [second, third]
    expect(wayDocument(parted, context)).toMatchObject({ steps: 3, path: [first] })
    expect(wayDocument(parted, context)).toHaveProperty('divergence', { step: 1, possible })
    expect(wayDocument(parted, ofFile)).toHaveProperty('divergence', { step: 1, expected: 'B lives', possible })
  })
})
