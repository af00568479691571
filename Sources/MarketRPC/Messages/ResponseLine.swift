public import NIOCore

/// A look at a response's line that is enough for a load driver and does not parse it.
public enum ResponseLine {
    private static let start = Array(#"{"jsonrpc":"2.0","id":"#.utf8)
    private static let error = Array(#","error":"#.utf8)

    /// The integer identifier and whether the response is an error.
    ///
    /// - Returns: `nil` for notifications, batches, other identifiers and lines this package did not write: parse those.
    /// - Complexity: looks at the first 40 bytes or so.
    public static func summary(of line: ByteBuffer) -> (identifier: Int64, isError: Bool)? {
        let view = line.readableBytesView
        guard view.count > start.count, view.prefix(start.count).elementsEqual(start) else {
            return nil
        }
        var position = view.startIndex + start.count
        var value: Int64 = 0
        var digits = 0
        while position < view.endIndex, digits < 18, (0x30...0x39).contains(view[position]) {
            value = value * 10 + Int64(view[position] - 0x30)
            position += 1
            digits += 1
        }
        guard digits > 0, position < view.endIndex, view[position] == UInt8(ascii: ",") else {
            return nil
        }
        return (value, view[position...].prefix(error.count).elementsEqual(error))
    }
}
