/**
 * Who has which split of the source V0, by what readers were told and have restored: kept beside a JobManager, to be compared with what
 * that believes.
 */
import type { Execution } from '../../src/engine/jobmaster/task-executor-messages.js'
import type { JobManagerBench } from './job-manager-bench.js'

export class SplitLedger {
  /** Splits of each attempt of a reader. */
  private readonly held = new Map<string, Set<string>>()
  /** What readers had when they were triggered: by checkpoint and subtask. */
  private readonly snapshots = new Map<string, ReadonlySet<string>>()
  private readMails = 0
  private readDeployments = 0

  constructor(private readonly jobManager: JobManagerBench) {}

  /** Takes in what has reached the readers since. */
  update(): void {
    for (; this.readDeployments < this.jobManager.deployed.length; this.readDeployments++) {
      const { execution, restore } = this.jobManager.deployed[this.readDeployments] ?? {}
      if (execution?.vertex === 0) this.held.set(nameOf(execution), new Set(this.snapshots.get(`${restore ?? ''}/${execution.subtask}`)))
    }
    for (; this.readMails < this.jobManager.received.length; this.readMails++) {
      const { to, mail } = this.jobManager.received[this.readMails] ?? {}
      const held = to === undefined ? undefined : this.held.get(nameOf(to))
      if (held === undefined || to === undefined) continue
      if (mail?.kind === 'operator-event' && mail.event.type === 'add-splits') for (const { split } of mail.event.splits) held.add(split)
      if (mail?.kind === 'trigger-checkpoint') this.snapshots.set(`${mail.checkpoint}/${to.subtask}`, new Set(held))
    }
  }

  /** How many have each split: the coordinator, or a reader that runs. */
  owners(splits: readonly string[]): Record<string, number> {
    this.update()
    const unassigned = this.jobManager.state.sources.flatMap((source) => source.unassigned.map(({ split }) => split))
    const readers = this.jobManager.current().map((execution) => this.held.get(nameOf(execution)) ?? new Set<string>())
    return Object.fromEntries(
      splits.map((split) => [split, unassigned.filter((one) => one === split).length + readers.filter((held) => held.has(split)).length]),
    )
  }
}

function nameOf({ vertex, subtask, attempt }: Execution): string {
  return `${vertex}/${subtask}/${attempt}`
}
