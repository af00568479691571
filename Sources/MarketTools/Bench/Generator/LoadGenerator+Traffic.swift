internal import CPolling
import Glibc
import Histogram

/// What goes out and what comes in.
extension LoadGenerator {
    // MARK: - Out

    /// Sends what is due by `now`, in rounds.
    func sendDue(_ now: UInt64) throws(ToolError) {
        guard var schedule, now >= nextRound else { return }
        let began = records[current].began
        let length = length
        var lastTouched = -1
        isStalled = false
        while schedule.next < length, began + schedule.next <= now {
            guard let index = socketWithRoom() else {
                isStalled = true
                break
            }
            if lastTouched >= 0, index != lastTouched { try sockets[lastTouched].flush() }
            lastTouched = index
            try add(to: index, due: began + schedule.next)
            schedule.advance()
        }
        self.schedule = schedule
        guard lastTouched >= 0 else { return }
        try sockets[lastTouched].flush()
        // The next lead in line opens the next round on another connection.
        inRow = Self.leadsInRow
        nextRound = now + Self.roundNanoseconds
    }

    /// The connection that the next lead goes to, or `nil` when none takes any.
    private func socketWithRoom() -> Int? {
        if inRow >= Self.leadsInRow || !sockets[nextSocket].hasRoom {
            for step in 1...sockets.count {
                let index = (nextSocket + step) % sockets.count
                if sockets[index].hasRoom {
                    nextSocket = index
                    inRow = 1
                    return index
                }
            }
            return nil
        }
        inRow += 1
        return nextSocket
    }

    /// Sends up to `count` requests on a connection of a closed loop.
    func refill(_ index: Int, _ count: Int) throws(ToolError) {
        guard count > 0, current < phases.count, case .closed = phases[current].pace else { return }
        let now = MonotonicClock.now
        guard now < records[current].began + length else { return }
        let most = sockets[index].inFlight + count
        while sockets[index].inFlight < most {
            if let maximum = phases[current].maximumCount, records[current].sent >= maximum {
                break
            }
            try add(to: index, due: now)
        }
        try sockets[index].flush()
    }

    /// Puts a lead, or a change now and then, into the queue of a connection.
    private func add(to index: Int, due: UInt64) throws(ToolError) {
        if changes?.isNext() == true, let next = changes?.next() {
            let socket = sockets[next.order % sockets.count]
            let identifier = socket.enter(
                due: due, phase: earlierPhases + current, subject: .change(next.mark))
            socket.add(identifier, next.method, next.parameters)
            try socket.flush()
            records[current].sentChanges += 1
            return
        }
        let socket = sockets[index]
        let identifier = socket.enter(due: due, phase: earlierPhases + current)
        deck.append(
            nextLead, identifier: identifier, person: options.firstPerson &+ UInt64(nextLead),
            to: &socket.output)
        nextLead += 1
        records[current].due += 1
        records[current].sent += 1
    }

    /// Sends what the frontend has to say.
    func serveSales(_ now: UInt64) throws(ToolError) {
        guard let watch else { return }
        while watch.hasRoom, let errand = frontend?.next(at: now, underWay: watch.inFlight) {
            let identifier = watch.enter(
                due: errand.seen, phase: errand.phase, subject: .errand(errand))
            watch.add(identifier, errand.method, errand.parameters)
        }
        try watch.flush()
    }

    // MARK: - In

    /// Waits until something comes, a connection takes more, or something is due.
    func wait(from now: UInt64) throws(ToolError) {
        for (index, socket) in sockets.enumerated() {
            polls[index].events = Self.events(socket)
        }
        if let watch { polls[sockets.count].events = Self.events(watch) }
        // Looked up at least every 20 ms: a signal, the end of a phase.
        var wake = now + 20_000_000
        if current < phases.count {
            let began = records[current].began
            if let schedule, schedule.next < length, !isStalled {
                wake = min(wake, max(nextRound, began + schedule.next))
            }
            if now < began + length { wake = min(wake, began + length) }
        }
        let pause = Int64(wake > now ? wake - now : 0)
        let count = unsafe polls.withUnsafeMutableBufferPointer { polls in
            unsafe leadmarket_poll(polls.baseAddress, UInt64(polls.count), pause)
        }
        if count < 0 {
            guard errno == EINTR else { throw .unreachable("poll failed with error \(errno)") }
            for index in polls.indices { polls[index].revents = 0 }
        }
    }

    private static func events(_ socket: LoadSocket) -> Int16 {
        Int16(socket.unsentBytes > 0 ? POLLIN | POLLOUT : POLLIN)
    }

    /// Takes what has come and hands to the kernel what it takes again.
    func receive() throws(ToolError) {
        let inFlight: Int? =
            if current < phases.count, case .closed(let count) = phases[current].pace {
                count
            } else {
                nil
            }
        for index in polls.indices where polls[index].revents != 0 {
            let events = Int32(polls[index].revents)
            let socket = index < sockets.count ? sockets[index] : watch ?? sockets[0]
            if events & ~POLLOUT != 0 {
                let time = MonotonicClock.now
                let isOpen = try socket.receive { take($0, from: socket, at: time) }
                guard isOpen else { throw .unreachable("the daemon closed a connection") }
                if let inFlight, index < sockets.count {
                    try refill(index, inFlight - socket.inFlight)
                }
            }
            if events & POLLOUT != 0 { try socket.flush() }
        }
    }

    private func take(_ line: Span<UInt8>, from socket: LoadSocket, at time: UInt64) {
        switch scanner.scan(line) {
        case .reply(let identifier, let number, let kind):
            guard let entry = socket.leave(identifier) else { return keepUnreadable(line) }
            if kind.isUnusual, firstError == nil { firstError = UnusualAnswer(line) }
            take(kind, of: number, entry, at: time)
        case .sale(let lead, let assignment):
            if let sighting = matcher?.pushed(lead, at: time) {
                note(sighting)
            }
            frontend?.note(errand(assignment, isSold: true, at: time))
        case .reservation(let assignment):
            frontend?.note(errand(assignment, isSold: false, at: time))
        case .otherPush:
            return
        case .unreadable:
            keepUnreadable(line)
        }
    }

    private func errand(_ assignment: UInt64, isSold: Bool, at time: UInt64) -> Frontend.Errand {
        Frontend.Errand(
            assignment: assignment, isSold: isSold, seen: time,
            phase: earlierPhases + min(current, phases.count - 1))
    }

    private func take(
        _ kind: AnswerKind, of lead: UInt64, _ entry: LoadSocket.Unanswered, at time: UInt64
    ) {
        let latency = time > entry.due ? time - entry.due : 0
        let phase = entry.phase - earlierPhases
        if case .errand(let errand) = entry.subject { frontend?.answered(errand, kind, at: time) }
        guard phase >= 0 else { return }
        switch entry.subject {
        case .subscription: return
        case .errand:
            records[phase].errands[kind] += 1
            if kind.isDecision { records[phase].errandLatencies.record(latency) }
            return
        case .change(let mark):
            if mark != OrderChanges.ofKnownOrder { changes?.placed(mark, Int64(lead)) }
            records[phase].lastAnswer = time
            records[phase].changes[kind] += 1
            records[phase].changeLatencies.record(latency)
            return
        case .lead: break
        }
        records[phase].lastAnswer = time
        records[phase].counts[kind] += 1
        guard kind.isDecision else {
            records[phase].refusalLatencies.record(latency)
            return
        }
        records[phase].latencies.record(latency)
        if phase == current { noteInInterval(latency) }
        if kind == .released,
            let sighting = matcher?.answered(lead, due: entry.due, phase: entry.phase)
        {
            note(sighting)
        }
    }

    private func note(_ sighting: PushMatcher.Sighting) {
        guard sighting.phase >= earlierPhases else { return }
        records[sighting.phase - earlierPhases].pushLatencies.record(sighting.nanoseconds)
    }

    private func keepUnreadable(_ line: Span<UInt8>) {
        if unreadableLine == nil { unreadableLine = line.shown }
    }
}

extension Span<UInt8> {
    /// What a message shows of a line.
    var shown: String {
        var bytes: [UInt8] = []
        for index in 0..<Swift.min(count, 300) { bytes.append(self[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
