/**
 * Which event-time windows a record belongs to (Flink: `WindowAssigner`, `TumblingEventTimeWindows`, `SlidingEventTimeWindows`,
 * `EventTimeSessionWindows`).
 */

/** A window covers event times from `start` up to, but without, `end`; µs. */
export interface TimeWindow {
  readonly start: number
  readonly end: number
}

/** Windows of one size, told by their start. */
export interface WindowAssigner {
  readonly name: string
  /** µs */
  readonly size: number
  /** Starts of the windows that hold this event time, latest first. */
  assign(timestamp: number): readonly number[]
}

/** Windows that grow together where they touch (Flink: `MergingWindowAssigner`). */
export interface MergingWindowAssigner {
  readonly name: string
  /** The one window that a record of this event time opens. */
  assign(timestamp: number): TimeWindow
  readonly merges: true
}

/** Windows that follow each other without gap. */
export const TumblingEventTimeWindows = {
  /** Windows of `sizeUs`, the first of which begins at `offsetUs`. */
  of(sizeUs: number, offsetUs = 0): WindowAssigner {
    requirePositive('TumblingEventTimeWindows', 'size', sizeUs)
    return { name: 'TumblingEventTimeWindows', size: sizeUs, assign: (timestamp) => [startOf(timestamp, offsetUs, sizeUs)] }
  },
}

/** Windows that begin every so often and overlap where they are longer than that. */
export const SlidingEventTimeWindows = {
  /** Windows of `sizeUs` that begin every `slideUs`, one of them at `offsetUs`. */
  of(sizeUs: number, slideUs: number, offsetUs = 0): WindowAssigner {
    requirePositive('SlidingEventTimeWindows', 'size', sizeUs)
    requirePositive('SlidingEventTimeWindows', 'slide', slideUs)
    return { name: 'SlidingEventTimeWindows', size: sizeUs, assign: (timestamp) => startsOf(timestamp, offsetUs, sizeUs, slideUs) }
  },
}

/** Windows that end when nothing has come for a while. */
export const EventTimeSessionWindows = {
  /** Sessions that end `gapUs` behind their last record. */
  withGap(gapUs: number): MergingWindowAssigner {
    requirePositive('EventTimeSessionWindows', 'gap', gapUs)
    return {
      name: 'EventTimeSessionWindows',
      assign: (timestamp) => ({ start: timestamp, end: timestamp + gapUs }),
      merges: true,
    }
  },
}

function requirePositive(assigner: string, parameter: string, us: number): void {
  if (!Number.isSafeInteger(us) || us <= 0)
    throw new RangeError(`${assigner}: ${parameter} is ${us}; it must be a whole number of µs above 0`)
}

/** Start of the window that holds a time, when they begin every `every`; right for times below the offset, too. */
function startOf(timestamp: number, offset: number, every: number): number {
  return Math.floor((timestamp - offset) / every) * every + offset
}

function startsOf(timestamp: number, offset: number, size: number, slide: number): number[] {
  const starts: number[] = []
  for (let start = startOf(timestamp, offset, slide); start > timestamp - size; start -= slide) starts.push(start)
  return starts
}
