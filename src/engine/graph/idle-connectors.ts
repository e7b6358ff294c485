/** Connectors that do nothing, for tests of job graphs. */
import type { CommitSignal, Sink } from '../sink.js'
import type { Source } from '../source.js'

/** A source that ends at once. */
export function idleSource(...splits: readonly string[]): Source<null, never> {
  const nothing = (): undefined => undefined
  return {
    splits,
    reader: {
      open: () => null,
      addSplits: nothing,
      noMoreSplits: nothing,
      poll: () => 'end',
      snapshot: () => [],
      answer: nothing,
      failure: nothing,
    },
  }
}

/** A sink that writes nothing; its committer answers as it is told. */
export function idleSink(committing: boolean): Sink<null, string, never, null, CommitSignal> {
  const nothing = (): undefined => undefined
  return {
    writer: {
      open: () => null,
      write: nothing,
      flush: nothing,
      prepareCommit: () => [],
      snapshot: () => [],
      busy: () => false,
      failure: nothing,
      answer: nothing,
    },
    ...(committing && {
      committer: {
        open: () => null,
        commit: nothing,
        answer: (_state, answer) => (typeof answer === 'string' ? answer : undefined),
        nameOf: (name) => name,
      },
    }),
  }
}
