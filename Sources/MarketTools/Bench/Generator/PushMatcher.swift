/// Brings together the answer to a lead and the push of its sale, whichever comes first.
struct PushMatcher {
    /// How long after it was due a push was seen, and in which phase the lead was due.
    struct Sighting: Equatable {
        var phase: Int
        var nanoseconds: UInt64
    }

    private struct Entry {
        var lead: UInt64 = 0
        var time: UInt64 = 0
        /// The phase of a lead whose answer came, or -1 when its push came first.
        var phase = 0
    }

    private var entries: [Entry]

    /// Makes a matcher that remembers the last so many log positions, a power of two.
    init(capacity: Int = 1 << 20) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "a power of two")
        entries = Array(repeating: Entry(), count: capacity)
    }

    /// Notes that `lead`, which was due at `due`, was sold.
    mutating func answered(_ lead: UInt64, due: UInt64, phase: Int) -> Sighting? {
        let place = place(of: lead)
        if entries[place].lead == lead, entries[place].phase == -1 {
            defer { entries[place].lead = 0 }
            let seen = entries[place].time
            return Sighting(phase: phase, nanoseconds: seen > due ? seen - due : 0)
        }
        entries[place] = Entry(lead: lead, time: due, phase: phase)
        return nil
    }

    /// Notes that the sale of `lead` was seen at `time`.
    mutating func pushed(_ lead: UInt64, at time: UInt64) -> Sighting? {
        let place = place(of: lead)
        if entries[place].lead == lead, entries[place].phase >= 0 {
            let entry = entries[place]
            entries[place].lead = 0
            return Sighting(
                phase: entry.phase, nanoseconds: time > entry.time ? time - entry.time : 0)
        }
        entries[place] = Entry(lead: lead, time: time, phase: -1)
        return nil
    }

    /// Numbers of leads are log positions, so the last ones lie side by side.
    private func place(of lead: UInt64) -> Int { Int(lead & UInt64(entries.count - 1)) }
}
