import { importRecordedLines, type RecordingContext } from '../../src/flink/recordings/import-recording.js'
import { RecordedLine } from '../../src/flink/recordings/recorded-line.js'
import { contextOf } from '../../src/flink/recordings/read-recording.js'
import { type Finding, type JudgeVerdict, judge } from '../../src/guarantees/index.js'
import { linesOf } from '../../src/history/index.js'
import { readText } from '../../src/history/history-file.js'
import { historyOf } from '../recordings/recordings-at-hand.js'

/** A line of a recording as it is in the file. A changed line is another object: a line is known by its identity. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the fields differ by type of line, and tests reach into all of them
export type Line = Readonly<Record<string, any>> & { readonly ev: string; readonly ms: number }

/** A recording to be changed. */
export interface Recorded {
  readonly name: string
  readonly lines: readonly Line[]
  readonly context: RecordingContext
}

/** Reads a recording and what lies beside it. */
export function readRecorded(folder: string, name: string): Recorded {
  const file = historyOf(folder, name)
  return { name, lines: linesOf(readText(file)).map((line) => JSON.parse(line)), context: contextOf(file) }
}

/** What was found in lines, and which lines each finding names. */
export interface Judged {
  readonly verdict: JudgeVerdict
  readonly findings: readonly { readonly finding: Finding; readonly lines: ReadonlySet<Line> }[]
}

/** Imports lines under new numbers and judges them. */
export function judgeLines(lines: readonly Line[], context: RecordingContext): Judged {
  const numbered = lines.map((line, index) => new RecordedLine(index + 1, index + 1, line.ms, line.ev, line))
  const { header, events, sources } = importRecordedLines(numbered, context)
  const verdict = judge(header, events)
  const findings = new Set([...verdict.protocol, ...verdict.progress.findings, ...verdict.claims.flatMap((claim) => claim.findings)])
  const lineOf = (seq: number): Line | undefined => lines[(sources[seq - 1] ?? 0) - 1]
  return {
    verdict,
    findings: [...findings].map((finding) => ({
      finding,
      lines: new Set(finding.evidence.map(lineOf).filter((line) => line !== undefined)),
    })),
  }
}
