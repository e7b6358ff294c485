import type { ChainingStrategy, StreamNode } from './stream-graph.js'

/** A sink of the job (Flink: `DataStreamSink`); what is said of it holds for its writer and its committer. */
export class DataStreamSink {
  constructor(
    private readonly writer: StreamNode,
    private readonly committer?: StreamNode,
  ) {}

  /** Names the sink; its operators are called `<name>: Writer` and `<name>: Committer`. */
  name(name: string): this {
    this.writer.name = `${name}: Writer`
    if (this.committer !== undefined) this.committer.name = `${name}: Committer`
    return this
  }

  /** Names the sink's state in checkpoints. */
  uid(uid: string): this {
    this.writer.uid = uid
    if (this.committer !== undefined) this.committer.uid = `Sink Committer: ${uid}`
    return this
  }

  setParallelism(parallelism: number): this {
    return this.each((node) => {
      node.parallelism = parallelism
    })
  }

  /** Writer and committer run in tasks of their own. */
  disableChaining(): this {
    return this.chain('NEVER')
  }

  /** Time one record keeps the task busy with writing, µs. */
  work(us: number): this {
    this.writer.workUs = us
    return this
  }

  private chain(chaining: ChainingStrategy): this {
    return this.each((node) => {
      node.chaining = chaining
    })
  }

  private each(set: (node: StreamNode) => void): this {
    set(this.writer)
    if (this.committer !== undefined) set(this.committer)
    return this
  }
}
