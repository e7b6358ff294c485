/**
 * Attempts of tasks over all JobManagers of a job. A JobManager that takes a job over counts from 0 again (`SchedulerBase` makes a new
 * `DefaultVertexAttemptNumberStore` for each scheduler); in a history an attempt is one of its job, and its successors have greater
 * numbers. A subtask belongs to the new JobManager once an attempt of it begins; what its lines tell before that is of the old ones, and
 * some that come later (outlived-attempts.ts).
 */
export class AttemptNumbers {
  private highest = -1
  /** What a resumed job adds to the numbers that its lines tell; undefined until its first attempt shows whether they begin anew. */
  private added: number | undefined = 0
  private resumed = 0
  private readonly places = new Map<string, PlaceNumbers>()

  /** A new job: attempts count from 0. */
  startJob(): void {
    this.highest = -1
    this.added = 0
    this.resumed = 0
    this.places.clear()
  }

  /** Another JobManager has taken the job over. */
  resumeJob(): void {
    this.resumed++
    this.added = undefined
  }

  /** The least attempt that may begin now. */
  get least(): number {
    return this.added ?? this.highest + 1
  }

  /**
   * The number in the history of an attempt that a line tells.
   * @param place name and subtask of the task or operator
   * @param begins the line is of the begin of an attempt
   * @param outlived the line is of an attempt that goes on although another JobManager has begun one there
   */
  of(place: string, told: number, begins: boolean, outlived = false): number {
    const known = this.places.get(place) ?? { resumed: 0, added: 0, before: 0 }
    if (outlived) return told + known.before
    const added = begins && known.resumed < this.resumed ? this.begin(place, told, known.added) : known.added
    const attempt = told + added
    this.highest = Math.max(this.highest, attempt)
    return attempt
  }

  private begin(place: string, told: number, before: number): number {
    this.added ??= told + before <= this.highest ? this.highest + 1 : before
    this.places.set(place, { resumed: this.resumed, added: this.added, before })
    return this.added
  }
}

/** What the newest JobManager of a place adds to the numbers that its lines tell, and what the one before it did. */
interface PlaceNumbers {
  readonly resumed: number
  readonly added: number
  readonly before: number
}
