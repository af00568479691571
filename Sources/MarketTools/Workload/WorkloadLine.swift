public import MarketRPC

/// A request of a workload: one JSON-RPC line whose id is its label (`docs/WORKLOADS.md`).
public struct WorkloadLine: Sendable {
    /// The line of the file it stands on, or its number where there is no file; from 1.
    public var number: Int
    /// The line itself, without its line end.
    public var bytes: [UInt8]

    /// Makes a line of bytes that were read.
    public init(number: Int, bytes: [UInt8]) {
        self.number = number
        self.bytes = bytes
    }

    /// Writes a request as a line.
    public init(number: Int, label: String, method: String, parameters: JSONObject) {
        self.number = number
        var writer = JSONWriter(capacity: 384)
        writer.request(
            Request(identifier: .string(label), method: method, parameters: parameters))
        bytes = writer.bytes
    }
}
