import MarketRPC

/// A file of leads made into a workload: requests in the order of their times, and the rows that did not fit.
public struct ImportedWorkload: Sendable {
    /// A row that does not fit the mapping.
    public struct Reject: Equatable, Sendable {
        /// The line on which it begins.
        public var line: Int
        /// Why not.
        public var problem: String
    }

    /// How many rows there were, the header not counted.
    public private(set) var rowCount = 0
    /// The rows that do not fit, in the order of the file.
    public private(set) var rejects: [Reject] = []
    /// When the last request is due, in microseconds; `nil` when there is none.
    public private(set) var lastMicroseconds: Int64?
    /// The requests, in the order of their times, then of the file.
    public private(set) var lines: [WorkloadLine] = []

    /// Reads all of `file`.
    ///
    /// The file need not be sorted: all its requests are kept, as text, until the last row has been read.
    /// - Parameter keyPrefix: what the idempotency keys begin with; rows read again under the same one are not sold again.
    /// - Throws: ``ToolError`` when the file cannot be read or lacks a column.
    public init(
        _ file: InputFile, mapping: ImportMapping, keyPrefix: String
    ) throws(ToolError) {
        var reader = CSVReader(file)
        guard let header = try reader.next() else {
            throw .contents(path: file.path, problem: "is empty; a header was expected")
        }
        if let problem = header.problem {
            throw .line(path: file.path, line: header.line, problem: problem)
        }
        let mapper = try RowMapper(mapping: mapping, header: header, path: file.path)
        var dated: [(microseconds: Int64, line: WorkloadLine)] = []
        while let row = try reader.next() {
            rowCount += 1
            do throws(RowMapper.Misfit) {
                for request in try mapper.requests(for: row) {
                    let line = Self.line(request, number: row.line, keyPrefix: keyPrefix)
                    dated.append((request.microseconds, line))
                }
            } catch {
                rejects.append(Reject(line: row.line, problem: error.problem))
            }
        }
        let order = dated.indices.sorted {
            (dated[$0].microseconds, $0) < (dated[$1].microseconds, $1)
        }
        lastMicroseconds = order.last.map { dated[$0].microseconds }
        lines = order.map { dated[$0].line }
    }

    private static func line(
        _ request: RowMapper.TimedRequest, number: Int, keyPrefix: String
    ) -> WorkloadLine {
        var parameters = request.parameters
        parameters["at"] = .string(RFC3339.format(request.microseconds))
        parameters["idempotencyKey"] = .string("\(keyPrefix)-\(request.label)")
        return WorkloadLine(
            number: number, label: request.label, method: request.method, parameters: parameters)
    }
}
