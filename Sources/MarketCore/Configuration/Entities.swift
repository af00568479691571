/// A category with all its versions.
public struct Category: Hashable, Sendable {
    /// The name people gave it.
    public let name: Name
    /// Its definitions from the first to the newest; version n is at index n - 1. Never empty.
    public internal(set) var versions: [CategoryDefinition]

    /// The newest definition.
    public var definition: CategoryDefinition { _read { yield versions[versions.count - 1] } }

    /// The newest version's number, from 1.
    public var version: Int { versions.count }
}

/// A source of leads.
public struct Channel: Hashable, Sendable {
    /// The name people gave it.
    public let name: Name
    /// Its title and payout.
    public internal(set) var definition: ChannelDefinition
    /// Whether its leads are turned away.
    public internal(set) var isPaused = false
    /// How many leads it handed in on its latest day.
    public internal(set) var taken = DailyCount()
    /// What became of its last decided leads (R3.2).
    public internal(set) var quality = QualityWindow()
}

/// Somebody who gets a share of charges.
public struct Payee: Hashable, Sendable {
    /// The name people gave them.
    public let name: Name
    /// What people read.
    public internal(set) var title: String
}
