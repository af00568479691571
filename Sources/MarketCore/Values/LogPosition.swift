/// A place in the log: 1 is the first event ever, and there are no gaps.
public struct LogPosition: Hashable, Comparable, Sendable {
    /// The position's number; 0 stands before the first event.
    public var rawValue: UInt64

    /// Makes the position `rawValue`.
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The place before the first event: the head of an empty log.
    public static let start = LogPosition(0)

    /// The next position.
    public var next: LogPosition { LogPosition(rawValue + 1) }

    /// Orders positions from older to newer.
    public static func < (left: LogPosition, right: LogPosition) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The id of a lead, an order or an assignment: the position of the event that created it.
public struct ID<Entity>: Hashable, Comparable, Sendable {
    /// The position of the creating event.
    public let position: LogPosition

    /// Names the entity created at `position`.
    public init(_ position: LogPosition) {
        self.position = position
    }

    /// Names the entity created at position `rawValue`.
    public init(_ rawValue: UInt64) {
        position = LogPosition(rawValue)
    }

    /// The id as a number, as it goes over the wire.
    public var rawValue: UInt64 { position.rawValue }

    /// Orders ids from older to newer.
    public static func < (left: ID, right: ID) -> Bool { left.position < right.position }
}

/// The id of a lead.
public typealias LeadID = ID<Lead>
/// The id of an order.
public typealias OrderID = ID<Order>
/// The id of an assignment: the position of its reservation.
public typealias AssignmentID = ID<Assignment>

/// The dense number of something that people named: its index in order of first definition.
public struct Number<Entity>: Hashable, Comparable, Sendable {
    /// The index, from 0.
    public let rawValue: UInt32

    /// Makes the number `rawValue`.
    public init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Makes the number of the entity at `index`.
    public init(index: Int) {
        rawValue = UInt32(index)
    }

    /// The number as an array index.
    public var index: Int { Int(rawValue) }

    /// Orders numbers by first definition.
    public static func < (left: Number, right: Number) -> Bool { left.rawValue < right.rawValue }
}

/// The number of an advisor.
public typealias AdvisorNumber = Number<Advisor>
/// The number of a category.
public typealias CategoryNumber = Number<Category>
/// The number of a channel.
public typealias ChannelNumber = Number<Channel>
/// The number of a payee.
public typealias PayeeNumber = Number<Payee>
/// The number of an attribute.
public typealias AttributeNumber = Number<Attribute>
