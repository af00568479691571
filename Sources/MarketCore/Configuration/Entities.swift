/// A category with all its versions.
public struct Category: Hashable, Sendable {
    /// The name people gave it.
    public let name: Name
    /// Its definitions from the first to the newest; version n is at index n - 1. Never empty.
    public private(set) var versions: [CategoryDefinition]
    /// The newest definition, at hand: each lead asks for those of all categories.
    public private(set) var definition: CategoryDefinition

    /// The newest version's number, from 1.
    public var version: Int { versions.count }

    /// A category with its versions; `nil` where there is none.
    init?(name: Name, versions: [CategoryDefinition]) {
        guard let definition = versions.last else { return nil }
        self.name = name
        self.versions = versions
        self.definition = definition
    }

    /// Its first version.
    init(name: Name, definition: CategoryDefinition) {
        self.name = name
        self.definition = definition
        versions = [definition]
    }

    /// Adds a version.
    mutating func redefine(_ definition: CategoryDefinition) {
        versions.append(definition)
        self.definition = definition
    }
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
