import MarketRPC

/// The leads of a run as requests, rendered before it into one piece of memory.
///
/// A request is a copy of one of them in which only the identifier and the phone number are
/// written anew, both of fixed width and in fixed places. So a run goes over the same leads again and
/// again, each time as those of new people.
struct LeadDeck: Sendable {
    /// What the first request is numbered; all have ten digits.
    static let firstIdentifier = 1_000_000_000

    private static let head = Array(#"{"jsonrpc":"2.0","id":"#.utf8)
    private static let middle = Array(#","method":"lead.submit","params":{"phone":"1"#.utf8)
    private static let identifierOffset = head.count
    private static let personOffset = head.count + 10 + middle.count
    /// Phones are 1 and ten digits from 3,000,000,000; so many people fit.
    private static let personCount: UInt64 = 6_999_999_999

    private var bytes: [UInt8] = []
    private var starts: [Int] = [0]

    /// How many leads it has.
    var count: Int { starts.count - 1 }
    /// How long a request is on average, in bytes, with its line end.
    var meanBytes: Int { count == 0 ? 0 : bytes.count / count }

    /// An empty deck.
    init() {}

    /// Adds a lead.
    ///
    /// - Parameter rest: the members of its parameters besides the phone, encoded, without braces.
    mutating func add(_ rest: some Collection<UInt8>) {
        bytes += Self.head
        bytes += repeatElement(UInt8(ascii: "0"), count: 10)
        bytes += Self.middle
        bytes += repeatElement(UInt8(ascii: "0"), count: 10)
        bytes.append(UInt8(ascii: "\""))
        if !rest.isEmpty { bytes.append(UInt8(ascii: ",")) }
        bytes += rest
        bytes += Array("}}\n".utf8)
        starts.append(bytes.count)
    }

    /// Adds a lead given as the parameters of `lead.submit`; what stands for its person is left out.
    mutating func add(parameters: JSONObject) {
        let leftOut: Set<String> = ["phone", "at", "idempotencyKey"]
        let rest = JSONObject(parameters.members.filter { !leftOut.contains($0.name) })
        add(JSONValue.object(rest).encoded.dropFirst().dropLast())
    }

    /// Appends the request for the lead number `index`, counted over and over, of the person `person`.
    ///
    /// - Parameter identifier: from ``firstIdentifier``, of ten digits.
    /// - Complexity: one copy and twenty digits.
    func append(_ index: Int, identifier: Int, person: UInt64, to output: inout [UInt8]) {
        let number = index % count
        let start = output.count
        output.append(contentsOf: bytes[starts[number]..<starts[number + 1]])
        Self.write(UInt64(identifier), at: start + Self.identifierOffset, in: &output)
        let digits = 3_000_000_000 + person % Self.personCount
        Self.write(digits, at: start + Self.personOffset, in: &output)
    }

    private static func write(_ number: UInt64, at offset: Int, in output: inout [UInt8]) {
        var rest = number
        var position = offset + 9
        while position >= offset {
            output[position] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
            position -= 1
        }
    }
}
