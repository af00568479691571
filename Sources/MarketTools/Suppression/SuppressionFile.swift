/// A list of people who do not want to be contacted, as somebody keeps it: one a line, or in a column of a CSV file.
///
/// A person is a phone number, or an identity of 32 hexadecimal digits as events show it. Blank lines are skipped, and what
/// follows a `#`, too. A line that is neither is kept as a misfit, so that none is lost.
public struct SuppressionFile: Sendable {
    /// A person of the list.
    public struct Entry: Equatable, Sendable {
        /// The line on which they stand, from 1.
        public var line: Int
        /// Who it is.
        public var person: Person
    }

    /// How a list names somebody.
    public enum Person: Hashable, Sendable {
        /// By a phone number, as it is written.
        case phone(String)
        /// By an identity, in lowercase.
        case identity(String)
    }

    /// A line that names nobody.
    public struct Misfit: Equatable, Sendable {
        /// The line, from 1.
        public var line: Int
        /// What is wrong with it.
        public var problem: String
    }

    /// The people, in the order of the file.
    public private(set) var entries: [Entry] = []
    /// The lines that name nobody, in the order of the file.
    public private(set) var misfits: [Misfit] = []

    private static let longestPhone = 40

    /// Reads all of `file`.
    ///
    /// - Parameter column: the column of a CSV file with a header; without it, there is one person a line.
    /// - Throws: ``ToolError`` when the file cannot be read or has no such column.
    public init(_ file: InputFile, column: String? = nil) throws(ToolError) {
        if let column {
            try readColumn(column, of: file)
        } else {
            try readLines(of: file)
        }
    }

    private mutating func readLines(of file: InputFile) throws(ToolError) {
        var reader = LineReader(file)
        while var bytes = try reader.next() {
            if reader.lineNumber == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
                bytes.removeFirst(3)
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                misfits.append(Misfit(line: reader.lineNumber, problem: "is not UTF-8"))
                continue
            }
            let person = Self.trimmed(text.prefix { $0 != "#" })
            if !person.isEmpty { add(person, line: reader.lineNumber) }
        }
    }

    private mutating func readColumn(_ column: String, of file: InputFile) throws(ToolError) {
        var reader = CSVReader(file)
        guard let header = try reader.next(), header.problem == nil,
            let index = header.cells.firstIndex(of: column)
        else { throw .contents(path: file.path, problem: "has no header with a column \(column)") }
        while let row = try reader.next() {
            if let problem = row.problem {
                misfits.append(Misfit(line: row.line, problem: problem))
            } else if row.cells.first?.hasPrefix("#") == true {
                continue
            } else if index < row.cells.count {
                add(Self.trimmed(row.cells[index][...]), line: row.line)
            } else {
                misfits.append(Misfit(line: row.line, problem: "has no cell of \(column)"))
            }
        }
    }

    private mutating func add(_ text: String, line: Int) {
        let isHexadecimal = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20)
        }
        if text.utf8.count == 32, isHexadecimal {
            entries.append(Entry(line: line, person: .identity(text.lowercased())))
        } else if PhoneForm.isPlausible(text), text.utf8.count <= Self.longestPhone {
            entries.append(Entry(line: line, person: .phone(text)))
        } else {
            let problem =
                text.isEmpty
                ? "is empty"
                : text.contains(",")
                    ? "'\(text.prefix(40))' has several cells; name the column with --column"
                    : "'\(text.prefix(40))' is neither a phone number nor an identity"
            misfits.append(Misfit(line: line, problem: problem))
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(
            text.trimmingPrefix { $0.isWhitespace }.reversed().trimmingPrefix { $0.isWhitespace }
                .reversed())
    }
}
