/// The lines of an ``InputFile``, numbered from 1, without their line ends (LF or CRLF).
public struct LineReader {
    /// The longest line accepted, in bytes.
    public static let maximumLineBytes = 16 << 20

    private let file: InputFile
    private var pending: [UInt8] = []
    private var start = 0
    private var atEnd = false

    /// The number of the line read last; 0 before the first.
    public private(set) var lineNumber = 0

    /// Reads the lines of `file`.
    public init(_ file: InputFile) {
        self.file = file
    }

    /// The next line, or `nil` at the end. A last line without a line end counts.
    ///
    /// - Throws: ``ToolError`` when the file cannot be read or a line is too long.
    public mutating func next() throws(ToolError) -> [UInt8]? {
        var searched = start
        while true {
            if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                lineNumber += 1
                return Self.trimmed(pending[start..<end])
            }
            if atEnd {
                guard start < pending.count else { return nil }
                defer { start = pending.count }
                lineNumber += 1
                return Self.trimmed(pending[start...])
            }
            pending.removeFirst(start)
            start = 0
            searched = pending.count
            guard searched <= Self.maximumLineBytes else {
                throw .line(
                    path: file.path, line: lineNumber + 1,
                    problem: "is longer than \(Self.maximumLineBytes) bytes")
            }
            let piece = try file.read()
            atEnd = piece.isEmpty
            pending += piece
        }
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> [UInt8] {
        Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }
}
