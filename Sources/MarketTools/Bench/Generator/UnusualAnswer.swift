internal import MarketRPC

/// An answer of a load that is neither decided nor `overloaded`: what it says tells why there are such.
struct UnusualAnswer: Sendable, Equatable {
    /// The error's code; `nil` of what is no error, or none that can be read.
    let code: Int64?
    /// The error's word for programs.
    let reason: String?
    /// What happened, in words; of what is no error, the line as it came.
    let message: String

    /// Reads a line as the daemon wrote it.
    init(_ line: Span<UInt8>) {
        var bytes: [UInt8] = []
        for index in line.indices { bytes.append(line[index]) }
        let error = (try? JSONParser().parse(bytes))?.value["error"]
        code = error?["code"]?.integer
        reason = error?["data"]?["reason"]?.string
        message = error?["message"]?.string ?? line.shown
    }

    /// The answer as JSON.
    var json: JSONValue {
        var object = JSONObject()
        object["code"] = code.map { .integer($0) }
        object["reason"] = reason.map { .string($0) }
        object["message"] = .string(message)
        return .object(object)
    }

    /// The answer for people: `unknownChannel (-32025): No channel has that name: market.info lists all.`
    var text: String {
        guard let code else { return message }
        return "\(reason ?? "error") (\(code)): \(message)"
    }
}
