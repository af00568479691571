/// One record of a CSV file.
public struct CSVRow: Equatable, Sendable {
    /// The line on which it begins, from 1.
    public var line: Int
    /// Its cells; empty when there is a ``problem``.
    public var cells: [String]
    /// What is wrong with the quoting or the encoding, if anything.
    public var problem: String?
}

/// Reads comma-separated values (RFC 4180) record by record, in constant memory.
///
/// Cells may be quoted, hold commas, line ends and doubled quotes; records end in CRLF or LF; a
/// byte-order mark and blank lines are skipped. A broken record is given with its problem and the
/// next one starts on the next line, so that one bad row does not hide the rest. SwiftCSV is not used: it
/// takes the whole text as one `String` and stops at the first bad quote.
public struct CSVReader {
    /// The longest record accepted, in bytes: a quote that is never closed must not eat the memory.
    public static let maximumRecordBytes = 1 << 20

    private let file: InputFile
    private var piece: ArraySlice<UInt8> = []
    private var atEnd = false
    private var line = 1
    private var atStart = true

    /// Reads the records of `file`.
    public init(_ file: InputFile) {
        self.file = file
    }

    private enum Quoting { case none, open, closed }

    /// The next record, or `nil` at the end.
    ///
    /// - Throws: ``ToolError`` when the file cannot be read.
    public mutating func next() throws(ToolError) -> CSVRow? {
        if atStart {
            atStart = false
            try skipByteOrderMark()
        }
        while true {
            let firstLine = line
            var record = Record()
            while let byte = try take() {
                if byte == UInt8(ascii: "\n") { line += 1 }
                if record.append(byte) { break }
            }
            if let row = record.finished(line: firstLine) { return row }
            if atEnd { return nil }
        }
    }

    private mutating func take() throws(ToolError) -> UInt8? {
        while piece.isEmpty {
            if atEnd { return nil }
            piece = try file.read()
            atEnd = piece.isEmpty
        }
        return piece.removeFirst()
    }

    private mutating func skipByteOrderMark() throws(ToolError) {
        piece = try file.read()
        atEnd = piece.isEmpty
        if piece.starts(with: [0xEF, 0xBB, 0xBF]) { piece = piece.dropFirst(3) }
    }

    /// A record as far as it has been read.
    private struct Record {
        private var cells: [[UInt8]] = []
        private var cell: [UInt8] = []
        private var quoting = Quoting.none
        private var problem: String?
        private var isBlank = true
        private var size = 0

        /// Takes one byte; returns whether it ends the record.
        mutating func append(_ byte: UInt8) -> Bool {
            size += 1
            if size > CSVReader.maximumRecordBytes, problem == nil {
                problem = "the record is longer than \(CSVReader.maximumRecordBytes) bytes"
            }
            let isLineEnd = byte == UInt8(ascii: "\n")
            if problem != nil { return isLineEnd }
            if quoting == .open {
                if byte == UInt8(ascii: "\"") { quoting = .closed } else { cell.append(byte) }
                return false
            }
            switch byte {
            case UInt8(ascii: "\n"):
                return true
            case UInt8(ascii: ","):
                isBlank = false
                endCell()
            case UInt8(ascii: "\""):
                isBlank = false
                quote()
            case UInt8(ascii: "\r") where quoting == .closed:
                break
            default:
                if quoting == .closed {
                    problem = "there is text after a closing quote"
                } else {
                    if byte != UInt8(ascii: "\r") { isBlank = false }
                    cell.append(byte)
                }
            }
            return false
        }

        private mutating func quote() {
            if quoting == .closed {
                cell.append(UInt8(ascii: "\""))
                quoting = .open
            } else if cell.isEmpty {
                quoting = .open
            } else {
                problem = "there is a quote in the middle of a cell that does not begin with one"
            }
        }

        private mutating func endCell() {
            cells.append(cell)
            cell = []
            quoting = .none
        }

        /// The record, or `nil` when it is a blank line.
        consuming func finished(line: Int) -> CSVRow? {
            if quoting == .open, problem == nil { problem = "a quote is not closed" }
            if let problem { return CSVRow(line: line, cells: [], problem: problem) }
            if isBlank { return nil }
            if quoting == .none, cell.last == UInt8(ascii: "\r") { cell.removeLast() }
            cells.append(cell)
            var texts: [String] = []
            texts.reserveCapacity(cells.count)
            for bytes in cells {
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    return CSVRow(line: line, cells: [], problem: "the row is not UTF-8")
                }
                texts.append(text)
            }
            return CSVRow(line: line, cells: texts, problem: nil)
        }
    }
}
