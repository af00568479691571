import MarketRPC
import MarketWorkload

/// Turns rows into requests, one row at a time.
struct RowMapper: Sendable {
    /// A request and when it is to be sent.
    struct TimedRequest: Sendable {
        var microseconds: Int64
        var label: String
        var method: String
        var parameters: JSONObject
    }

    /// Why a row does not fit.
    struct Misfit: Error, Equatable {
        var problem: String
    }

    private let mapping: ImportMapping
    private let columns: [String: Int]
    private let columnCount: Int

    /// Makes a mapper for a file with this header.
    ///
    /// - Throws: ``ToolError`` when a column of the mapping is missing or one stands twice.
    init(mapping: ImportMapping, header: CSVRow, path: String) throws(ToolError) {
        self.mapping = mapping
        columnCount = header.cells.count
        var columns: [String: Int] = [:]
        for (index, name) in header.cells.enumerated() {
            guard columns.updateValue(index, forKey: name) == nil else {
                throw .line(
                    path: path, line: header.line, problem: "the column \(name) stands twice")
            }
        }
        self.columns = columns
        for name in mapping.columnsRead where columns[name] == nil {
            throw .line(path: path, line: header.line, problem: "there is no column \(name)")
        }
    }

    /// The requests of one row: its lead, then its reports in the order of their times.
    ///
    /// - Throws: ``Misfit`` with the column and the cell.
    func requests(for row: CSVRow) throws(Misfit) -> [TimedRequest] {
        if let problem = row.problem { throw Misfit(problem: problem) }
        guard row.cells.count == columnCount else {
            throw Misfit(problem: "has \(row.cells.count) cells and the header \(columnCount)")
        }
        let label = "row-\(row.line)"
        var random = SplitMix64(seed: mapping.seed, text: row.cells.joined(separator: "\u{1F}"))
        let (arrival, date) = try arrival(of: row, using: &random)
        let submission = TimedRequest(
            microseconds: arrival, label: label, method: "lead.submit",
            parameters: try submission(row, arrival: arrival, date: date))
        return [submission]
            + reports(row, label: label, arrival: arrival, using: &random)
    }

    private func cell(_ row: CSVRow, _ column: String) -> String {
        columns[column].map { row.cells[$0] } ?? ""
    }

    private func arrival(
        of row: CSVRow, using random: inout SplitMix64
    ) throws(Misfit) -> (microseconds: Int64, date: CivilTime) {
        let time = mapping.time
        let text = cell(row, time.column)
        guard let date = time.format.parse(text) else {
            throw Misfit(problem: "\(time.column): '\(text)' is no date of the format")
        }
        let madeUp = random.integer(in: time.secondsOfDay)
        let seconds =
            date.daysSinceEpoch * 86_400 + (date.secondOfDay ?? madeUp) - time.offsetMinutes * 60
        return (Int64(seconds) * 1_000_000, date)
    }

    private func submission(
        _ row: CSVRow, arrival: Int64, date: CivilTime
    ) throws(Misfit) -> JSONObject {
        let channel = cell(row, mapping.channel.column)
        guard let name = mapping.channel.name(for: channel) else {
            throw Misfit(problem: "\(mapping.channel.column): no channel for '\(channel)'")
        }
        var parameters: JSONObject = [
            "channel": .string(name), "phone": .string(try phone(of: row)),
        ]
        var attributes = JSONObject()
        for attribute in mapping.attributes {
            guard let value = try value(of: attribute, in: row, on: date) else { continue }
            attributes.members.append(JSONMember(name: attribute.name, value: value))
        }
        parameters["attributes"] = .object(attributes)
        if let consent = mapping.consent {
            var record: JSONObject = [
                "givenAt": .string(RFC3339.format(arrival)),
                "agreementSha256": .string(consent.agreementSHA256),
            ]
            if !consent.institutions.isEmpty {
                record["institutions"] = .array(consent.institutions.map { .string($0) })
            }
            parameters["consent"] = .object(record)
        }
        var contact = JSONObject()
        for (name, column) in [("name", mapping.contact.name), ("note", mapping.contact.note)] {
            guard let column, !cell(row, column).isEmpty else { continue }
            contact[name] = .string(cell(row, column))
        }
        if !contact.members.isEmpty { parameters["contact"] = .object(contact) }
        return parameters
    }

    private func phone(of row: CSVRow) throws(Misfit) -> String {
        switch mapping.contact.phone {
        case .column(let column):
            let phone = cell(row, column)
            guard !phone.isEmpty else { throw Misfit(problem: "\(column): there is no phone") }
            return phone
        case .made(let column, let prefix, let length):
            let text = cell(row, column)
            guard !text.isEmpty else {
                throw Misfit(problem: "\(column): is empty, so no phone can be made of it")
            }
            var random = SplitMix64(seed: mapping.seed, text: text)
            var phone = prefix
            while phone.utf8.count < length { phone += String(random.integer(below: 10)) }
            return phone
        }
    }

    private func value(
        of attribute: ImportMapping.Attribute, in row: CSVRow, on date: CivilTime
    ) throws(Misfit) -> JSONValue? {
        let text = cell(row, attribute.column)
        func misfit(_ problem: String) -> Misfit {
            Misfit(problem: "\(attribute.column): '\(text)' \(problem)")
        }
        if case .choice(let choice) = attribute.conversion {
            if let name = choice.name(for: text) { return .string(name) }
            if text.isEmpty { return nil }
            throw misfit("is not among the values")
        }
        if text.isEmpty { return nil }
        switch attribute.conversion {
        case .integer(let scale, let minimum, let maximum, let clamps):
            guard let number = DecimalText(text) else { throw misfit("is no decimal number") }
            guard let value = (scale.map { number.multiplied(by: $0) } ?? number).rounded else {
                throw misfit("is too large")
            }
            return .integer(
                try bounded(value, minimum, maximum, clamps: clamps, misfit: misfit))
        case .age(let format, let minimum, let maximum, let clamps):
            guard let birth = format.parse(text) else { throw misfit("is no date of the format") }
            let age = date.yearsSince(birth)
            guard age >= 0 else { throw misfit("is a birth after the arrival") }
            return .integer(
                try bounded(Int64(age), minimum, maximum, clamps: clamps, misfit: misfit))
        case .flag(let yes, let no):
            if yes.contains(text) { return .bool(true) }
            if no.contains(text) { return .bool(false) }
            throw misfit("is neither a yes nor a no")
        case .region(let prefix, let suffix, let removing):
            let code = text.hasPrefix(removing) ? String(text.dropFirst(removing.count)) : text
            return .string(prefix + code + suffix)
        case .choice:
            return nil
        }
    }

    private func bounded(
        _ value: Int64, _ minimum: Int64?, _ maximum: Int64?, clamps: Bool,
        misfit: (String) -> Misfit
    ) throws(Misfit) -> Int64 {
        if let minimum, value < minimum {
            guard clamps else { throw misfit("is \(value), below \(minimum)") }
            return minimum
        }
        if let maximum, value > maximum {
            guard clamps else { throw misfit("is \(value), above \(maximum)") }
            return maximum
        }
        return value
    }

    /// A report names its assignment by the label of its lead; of a lead that is not sold at once, nothing is reported.
    private func reports(
        _ row: CSVRow, label: String, arrival: Int64, using random: inout SplitMix64
    ) -> [TimedRequest] {
        var requests: [TimedRequest] = []
        var last = arrival
        let assignment = JSONValue.string("$assignment:\(label)")
        if let report = mapping.contactReport,
            let outcome = report.values[cell(row, report.column)],
            let delay = report.delays[outcome]
        {
            let firstCall = arrival + delay.microseconds(using: &random)
            last = firstCall + 60_000_000
            requests.append(
                TimedRequest(
                    microseconds: last, label: "\(label)-contact",
                    method: "assignment.reportContact",
                    parameters: [
                        "assignment": assignment,
                        "firstCallAt": .string(RFC3339.format(firstCall)),
                        "attempts": .integer(Int64(random.integer(in: report.attempts))),
                        "outcome": .string(outcome),
                    ]))
        }
        if let report = mapping.stageReport {
            let text = cell(row, report.column)
            guard report.passed.contains(text) || report.failed.contains(text) else {
                return requests
            }
            requests.append(
                TimedRequest(
                    microseconds: last + report.delay.microseconds(using: &random),
                    label: "\(label)-stage", method: "assignment.reportStage",
                    parameters: [
                        "assignment": assignment, "stage": .string(report.stage),
                        "passed": .bool(report.passed.contains(text)),
                    ]))
        }
        return requests
    }
}

extension ImportMapping {
    /// Every column the mapping reads.
    fileprivate var columnsRead: [String] {
        var names = [time.column, channel.column] + attributes.map(\.column)
        switch contact.phone {
        case .column(let column), .made(let column, _, _): names.append(column)
        }
        names += [contact.name, contact.note, contactReport?.column, stageReport?.column]
            .compactMap(\.self)
        return names
    }
}
