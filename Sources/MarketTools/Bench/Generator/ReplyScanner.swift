/// What a line from the daemon says, as far as a load generator must know.
enum ScannedLine: Equatable {
    /// The answer to the request `identifier`; `number` is the one that a lead or a placed order got, or zero.
    case reply(identifier: Int, number: UInt64, AnswerKind)
    /// The first push of the sale of a lead.
    case sale(lead: UInt64, assignment: UInt64)
    /// The first push of a lead that is reserved until the advisor accepts it.
    case reservation(assignment: UInt64)
    /// A push of something else, or not the first one.
    case otherPush
    /// Nothing that can be made out.
    case unreadable
}

/// Finds in a line what matters without parsing it.
///
/// It relies on the order in which the daemon writes members (``MarketRPC/ResponseLine`` likewise), and says so
/// when a line is otherwise: then the line is ``ScannedLine/unreadable``.
struct ReplyScanner: Sendable {
    private let reply = Array(#"{"jsonrpc":"2.0","id":"#.utf8)
    private let decision = Array(#","result":{"lead":"#.utf8)
    private let order = Array(#","result":{"order":"#.utf8)
    private let result = Array(#","result":{"#.utf8)
    private let status = Array(#","status":""#.utf8)
    private let reason = Array(#""reason":""#.utf8)
    private let error = Array(#","error":{"#.utf8)
    private let push = Array(#"{"jsonrpc":"2.0","method":"assignment""#.utf8)
    private let again = Array(#""redelivered":true"#.utf8)
    private let sale = Array(#""status":"released""#.utf8)
    private let reservation = Array(#""status":"reserved","awaits":{"#.utf8)
    private let acceptance = Array(#""acceptance":"#.utf8)
    private let assignment = Array(#""assignment":"#.utf8)
    private let lead = Array(#","lead":"#.utf8)
    /// Words by their first eight bytes, the most frequent first.
    private let words: [(packed: UInt64, kind: AnswerKind)] = AnswerKind.allCases.map {
        (ReplyScanner.packed(Array($0.word.utf8).prefix(8)), $0)
    }
    private let rejected = ReplyScanner.packed(Array("rejected".utf8))

    /// Reads one line, given without its line end.
    ///
    /// - Complexity: looks at the first 80 bytes or so of a decision.
    func scan(_ line: Span<UInt8>) -> ScannedLine {
        var cursor = 0
        guard skip(reply, line, &cursor) else { return scanPush(line) }
        let identifier = Int(truncatingIfNeeded: number(line, &cursor))
        if skip(decision, line, &cursor) {
            let lead = number(line, &cursor)
            guard skip(status, line, &cursor) else { return .unreadable }
            var word = packedWord(line, &cursor)
            if word == rejected {
                guard find(reason, line, &cursor) else { return .unreadable }
                word = packedWord(line, &cursor)
            }
            return .reply(identifier: identifier, number: lead, kind(of: word, or: .unknown))
        }
        if skip(order, line, &cursor) {
            return .reply(identifier: identifier, number: number(line, &cursor), .changed)
        }
        if skip(result, line, &cursor) {
            return .reply(identifier: identifier, number: 0, .changed)
        }
        guard skip(error, line, &cursor) else { return .unreadable }
        guard find(reason, line, &cursor) else {
            return .reply(identifier: identifier, number: 0, .otherError)
        }
        let word = packedWord(line, &cursor)
        return .reply(identifier: identifier, number: 0, kind(of: word, or: .otherError))
    }

    private func scanPush(_ line: Span<UInt8>) -> ScannedLine {
        var cursor = 0
        guard skip(push, line, &cursor) else { return .unreadable }
        var start = cursor
        if find(again, line, &start, within: 120) { return .otherPush }
        start = cursor
        guard find(sale, line, &start, within: 160) else { return scanReservation(line, cursor) }
        guard find(assignment, line, &start) else { return .unreadable }
        let number = number(line, &start)
        guard skip(lead, line, &start) else { return .unreadable }
        return .sale(lead: self.number(line, &start), assignment: number)
    }

    private func scanReservation(_ line: Span<UInt8>, _ start: Int) -> ScannedLine {
        var cursor = start
        guard find(reservation, line, &cursor, within: 160) else { return .otherPush }
        guard find(acceptance, line, &cursor, within: 120) else { return .otherPush }
        guard find(assignment, line, &cursor) else { return .unreadable }
        return .reservation(assignment: number(line, &cursor))
    }

    private func kind(of word: UInt64, or other: AnswerKind) -> AnswerKind {
        for (packed, kind) in words where packed == word { return kind }
        return other
    }

    private func skip(_ text: [UInt8], _ line: Span<UInt8>, _ cursor: inout Int) -> Bool {
        guard line.count - cursor >= text.count else { return false }
        for index in text.indices where line[cursor + index] != text[index] { return false }
        cursor += text.count
        return true
    }

    /// Moves the cursor behind the next `text`, which begins within so many bytes.
    private func find(
        _ text: [UInt8], _ line: Span<UInt8>, _ cursor: inout Int, within limit: Int = .max
    ) -> Bool {
        let end = min(line.count - text.count, limit == .max ? .max : cursor + limit)
        var start = cursor
        while start <= end {
            if line[start] == text[0], skip(text, line, &start) {
                cursor = start
                return true
            }
            start += 1
        }
        return false
    }

    private func number(_ line: Span<UInt8>, _ cursor: inout Int) -> UInt64 {
        var value: UInt64 = 0
        while cursor < line.count, case let digit = line[cursor] &- 0x30, digit < 10 {
            value = value &* 10 &+ UInt64(digit)
            cursor += 1
        }
        return value
    }

    /// The first eight bytes of the word that ends at the next quotation mark.
    private func packedWord(_ line: Span<UInt8>, _ cursor: inout Int) -> UInt64 {
        var packed: UInt64 = 0
        var length = 0
        while cursor < line.count, line[cursor] != UInt8(ascii: "\"") {
            if length < 8 { packed |= UInt64(line[cursor]) << UInt64(8 * length) }
            length += 1
            cursor += 1
        }
        return packed
    }

    private static func packed(_ word: some Sequence<UInt8>) -> UInt64 {
        word.enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
    }
}
