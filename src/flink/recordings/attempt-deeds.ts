import type { RecordedLine } from './recorded-line.js'

/**
 * What an attempt of an operator does that nobody but itself goes on with: the counts that it has come to, the transactions that it has
 * open.
 */
export class AttemptDeeds {
  private readonly counts = new Map<string, number>()
  private readonly transactions = new Set<string>()
  /** It restored state that no line tells. */
  private restoredUntold = false

  /** Takes in any line of the attempt. */
  take(line: RecordedLine): void {
    if (line.ev === 'init') this.begin(line)
    else if (isCount(line)) this.counts.set(line.text('key'), line.integer('count'))
    else if (isWrite(line)) this.transactions.add(line.text('txn'))
    else if (line.ev === 'precommit') this.transactions.delete(line.text('txn'))
  }

  /** Whether a line goes on with this attempt and not with another one. */
  alone(line: RecordedLine, other: AttemptDeeds): boolean {
    if (!isCount(line)) return WRITES_ON.has(line.ev) && line.has('txn') && this.wrote(line) && !other.wrote(line)
    const before = line.integer('count') - 1
    const key = line.text('key')
    return this.countOf(key) === before && (other.countOf(key) ?? before) !== before
  }

  private begin(line: RecordedLine): void {
    this.restoredUntold = line.has('restoredCp') && !line.has('state')
    for (const [key, count] of line.has('state') ? line.numbers('state') : []) this.counts.set(key, count)
  }

  private countOf(key: string): number | undefined {
    return this.counts.get(key) ?? (this.restoredUntold ? undefined : 0)
  }

  private wrote(line: RecordedLine): boolean {
    return this.transactions.has(line.text('txn'))
  }
}

/** A writer begins a transaction, or writes into one. */
function isWrite(line: RecordedLine): boolean {
  return (line.ev === 'txn_begin' || line.ev === 'sink_write') && line.has('txn')
}

/** What a writer does with a transaction that it has open: nobody else does. One that is pre-committed is open no more. */
const WRITES_ON: ReadonlySet<string> = new Set(['sink_write', 'precommit'])

function isCount(line: RecordedLine): boolean {
  return line.ev === 'process' && line.has('count')
}
