import Foundation
import MarketCore
import MarketTestSupport
import Testing

@testable import EventLog

/// A record as the fixture keeps it: the payload of one sample in one version.
struct GoldenRecord {
    var name: String
    var type: UInt16
    var version: UInt16
    var payload: [UInt8]

    /// Reads the lines `name type version hex`; `-` for an empty payload.
    static func load() throws -> [GoldenRecord] {
        try fixture("events.golden.txt").split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { line in
                let words = line.split(separator: " ")
                try #require(words.count == 4, "not a golden record: \(line)")
                let hexadecimal = words[3] == "-" ? "" : words[3]
                let bytes = stride(from: 0, to: hexadecimal.utf8.count, by: 2).map { offset in
                    let start = hexadecimal.index(hexadecimal.startIndex, offsetBy: offset)
                    return UInt8(hexadecimal[start...].prefix(2), radix: 16)
                }
                return GoldenRecord(
                    name: String(words[0]), type: try #require(UInt16(words[1])),
                    version: try #require(UInt16(words[2])),
                    payload: try bytes.map { try #require($0) })
            }
    }

    static func line(_ name: String, _ type: EventType, _ payload: [UInt8]) -> String {
        let hexadecimal = payload.map { String(format: "%02x", $0) }.joined()
        return "\(name) \(type.rawValue) \(type.currentVersion) "
            + (payload.isEmpty ? "-" : hexadecimal)
    }
}

/// Returns the text of a file of `Fixtures`.
func fixture(_ name: String) throws -> String {
    let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return try String(
        contentsOf: directory.appendingPathComponent("Fixtures/\(name)"), encoding: .utf8)
}

/// Returns the payload of an event.
func payload(_ event: Event, _ input: InputContext?) -> [UInt8] {
    var writer = WireWriter()
    EventCodec.encode(event, input: input, to: &writer)
    return writer.copyBytes()
}

@Suite struct EventCodecTests {
    @Test func `golden records of every event and version decode for ever`() throws {
        let golden = try GoldenRecord.load()
        let samples = Dictionary(uniqueKeysWithValues: EventSamples.all.map { ($0.name, $0) })
        for record in golden {
            let sample = try #require(samples[record.name], "the sample \(record.name) is gone")
            let decoded = try EventCodec.decode(
                type: record.type, version: record.version, payload: record.payload.span.bytes)
            #expect(decoded.event == sample.event, "\(record.name)")
            #expect(decoded.input == sample.input, "\(record.name)")
        }
        for type in EventType.allCases {
            for version in 1...type.currentVersion {
                #expect(
                    golden.contains { $0.type == type.rawValue && $0.version == version },
                    "no golden record of \(type) version \(version)")
            }
        }
    }

    @Test(arguments: EventSamples.all)
    func `what is written today is the golden record`(_ sample: EventSample) throws {
        let bytes = payload(sample.event, sample.input)
        let line = GoldenRecord.line(sample.name, EventType(sample.event), bytes)
        let lines = try fixture("events.golden.txt").split(separator: "\n").map(String.init)
        #expect(lines.contains(line), "if the sample is new, add this line:\n\(line)")
    }

    @Test func `event type numbers are those of the documentation`() {
        let numbers = EventType.allCases.map(\.rawValue)
        #expect(
            numbers == [1, 2, 3, 4, 5] + Array(10...15) + [20, 21, 22, 23] + Array(30...35)
                + Array(40...46) + Array(50...58) + [60, 61, 62] + [70, 71, 72] + [80, 81])
    }

    @Test(arguments: EventType.allCases)
    func `random events come back as they were`(_ type: EventType) throws {
        let seed = UInt64(type.rawValue) &+ 20_261_121
        var random = RandomEvents(seed: seed)
        for index in 0..<300 {
            let event = random.event(type)
            let input = random.optional { $0.input() }
            let bytes = payload(event, input)
            let decoded = try EventCodec.decode(
                type: type.rawValue, version: 1, payload: bytes.span.bytes)
            try #require(decoded.event == event, "seed \(seed), event \(index)")
            try #require(decoded.input == input, "seed \(seed), event \(index)")
        }
    }

    @Test func `numbers of choices are distinct and never 0`() {
        func check<Choice: WireEnumeration>(_: Choice.Type) {
            let numbers = Choice.allCases.map(\.wireNumber)
            #expect(Set(numbers).count == numbers.count)
            #expect(!numbers.contains(0))
        }
        check(Role.self)
        check(ClockKind.self)
        check(Grade.self)
        check(DueItem.Kind.self)
        check(LeadRejection.self)
        check(LeadClosure.self)
        check(CallOutcome.self)
        check(Stage.self)
        check(VoidReason.self)
        check(ReturnReason.self)
        check(RankKey.self)
        check(TierRules.Aspect.self)
    }

    @Test func `fields of a newer program are skipped`() throws {
        for sample in EventSamples.all {
            var writer = WireWriter()
            writer.write("from the future", field: 999)
            EventCodec.encode(sample.event, input: sample.input, to: &writer)
            writer.write(UInt64(7), field: 2000)
            let decoded = try EventCodec.decode(
                type: EventType(sample.event).rawValue, version: 1,
                payload: writer.copyBytes().span.bytes)
            #expect(decoded.event == sample.event)
            #expect(decoded.input == sample.input)
        }
    }

    @Test func `an unknown type or version asks for a newer program`() throws {
        for (type, version): (UInt16, UInt16) in [(0, 1), (6, 1), (999, 1), (1, 0), (1, 2)] {
            let error = #expect(throws: WireError.self) {
                try EventCodec.decode(type: type, version: version, payload: [UInt8]().span.bytes)
            }
            #expect(error == .unknownEvent(type: type, version: version))
        }
    }

    @Test func `values outside their range are refused`() throws {
        func refusal(_ type: EventType, _ body: (inout WireWriter) -> Void) -> WireError? {
            var writer = WireWriter()
            body(&writer)
            do {
                _ = try EventCodec.decode(
                    type: type.rawValue, version: 1, payload: writer.bytes)
                return nil
            } catch { return error }
        }
        #expect(
            refusal(.deposited) { $0.write(Money.maximum.fen + 1, field: 2) }
                == .invalidValue(field: 2))
        #expect(
            refusal(.orderPaused) { $0.writeOptional(UInt64(0), field: 1) }
                == .invalidValue(field: 1))
        #expect(refusal(.orderPaused) { _ in } == .missing(field: 1))
        #expect(
            refusal(.personErased) { $0.write([1, 2, 3], field: 1) } == .invalidValue(field: 1))
        #expect(
            refusal(.channelPaused) { $0.write(UInt64(1) << 32, field: 1) }
                == .invalidValue(field: 1))
        #expect(
            refusal(.leadClosed) {
                $0.write(UInt64(1), field: 1)
                $0.write(UInt64(99), field: 2)
            } == .invalidValue(field: 2))
        #expect(
            refusal(.leadAccepted) { writer in
                writer.writeMessage(field: 3) { $0.write(UInt64(3), field: 1) }
            } == .invalidValue(field: 1))
        #expect(
            refusal(.contactReported) { $0.write(Int64(-1), field: 2) } == .invalidValue(field: 2))
        #expect(
            refusal(.orderPlaced) { writer in
                writer.writeMessage(field: 3) { terms in
                    terms.writeMessage(field: 1) { filter in
                        for _ in 0..<2 {
                            filter.writeMessage(field: 1) { $0.writeOptional(true, field: 2) }
                        }
                    }
                }
            } == .invalidValue(field: 1))
    }

    @Test func `events go through the log and come back`() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        var batch = RecordBatch(firstPosition: LogPosition(1))
        var written: [RecordedEvent] = []
        for sample in EventSamples.all {
            let position = batch.nextPosition
            let transaction = (0..<2).map { index in
                RecordedEvent(
                    position: position.advanced(by: index), transaction: position,
                    time: Timestamp(microseconds: Int64(position.rawValue)),
                    input: index == 0 ? .market : nil, event: sample.event)
            }
            batch.append(transaction: transaction)
            written += transaction
        }
        try log.append(batch)
        #expect(try log.events(from: LogPosition(1)) == written)
        #expect(try log.event(at: LogPosition(3)) == written[2])
    }

    @Test func `a record whose event only a newer program knows is told from damage`() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        var batch = RecordBatch(firstPosition: LogPosition(1))
        batch.append(
            eventType: 6, eventVersion: 1, time: Timestamp(microseconds: 1),
            transaction: LogPosition(1), isLast: true
        ) { _ in }
        try log.append(batch)
        let error = #expect(throws: EventLogError.self) { try log.events(from: LogPosition(1)) }
        #expect(
            error
                == .newerEvent(
                    path: fixture.path, position: LogPosition(1), type: 6, version: 1))
    }
}
