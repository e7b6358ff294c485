import type { Judge, JudgeVerdict } from '../guarantees/index.js'
import type { HistoryEvent } from '../history/index.js'

/** Events that wait for the judge at most. */
const BATCH = 1024

/** A judge who reads events in batches: to change over to its code at every event costs more than the judging. */
export class BatchedJudge implements Judge {
  private readonly unread: HistoryEvent[] = []
  private waiting = 0

  constructor(private readonly judge: Judge) {}

  step(event: HistoryEvent): void {
    this.unread[this.waiting++] = event
    if (this.waiting === BATCH) this.read()
  }

  verdict(): JudgeVerdict {
    this.read()
    return this.judge.verdict()
  }

  private read(): void {
    const { judge, unread, waiting } = this
    this.waiting = 0
    for (let next = 0; next < waiting; next++) {
      const event = unread[next]
      if (event !== undefined) judge.step(event)
    }
  }
}
