public import EventLog
import Glibc
import MarketCore
import MarketRPC
import MarketWorkload
import NIOCore

/// Frames of `lead.submit`, read into commands.
public struct ParseProbe {
    private let reader = FrequentRequestReader(role: .operator)
    private let tables: CallTables
    private let frames: [ByteBuffer]

    /// Writes so many frames.
    public init(leads: Int) {
        let workload = Workload(.mixed, orders: 0, leads: leads)
        tables = CallTables(schema: workload.schema, phonePattern: .chineseMobile)
        frames = workload.leads.indices.map { index in
            ByteBuffer(bytes: Self.frame(of: workload.leads[index], number: index, workload.schema))
        }
    }

    /// Reads the frames of `range`.
    ///
    /// - Returns: How many were submissions.
    @inline(never)
    public func parse(_ range: Range<Int>) -> Int {
        var count = 0
        for index in range where isSubmission(frames[index]) { count += 1 }
        return count
    }

    /// How long reading the frames of `range` takes, in nanoseconds, each of them at hand as it is when the kernel has
    /// just written it: some are looked at before the clock starts, then read.
    ///
    /// - Precondition: all of them are submissions.
    public func nanosecondsAtHand(_ range: Range<Int>) -> Int64 {
        var total: Int64 = 0
        var start = range.lowerBound
        while start < range.upperBound {
            let some = start..<min(start + Self.atHand, range.upperBound)
            for index in some { look(at: frames[index]) }
            let began = Stopwatch.now()
            let count = parse(some)
            total += Stopwatch.now() - began
            precondition(count == some.count, "every frame is a submission")
            start = some.upperBound
        }
        return total
    }

    /// How many frames are looked at before they are read: little beside what a cache holds.
    private static let atHand = 32

    /// Reads all of a frame.
    private func look(at frame: ByteBuffer) {
        let sum = frame.readableBytesView.reduce(0) { $0 &+ Int($1) }
        precondition(sum > 0, "a frame has text")
    }

    /// Reads one frame where nobody counts: what is made once is made then.
    public func warmUp() {
        precondition(isSubmission(frames[0]), "every frame is a submission")
    }

    @inline(never)
    private func isSubmission(_ frame: ByteBuffer) -> Bool {
        guard let request = reader.read(frame, tables: tables) else { return false }
        if case .submitLead = request.mutation { return true }
        return false
    }

    private static func frame(
        of lead: WorkloadLead, number: Int, _ schema: AttributeSchema
    ) -> [UInt8] {
        var attributes = JSONObject()
        for (number, value) in lead.attributes.pairs {
            let word: JSONValue =
                switch schema.word(value, for: number) {
                case .flag(let flag): .bool(flag)
                case .integer(let integer): .integer(integer)
                case .text(let text): .string(text)
                }
            attributes[schema[number].name.description] = word
        }
        let parameters: JSONObject = [
            "phone": .string(String(13_000_000_000 + number)),
            "channel": .string(lead.channel.description), "attributes": .object(attributes),
            "consent": [
                "givenAt": "2026-01-01T00:00:00Z",
                "agreementSha256": .string(String(repeating: "5f", count: 32)),
            ],
        ]
        var writer = JSONWriter(capacity: 512)
        writer.request(
            Request(
                identifier: .integer(Int64(number)), method: "lead.submit",
                parameters: parameters))
        return writer.bytes
    }
}

/// Identities and seals of contact data.
public struct KeyProbe: ~Copyable {
    private let hasher: IdentityHasher
    private var sealer = ContactSealer()
    private let contact = Array(#"{"phone":"13800138000","name":"Wang"}"#.utf8)

    /// Makes a secret in a directory of its own, which is removed again.
    ///
    /// - Throws: ``EventLogError``.
    public init() throws(EventLogError) {
        let directory = "/tmp/leadmarket-probe.\(getpid())"
        guard mkdir(directory, 0o700) == 0 else {
            preconditionFailure("\(directory) cannot be made")
        }
        defer { rmdir(directory) }
        hasher = IdentityHasher(try MarketSecret.create(at: directory + "/secret"))
        unlink(directory + "/secret")
    }

    /// Computes `count` identities.
    @inline(never)
    public func identities(_ count: Int) -> UInt64 {
        var sum: UInt64 = 0
        for index in 0..<count {
            sum &+= hasher.identity(ofDigits: String(13_000_000_000 + index)).low
        }
        return sum
    }

    /// Seals `count` contacts, each under a fresh key.
    ///
    /// - Throws: ``EventLogError``.
    @inline(never)
    public mutating func seals(_ count: Int) throws(EventLogError) -> Int {
        var bytes = 0
        for _ in 0..<count { bytes += try sealer.seal(contact).bytes.count }
        return bytes
    }
}
