import Glibc
import Testing

@testable import MarketServer

struct WorkerTests {
    @Test(arguments: [(true, 5), (false, 0)] as [(Bool, Int32)])
    func `a thread of low priority gets what time others leave`(isLow: Bool, policy: Int32) {
        let found = Monitor<Int32?>(nil)
        let thread = WorkThread("low", isLowPriority: isLow) {
            found.withLock { $0 = sched_getscheduler(0) }
        }
        thread.waitForEnd()
        #expect(found.withLock { $0 } == policy)
    }

    @Test
    func `a worker is busy until its piece of work is done`() {
        let gate = Monitor(0)
        let done = Monitor<[Int]>([])
        let worker = Worker<Int>("test") { work in
            _ = gate.wait(until: nil) { $0 >= work ? true : nil }
            done.withLock { $0.append(work) }
        }
        #expect(!worker.isBusy)
        for work in 1...3 {
            worker.start(work)
            #expect(worker.isBusy)
            #expect(done.withLock { $0.count } == work - 1)
            gate.change { open in
                open = work
                return true
            }
            worker.wait()
            #expect(!worker.isBusy)
            #expect(done.withLock { $0 } == Array(1...work))
        }
        worker.stop()
    }

    @Test
    func `a worker that stops finishes what is under way and lets go of it`() {
        final class Piece: Sendable {}
        let gate = Monitor(false)
        let done = Monitor(false)
        let worker = Worker<Piece>("test") { work in
            _ = gate.wait(until: nil) { $0 ? true : nil }
            _ = work
            done.withLock { $0 = true }
        }
        weak var piece: Piece?
        do {
            let made = Piece()
            piece = made
            worker.start(made)
        }
        #expect(piece != nil)
        let opener = WorkThread("opener") {
            gate.change { isOpen in
                isOpen = true
                return true
            }
        }
        worker.stop()
        #expect(done.withLock { $0 })
        #expect(piece == nil)
        opener.waitForEnd()
    }
}
