import { counted, grouped } from '../report/index.js'
import type { ExplainProgress, Progress, ShrinkProgress } from '../search/index.js'
import type { Terminal } from './terminal.js'

/** Seconds between two lines where a line cannot be refreshed, and between two refreshes where it can. */
const LINE_SECONDS = 10
const REFRESH_SECONDS = 0.2

/** Tells on standard error how far a campaign has come: one line that is refreshed, or a plain line every ten seconds. */
export class ProgressLine {
  private shownAt = 0
  private shown = false

  constructor(private readonly terminal: Terminal) {}

  /** Tells, if it is time. */
  update(seconds: number, text: string): void {
    const { refreshes } = this.terminal
    if (seconds - this.shownAt < (refreshes ? REFRESH_SECONDS : LINE_SECONDS)) return
    this.shownAt = seconds
    this.shown = true
    if (refreshes) this.terminal.raw(`\r\u001b[K${text}`)
    else this.terminal.note(text)
  }

  /** Takes a refreshed line away. */
  end(): void {
    if (this.shown && this.terminal.refreshes) this.terminal.raw('\r\u001b[K')
  }
}

/** `1,234 of 2,000 runs, 456 runs/s, 0 violations, 3 s of 30 s`. */
export function progressText({ runs, ofRuns, seconds, ofSeconds, violations }: Progress): string {
  const rate = grouped(Math.round(runs / Math.max(seconds, 0.001)))
  const time = `${String(Math.floor(seconds))}${ofSeconds === undefined ? '' : ` of ${String(ofSeconds)}`} s`
  const all = ofRuns === undefined ? '' : ` of ${grouped(ofRuns)}`
  return `${grouped(runs)}${all} runs, ${rate} runs/s, ${String(violations)} kind${violations === 1 ? '' : 's'} of violations, ${time}`
}

/** `120 of 1,000 runs, 1 fault and 12 records left, making records fewer, 3 s`. */
export function shrinkProgressText({ runs, ofRuns, part, size }: ShrinkProgress, seconds: number): string {
  const left = `${counted(size.faults, 'fault')} and ${counted(size.records, 'record')} left`
  return `${grouped(runs)} of ${grouped(ofRuns)} runs, ${left}, shrinking ${part}, ${String(Math.floor(seconds))} s`
}

/** `violation 1 of 3: 120 of 300 runs, 1 fault and 12 records left, shrinking records, 3 s`. */
export function explainProgressText({ violation, of, doing }: ExplainProgress, seconds: number): string {
  const how = doing === undefined ? 'run again' : doing === 'causes' ? 'looking for its causes' : shrinkProgressText(doing, seconds)
  return `violation ${String(violation)} of ${String(of)}: ${how}`
}
