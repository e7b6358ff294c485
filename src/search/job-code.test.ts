import { runInThisContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { MisuseError, NotPlainError, UserCodeError } from '../world/index.js'
import { errorOfJob } from './job-code.js'

/** What a function throws that stands in a file. */
function thrownIn(filename: string, code: string, ...given: readonly unknown[]): unknown {
  const run: (...args: readonly unknown[]) => unknown = runInThisContext(`(...args) => {\n${code}\n}`, { filename })
  try {
    run(...given)
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

function own(): never {
  throw new RangeError('of millrace')
}

function misused(): never {
  throw new MisuseError('way: a choice among 0')
}

describe('the error of a run', () => {
  it('is the job’s where its code threw it', () => {
    const error = thrownIn('/jobs/mine.js', 'throw new SyntaxError("what?")')
    expect(errorOfJob(error)).toBe("the job's code threw SyntaxError: what? in /jobs/mine.js:2")
    const url = thrownIn('file:///jobs/my%20own.js', 'null.member')
    expect(errorOfJob(url)).toMatch(/^the job's code threw TypeError: Cannot read properties of null .* in \/jobs\/my own\.js:2$/)
  })

  it('is the job’s where it has called what threw: a package, or JavaScript itself', () => {
    expect(errorOfJob(thrownIn('/jobs/mine.js', 'JSON.parse("{")'))).toMatch(/threw SyntaxError: .* in \/jobs\/mine\.js:2$/)
    expect(errorOfJob(thrownIn('/jobs/mine.js', '[1].map(() => { throw new Error("x") })'))).toMatch(/ in \/jobs\/mine\.js:2$/)
    const library: unknown = runInThisContext('() => {\n\n throw new Error("no") }', { filename: '/jobs/node_modules/library/index.js' })
    expect(errorOfJob(thrownIn('/jobs/mine.js', 'args[0]()', library))).toBe("the job's code threw Error: no in /jobs/mine.js:2")
  })

  it('is a defect of millrace where that threw it, also when the job has called it', () => {
    expect(errorOfJob(new RangeError('here'))).toBeUndefined()
    expect(errorOfJob(thrownIn('/jobs/mine.js', 'args[0]()', own))).toBeUndefined()
    expect(errorOfJob(new NotPlainError('state', 'a function'))).toContain('a function')
  })

  it('is the job’s where it has asked a world for what cannot be, and millrace’s where nobody else has', () => {
    expect(errorOfJob(thrownIn('/jobs/mine.js', 'args[0]()', misused))).toBe(
      "the job's code threw RangeError: way: a choice among 0 in /jobs/mine.js:2",
    )
    expect(errorOfJob(new MisuseError('way: a choice among 0'))).toBeUndefined()
    // A program of the user's that has called millrace is not what it was running.
    const called = new MisuseError('way: a choice among 0')
    called.stack = `RangeError: way\n    at misused (${import.meta.filename}:1:1)\n    at /jobs/program.js:7:1`
    expect(errorOfJob(called)).toBeUndefined()
  })

  it('is nobody’s but millrace’s where nothing tells whose it is', () => {
    const bare = new Error('bare')
    delete bare.stack
    expect(errorOfJob(bare)).toBeUndefined()
  })

  it('is the job’s where millrace has refused what it does, and where it is no error at all', () => {
    expect(errorOfJob(new UserCodeError('count: no'))).toBe("the job's code is at fault: count: no")
    expect(errorOfJob('oops')).toBe("the job's code threw oops")
  })
})
