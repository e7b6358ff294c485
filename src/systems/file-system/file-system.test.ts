import { describe, expect, it } from 'vitest'
import type { ActorRef, Caller } from '../../world/index.js'
import { SystemsBench, type Client } from '../../../test/systems/systems-bench.js'
import { fileSystem, fileSystemState, type FileAnswer, type FileRequest } from '../index.js'

type Asking = FileRequest extends infer R ? (R extends FileRequest ? Omit<R, 'caller' | 'where'> : never) : never

/** A file system and a client of it. */
class FileBench extends SystemsBench {
  readonly files: ActorRef<FileRequest>
  private readonly outsider: Client

  constructor(files: Parameters<typeof fileSystemState>[0] = []) {
    super()
    this.files = this.world.add(this.process, fileSystem, 'files', fileSystemState(files))
    this.outsider = this.client('outsider')
    this.start()
  }

  /** Asks and waits for the answer. */
  ask(request: Asking): FileAnswer | undefined {
    const where = { vertex: 'Sink', subtask: 0, attempt: 0 }
    const asked = this.outsider.ask<FileAnswer, FileRequest>(
      this.files,
      (caller: Caller<FileAnswer>) => ({ ...request, caller, where }) as FileRequest,
    )
    this.run(10_000)
    return asked.answers[0]
  }

  /** Creates a file and writes records into it. */
  written(...ids: number[]): void {
    this.ask({ kind: 'create', directory: '/d', name: 'part' })
    this.ask({ kind: 'write', path: '/d/.part-1.inprogress', from: 0, records: ids.map(recordOf) })
  }

  /** All names. */
  list(): readonly string[] {
    const answer = this.ask({ kind: 'list', directory: '/d', name: '' })
    return answer?.type === 'listed' ? answer.paths : []
  }
}

function recordOf(id: number) {
  return { id, value: { key: 'k', count: id }, timestamp: 0 }
}

const path = '/d/.part-1.inprogress'
const target = '/d/part-1'

describe('file system', () => {
  it('finishes a file by renaming it, cut to its recorded length, and shows its records from then on', () => {
    const bench = new FileBench()
    bench.written(1, 2)
    expect(bench.ask({ kind: 'persist', path, target, length: 2 })).toEqual({ type: 'persisted', path })
    bench.ask({ kind: 'write', path, from: 2, records: [recordOf(3)] })
    expect(bench.ask({ kind: 'persist', path, target, length: 3 })).toEqual({ type: 'persisted', path })
    expect(bench.visible('finished-files')).toEqual([])
    expect(bench.ask({ kind: 'rename', path, target, length: 2 })).toEqual({ type: 'renamed', path, result: 'applied' })
    expect(bench.of('visible')).toMatchObject([
      { id: 1, key: 'k', count: 1, transaction: target, offset: 0, vertex: 'Sink' },
      { id: 2, offset: 1 },
    ])
    expect(bench.list()).toEqual([target])
    expect(bench.ask({ kind: 'rename', path, target, length: 2 })).toMatchObject({ result: 'already' })
    expect(bench.visible('finished-files')).toEqual([1, 2])
  })

  it('says that a file is missing when neither name is there', () => {
    const bench = new FileBench()
    expect(bench.ask({ kind: 'rename', path, target, length: 2 })).toMatchObject({ result: 'missing' })
    expect(bench.of('commit')).toMatchObject([{ result: 'unknown' }])
  })

  it('never gives a number twice, whatever became of the file that had it', () => {
    const bench = new FileBench()
    bench.written(1)
    bench.ask({ kind: 'persist', path, target, length: 1 })
    bench.ask({ kind: 'rename', path, target, length: 1 })
    const create = { kind: 'create', directory: '/d', name: 'part' } as const
    expect([bench.ask(create), bench.ask(create)]).toMatchObject([{ target: '/d/part-2' }, { target: '/d/part-3' }])
  })

  it('loses what was not persisted when it dies, and nothing else', () => {
    const bench = new FileBench()
    bench.written(1, 2)
    bench.ask({ kind: 'persist', path, target, length: 2 })
    bench.ask({ kind: 'write', path, from: 2, records: [recordOf(3)] })
    bench.world.crash(bench.process)
    bench.start()
    expect(bench.ask({ kind: 'persist', path, target, length: 3 })).toMatchObject({ type: 'refused', reason: 'out of order' })
    expect(bench.ask({ kind: 'write', path, from: 3, records: [recordOf(4)] })).toMatchObject({ reason: 'out of order' })
    expect(bench.ask({ kind: 'read', path, offset: 0, max: 10 })).toMatchObject({ records: [{ id: 1 }, { id: 2 }], end: true })
  })

  it('adds a repeated write once', () => {
    const bench = new FileBench()
    bench.written(1, 2)
    bench.ask({ kind: 'write', path, from: 0, records: [recordOf(1), recordOf(2), recordOf(3)] })
    expect(bench.ask({ kind: 'persist', path, target, length: 3 })).toMatchObject({ type: 'persisted' })
  })

  it('reads a file in pieces and says where it ends', () => {
    const bench = new FileBench([{ path: '/in/a', records: [1, 2, 3].map(recordOf) }])
    const read = (offset: number, max: number) => bench.ask({ kind: 'read', path: '/in/a', offset, max })
    expect([read(0, 2), read(2, 2), read(3, 2)]).toMatchObject([
      { from: 0, records: [{ id: 1 }, { id: 2 }], end: false },
      { from: 2, records: [{ id: 3 }], end: true },
      { from: 3, records: [], end: true },
    ])
    expect(bench.ask({ kind: 'read', path: '/in/b', offset: 0, max: 1 })).toMatchObject({ reason: 'no such file' })
  })

  it('does not show a file whose final name is hidden', () => {
    const bench = new FileBench()
    bench.written(1)
    bench.ask({ kind: 'persist', path, target: '/d/_part', length: 1 })
    bench.ask({ kind: 'rename', path, target: '/d/_part', length: 1 })
    expect(bench.visible('finished-files')).toEqual([])
    expect(bench.list()).toEqual(['/d/_part'])
  })

  it('puts a renamed file in the place of one that has its name', () => {
    const bench = new FileBench([{ path: '/d/taken', records: [recordOf(9)] }])
    bench.written(1)
    bench.ask({ kind: 'persist', path, target: '/d/taken', length: 1 })
    expect(bench.ask({ kind: 'rename', path, target: '/d/taken', length: 1 })).toMatchObject({ result: 'applied' })
    expect(bench.list()).toEqual(['/d/taken'])
    expect(bench.ask({ kind: 'read', path: '/d/taken', offset: 0, max: 9 })).toMatchObject({ records: [{ id: 1 }], end: true })
  })

  it.each(['failed', 'unknown-lost', 'unknown-applied', 'unknown-later'] as const)(
    'renames or not, and says so or not, when a rename ends %s',
    (outcome) => {
      const bench = new FileBench()
      bench.written(1)
      bench.ask({ kind: 'persist', path, target, length: 1 })
      bench.script.set('file.rename', [outcome])
      expect(bench.ask({ kind: 'rename', path, target, length: 1 })?.type).toBe(outcome === 'failed' ? 'refused' : 'timeout')
      const renamed = outcome === 'unknown-applied' || outcome === 'unknown-later'
      expect(bench.list()).toEqual([renamed ? target : path])
      expect(bench.of('commit').map(({ result }) => result)).toEqual(renamed ? ['applied'] : [])
    },
  )

  it('forgets a deleted file', () => {
    const bench = new FileBench()
    bench.written(1)
    expect(bench.ask({ kind: 'delete', path })).toEqual({ type: 'deleted', path })
    expect(bench.list()).toEqual([])
  })
})
