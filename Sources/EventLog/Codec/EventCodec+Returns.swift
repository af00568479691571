internal import MarketCore

// Returns, and channels that pause themselves for what comes back (R3.2, R10).

extension EventCodec {
    static func encode(
        _ assignment: AssignmentID, _ request: ReturnRequest, to writer: inout WireWriter
    ) {
        writer.write(assignment, field: 1)
        writer.write(request.reason, field: 2)
        writer.write(request.evidence, field: 3)
    }

    static func decodeReturnRequested(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var assignment = LogPosition.start
        var reason: ReturnReason?
        var evidence = ""
        while let field = try next(&reader, &input) {
            switch field {
            case 1: assignment = try reader.position()
            case 2: reason = try reader.enumeration()
            case 3: evidence = try reader.text()
            default: break
            }
        }
        return .returnRequested(
            AssignmentID(try present(assignment, field: 1)),
            ReturnRequest(reason: try present(reason, field: 2), evidence: evidence))
    }

    static func encode(
        _ assignment: AssignmentID, _ decision: ReturnDecision, to writer: inout WireWriter
    ) {
        writer.write(assignment, field: 1)
        writer.write(decision.isApproved, field: 2)
        writer.write(decision.isAutomatic, field: 3)
        writer.write(decision.note, field: 4)
    }

    static func decodeReturnDecided(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var assignment = LogPosition.start
        var decision = ReturnDecision(isApproved: false, isAutomatic: false)
        while let field = try next(&reader, &input) {
            switch field {
            case 1: assignment = try reader.position()
            case 2: decision.isApproved = try reader.flag()
            case 3: decision.isAutomatic = try reader.flag()
            case 4: decision.note = try reader.text()
            default: break
            }
        }
        return .returnDecided(AssignmentID(try present(assignment, field: 1)), decision)
    }

    static func decodeChannelPausedItself(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var channel = ChannelNumber(0)
        var bad = 0
        var count = 0
        while let field = try next(&reader, &input) {
            switch field {
            case 1: channel = try reader.dense()
            case 2: bad = try reader.count()
            case 3: count = try reader.count()
            default: break
            }
        }
        return .channelPausedItself(channel, bad: bad, of: count)
    }
}
