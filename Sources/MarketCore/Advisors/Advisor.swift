internal import DequeModule

/// A loan advisor who buys leads (R5.1).
public struct Advisor: Hashable, Sendable {
    /// The name people gave them.
    public let name: Name
    /// Who they are.
    public internal(set) var profile: AdvisorProfile
    /// How good their results are: set, or derived from them (R9.4).
    public internal(set) var grade: Grade
    /// Whether they take leads just now.
    public internal(set) var isOnline = true
    /// Whether they are barred.
    public internal(set) var isSuspended = false
    /// How many leads were reserved for them on their latest day.
    public internal(set) var reservedToday = DailyCount()
    /// How many leads they have open: reserved, or released and still to be worked on.
    public internal(set) var openWork = 0
    /// Their latest assignments.
    public internal(set) var record = AdvisorRecord()
    /// The position of their last reservation in each category; absent is never (R6.2).
    var lastServed: [LogPosition] = []

    init(name: Name, profile: AdvisorProfile) {
        self.name = name
        self.profile = profile
        grade = profile.grade
    }

    /// The position of the advisor's last reservation in `category`, or ``LogPosition/start``.
    public func lastServed(in category: CategoryNumber) -> LogPosition {
        category.index < lastServed.count ? lastServed[category.index] : .start
    }

    mutating func noteServed(in category: CategoryNumber, at position: LogPosition) {
        while lastServed.count <= category.index { lastServed.append(.start) }
        lastServed[category.index] = position
    }
}

/// An advisor's latest released assignments, oldest first: what grades and automatic returns go by
/// (R9.4, R10.2).
public struct AdvisorRecord: Hashable, Sendable {
    /// How many are kept.
    public static let length = 200

    /// The ids, oldest first.
    private(set) var assignments: Deque<AssignmentID> = []

    init() {}

    /// A record of what was kept.
    init(_ assignments: [AssignmentID]) {
        self.assignments = Deque(assignments)
    }

    /// Notes a release.
    ///
    /// - Complexity: O(1).
    mutating func note(_ assignment: AssignmentID) {
        assignments.append(assignment)
        if assignments.count > Self.length { assignments.removeFirst() }
    }
}
