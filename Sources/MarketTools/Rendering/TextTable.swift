/// A table of text with aligned columns, for terminals and logs.
public struct TextTable: Sendable {
    /// A column: its heading, and on which side its cells stand.
    public enum Column: Sendable {
        /// Text.
        case left(String)
        /// Numbers.
        case right(String)

        fileprivate var heading: String {
            switch self {
            case .left(let heading), .right(let heading): heading
            }
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    /// An empty table.
    public init(columns: [Column]) {
        self.columns = columns
    }

    /// Whether there is no row.
    public var isEmpty: Bool { rows.isEmpty }

    /// Adds a row; cells that are missing stay blank. Line ends and other controls in cells are shown as blanks.
    public mutating func add(_ cells: [String]) {
        precondition(cells.count <= columns.count, "more cells than columns")
        let shown = cells.map { cell in
            String(cell.map { $0.unicodeScalars.allSatisfy { $0.value < 0x20 } ? " " : $0 })
        }
        rows.append(shown + Array(repeating: "", count: columns.count - cells.count))
    }

    /// The table with its headings and a rule under them, each line ended.
    public var rendered: String {
        let all = [columns.map(\.heading)] + rows
        let widths = columns.indices.map { index in
            all.reduce(0) { max($0, displayWidth($1[index])) }
        }
        var text = line(all[0], widths)
        text += widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ") + "\n"
        for row in rows { text += line(row, widths) }
        return text
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[index] - displayWidth(cell))
            if index > 0 { line += "  " }
            if case .right = columns[index] {
                line += padding + cell
            } else {
                line += cell + padding
            }
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}
