import MarketWorkload

/// How the columns of a file become leads and reports; read from YAML, see `docs/WORKLOADS.md`.
public struct ImportMapping: Sendable {
    /// When a lead arrived.
    var time: ArrivalTime
    /// Which channel it came by.
    var channel: Choice
    /// Whom to call.
    var contact: Contact
    /// What the person agreed to, if the file's leads come with consent.
    var consent: ConsentRecord?
    /// The attributes, in the order given.
    var attributes: [Attribute]
    /// The column that tells a call's outcome, if any.
    var contactReport: ContactOutcome?
    /// The column that tells how a stage ended, if any.
    var stageReport: StageOutcome?
    /// Seeds everything that is made up: times of day, delays, phones.
    var seed: UInt64

    /// When a lead arrived: a date, and a time of day that is made up where the file has none.
    struct ArrivalTime: Sendable {
        var column: String
        var format: DateFormat
        var offsetMinutes: Int
        /// Seconds of the day between which a time is made up.
        var secondsOfDay: ClosedRange<Int>
    }

    /// A phone number and, where there are columns for them, a name and a note.
    struct Contact: Sendable {
        var phone: Phone
        var name: String?
        var note: String?
    }

    /// Where the phone number comes from.
    enum Phone: Sendable {
        case column(String)
        /// Made up from the cell, the same each time: `prefix`, then digits up to `length`.
        case made(from: String, prefix: String, length: Int)
    }

    /// Consent given as the lead arrived.
    struct ConsentRecord: Sendable {
        /// SHA-256 of the agreement's text, in lowercase hexadecimal.
        var agreementSHA256: String
        var institutions: [String]
    }

    /// A column that names one of several things.
    struct Choice: Sendable {
        var column: String
        /// Cell to name; a cell that is not here is `prefix` + cell, or ``otherwise``, or no name.
        var values: [String: String]
        var prefix: String?
        var otherwise: String?

        /// The name for `cell`, or `nil` when there is none.
        func name(for cell: String) -> String? {
            values[cell] ?? (cell.isEmpty ? nil : prefix.map { $0 + cell }) ?? otherwise
        }
    }

    /// One attribute of the market and the column it comes from. An empty cell leaves it out.
    struct Attribute: Sendable {
        var name: String
        var column: String
        var conversion: Conversion
    }

    /// How a cell becomes an attribute's value.
    enum Conversion: Sendable {
        /// Times `scale`, rounded half away from zero; outside the bounds the row is refused, unless `clamps`.
        case integer(scale: DecimalText?, minimum: Int64?, maximum: Int64?, clamps: Bool)
        case flag(yes: Set<String>, no: Set<String>)
        case choice(Choice)
        /// Without `removing` in front, between `prefix` and `suffix`.
        case region(prefix: String, suffix: String, removing: String)
        /// Whole years from the birth date to the arrival.
        case age(DateFormat, minimum: Int64?, maximum: Int64?, clamps: Bool)
    }

    /// A call whose outcome the file tells, and whose delay is made up.
    struct ContactOutcome: Sendable {
        var column: String
        /// Cell to the outcome's word; other cells give no report.
        var values: [String: String]
        var delays: [String: DelaySpread]
        var attempts: ClosedRange<Int>
    }

    /// A stage whose end the file tells.
    struct StageOutcome: Sendable {
        var column: String
        var stage: String
        var passed: Set<String>
        var failed: Set<String>
        var delay: DelaySpread
    }
}

/// A made-up delay: one of several ranges by weight, evenly within it.
public struct DelaySpread: Equatable, Sendable {
    /// One range of delays.
    struct Range: Equatable, Sendable {
        var seconds: ClosedRange<Int>
        var weight: Int
    }

    /// The ranges, each from where the one before ended.
    let ranges: [Range]

    /// The delay in microseconds that `generator` makes up.
    func microseconds(using generator: inout SplitMix64) -> Int64 {
        let total = ranges.reduce(0) { $0 + $1.weight }
        var rest = Int(generator.integer(below: UInt64(total)))
        for range in ranges {
            rest -= range.weight
            if rest < 0 {
                return Int64(generator.integer(in: range.seconds)) * 1_000_000
            }
        }
        preconditionFailure("the weights add up to their total")
    }
}
