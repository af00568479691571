/// A loan advisor who buys leads (R5.1).
public struct Advisor: Hashable, Sendable {
    /// The name people gave them.
    public let name: Name
    /// Who they are.
    public internal(set) var profile: AdvisorProfile
    /// Whether they take leads just now.
    public internal(set) var isOnline = true
    /// Whether they are barred.
    public internal(set) var isSuspended = false
    /// The position of their last reservation in each category; absent is never (R6.2).
    var lastServed: [LogPosition] = []

    init(name: Name, profile: AdvisorProfile) {
        self.name = name
        self.profile = profile
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
