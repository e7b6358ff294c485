import { describe, expect, it } from 'vitest'
import { plain } from '../report/index.js'
import { explainProgressText, ProgressLine, progressText } from './progress-line.js'
import type { Terminal } from './terminal.js'

const progress = { runs: 1234, ofRuns: 2000, seconds: 2, ofSeconds: undefined, violations: 1 }

function terminal(refreshes: boolean): Terminal & { readonly written: string[] } {
  const written: string[] = []
  const none = (): void => {}
  return {
    written,
    refreshes,
    paint: plain,
    out: none,
    document: none,
    note: (line) => written.push(`${line}\n`),
    raw: (text) => written.push(text),
  }
}

describe('progress', () => {
  it('is told with rate, failures and time', () => {
    expect(progressText(progress)).toBe('1,234 of 2,000 runs, 617 runs/s, 1 kind of violations, 2 s')
    expect(progressText({ ...progress, ofRuns: undefined, ofSeconds: 30, violations: 0 })).toBe(
      '1,234 runs, 617 runs/s, 0 kinds of violations, 2 of 30 s',
    )
  })

  it('says of violations which one is made smaller', () => {
    expect(explainProgressText({ violation: 1, of: 3 }, 0)).toBe('violation 1 of 3: run again')
    expect(explainProgressText({ violation: 1, of: 3, doing: 'causes' }, 0)).toBe('violation 1 of 3: looking for its causes')
    const shrinking = { runs: 120, ofRuns: 300, part: 'records', size: { faults: 1, records: 12, choices: 0 } }
    expect(explainProgressText({ violation: 2, of: 3, doing: shrinking }, 3.7)).toBe(
      'violation 2 of 3: 120 of 300 runs, 1 fault and 12 records left, shrinking records, 3 s',
    )
  })

  it('is a plain line every ten seconds where nothing can be refreshed', () => {
    const plainly = terminal(false)
    const line = new ProgressLine(plainly)
    for (let seconds = 0; seconds < 35; seconds++) line.update(seconds, progressText({ ...progress, seconds }))
    line.end()
    expect(plainly.written).toHaveLength(3)
    expect(plainly.written.join('')).not.toContain('\r')
  })

  it('is one line that is refreshed on a terminal, and gone in the end', () => {
    const refreshed = terminal(true)
    const line = new ProgressLine(refreshed)
    for (let i = 1; i <= 10; i++) line.update(i / 10, progressText({ ...progress, seconds: i / 10 }))
    line.end()
    expect(refreshed.written.length).toBeLessThan(8)
    expect(refreshed.written.every((text) => text.startsWith('\r\u001b[K'))).toBe(true)
    expect(refreshed.written.at(-1)).toBe('\r\u001b[K')
  })
})
