internal import LMDB
internal import MarketCore

/// The leads of ``positions`` successive positions, which lie in one row of the views.
///
/// Why: a row for each lead, and one for each of its events, would cost more than evolving the
/// market does.
///
/// Key: the page's number. Row, by ascending id: offset of the lead in the page, status, arrival;
/// of varying length: channel, distance of the assignment (0 for none), number of events, distance
/// of each event from the one before.
struct LeadPage {
    /// The positions of one page: as many as keep a page of rejected leads under the 2,038 bytes
    /// above which LMDB gives a row whole pages.
    static let positions: UInt64 = 128

    /// A lead as a page holds it.
    struct Lead {
        var summary: LeadSummary
        var events: [LogPosition]
    }

    private let number: UInt64

    /// The page that holds `lead`.
    init(of lead: LeadID) {
        number = lead.rawValue / Self.positions
    }

    /// The page with a key.
    init(key: RawSpan) throws(ViewError) {
        var reader = RowReader(key)
        number = try reader.read()
    }

    /// The row's key.
    var key: RowWriter {
        var key = RowWriter()
        key.write(number)
        return key
    }

    /// Whether `lead` belongs here.
    func contains(_ lead: LeadID) -> Bool { lead.rawValue / Self.positions == number }

    /// Adds a lead, younger than those before, to a row.
    func write(_ lead: LeadSummary, _ events: [LogPosition], to row: inout RowWriter) {
        let id = lead.id.rawValue
        row.write(UInt8(id % Self.positions))
        row.write(lead.status.rawValue)
        row.write(lead.arrivedAt.microseconds)
        row.write(varying: UInt64(lead.channel.rawValue))
        row.write(varying: lead.assignment.map { $0.rawValue - id } ?? 0)
        row.write(varying: UInt64(events.count))
        var last = id
        for event in events {
            row.write(varying: event.rawValue - last)
            last = event.rawValue
        }
    }

    /// The leads of a row, by ascending id.
    func leads(in row: RawSpan) throws(ViewError) -> [Lead] {
        var reader = RowReader(row)
        var leads: [Lead] = []
        while !reader.isAtEnd {
            let offset = UInt64(try reader.read(UInt8.self))
            guard offset < Self.positions, let status = LeadStatus(rawValue: try reader.read())
            else { throw .damagedRow }
            let id = number * Self.positions + offset
            let arrivedAt = Timestamp(microseconds: try reader.read())
            guard let channel = UInt32(exactly: try reader.varying()) else { throw .damagedRow }
            let distance = try reader.varying()
            var events: [LogPosition] = []
            var last = id
            for _ in 0..<Int(clamping: try reader.varying()) {
                last &+= try reader.varying()
                events.append(LogPosition(last))
            }
            leads.append(
                Lead(
                    summary: LeadSummary(
                        id: LeadID(id), status: status, channel: ChannelNumber(channel),
                        arrivedAt: arrivedAt,
                        assignment: distance == 0 ? nil : AssignmentID(id &+ distance)),
                    events: events))
        }
        return leads
    }
}
