internal import DequeModule

/// What a frontend does about what is pushed to it: it acknowledges what was sold, and accepts what is reserved.
///
/// Answered `overloaded`, it asks again a little later, with half as many requests under way as before and one more
/// for each that succeeds: a frontend that pressed on would be part of what overloads the market.
struct Frontend {
    /// What is to be said about an assignment.
    struct Errand: Equatable {
        var assignment: UInt64
        /// Whether it was sold: then it is acknowledged, else accepted.
        var isSold: Bool
        /// When its push was seen, and in which phase.
        var seen: UInt64
        var phase: Int

        /// The request.
        var method: String { isSold ? "assignment.acknowledge" : "assignment.accept" }
        var parameters: [UInt8] { Array(#"{"assignment":\#(assignment)}"#.utf8) }
    }

    /// How long it holds back after an `overloaded`, in nanoseconds.
    private static let pause: UInt64 = 10_000_000
    /// The fewest requests under way that an `overloaded` leaves.
    private static let leastUnderWay = 16

    private var waiting: Deque<Errand> = []
    private var mostUnderWay = LoadSocket.maximumInFlight
    private var holdsBackUntil: UInt64 = 0

    /// How many errands wait to be sent.
    var count: Int { waiting.count }

    /// Notes what a push asks for.
    mutating func note(_ errand: Errand) { waiting.append(errand) }

    /// Takes what is to be sent next at `time`, while so many others are under way.
    mutating func next(at time: UInt64, underWay: Int) -> Errand? {
        time >= holdsBackUntil && underWay < mostUnderWay ? waiting.popFirst() : nil
    }

    /// Notes what the market said at `time`; what was refused for now is sent again.
    mutating func answered(_ errand: Errand, _ kind: AnswerKind, at time: UInt64) {
        if kind == .overloaded {
            // What was sent before the last pause began says nothing new.
            if time >= holdsBackUntil {
                mostUnderWay = max(Self.leastUnderWay, mostUnderWay / 2)
                holdsBackUntil = time + Self.pause
            }
            waiting.append(errand)
        } else {
            mostUnderWay = min(LoadSocket.maximumInFlight, mostUnderWay + 1)
        }
    }
}
