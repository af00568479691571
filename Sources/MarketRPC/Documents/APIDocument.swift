import MarketCore

/// The reference of the socket interface, `docs/API.md`, made from the catalogue and the table of errors.
public enum APIDocument {
    /// The whole document in Markdown.
    public static var markdown: String {
        let parts =
            [introduction, conventions, notations, index]
            + nouns.map(section) + [notifications, errors]
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static var nouns: [String] {
        Catalogue.methods.map(\.noun).reduce(into: []) { nouns, noun in
            if !nouns.contains(noun) { nouns.append(noun) }
        }
    }

    private static var index: String {
        let rows = nouns.map { noun in
            let methods = Catalogue.methods.filter { $0.noun == noun }
                .map { "[\($0.verb)](#\($0.anchor))" }
            return "| \(noun) | \(methods.joined(separator: ", ")) |"
        }
        return (["## Methods", "", "| noun | verbs |", "|---|---|"] + rows)
            .joined(separator: "\n")
    }

    private static func section(_ noun: String) -> String {
        Catalogue.methods.filter { $0.noun == noun }.map(section).joined(separator: "\n\n")
    }

    private static func section(_ method: Method) -> String {
        var lines = ["### \(method.name)", "", method.summary, ""]
        lines.append("Roles: \(method.roles.map(\.word).joined(separator: ", ")).")
        if !method.parameters.isEmpty {
            lines += ["", "| parameter | value | meaning |", "|---|---|---|"]
            lines += rows(method.parameters, prefix: "")
        }
        if !method.result.isEmpty {
            lines += ["", "| result | value | meaning |", "|---|---|---|"]
            lines += rows(method.result, prefix: "")
        }
        if !method.errors.isEmpty {
            let reasons = method.errors.map { "`\($0.reason)`" }.joined(separator: ", ")
            lines += ["", "Errors of its own: \(reasons)."]
        }
        lines += ["", "```json", example(method), "```"]
        return lines.joined(separator: "\n")
    }

    /// The method's example as a line to send.
    private static func example(_ method: Method) -> String {
        var writer = JSONWriter()
        writer.request(
            Request(identifier: .integer(1), method: method.name, parameters: method.example))
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// A row for each member, and below it for each member of its own.
    private static func rows(
        _ members: [Member], prefix: String
    ) -> [String] {
        members.flatMap { member -> [String] in
            let path = prefix + member.name
            let mark = member.isRequired ? "" : "?"
            let row =
                "| `\(path)`\(mark) | \(member.type.inWords) | \(member.meaning.inCell) |"
            guard let (inner, suffix) = member.type.innerMembers else { return [row] }
            return [row]
                + rows(inner, prefix: "\(path)\(suffix).")
        }
    }

    private static var notifications: String {
        let parts = [
            (
                "assignment",
                "A reserved or sold lead, for subscribers of assignment.subscribe.",
                Catalogue.assignmentNotification
            ),
            (
                "event", "An event, for subscribers of events.subscribe.",
                Catalogue.eventNotification
            ),
            (
                "alert", "What somebody should look into, for subscribers of alerts.subscribe.",
                Catalogue.alertNotification
            ),
        ]
        let sections = parts.map { name, meaning, members in
            ([
                "### Notification \(name)", "", meaning, "", "| member | value | meaning |",
                "|---|---|---|",
            ]
                + rows(members, prefix: ""))
                .joined(separator: "\n")
        }
        return (["## Notifications"] + sections).joined(separator: "\n\n")
    }

    private static var errors: String {
        let rows = ErrorCode.allCases.map { code in
            let retry = code.definition.isRetryable ? "yes" : "no"
            return
                "| \(code.rawValue) | `\(code.reason)` | \(retry) | \(code.definition.meaning.inCell) |"
        }
        let head = """
            ## Errors

            An error has a `code`, a `message` that says what to do, and `data` with `reason` (a word for programs), \
            `field` (the path of the parameter at fault, such as `filter.region[2]`, where there is one) and \
            `retryable` (whether the same request may succeed later). Codes are never reused.

            Every method may answer `invalidParameters`, `forbidden`, `tooManyInFlight`, `overloaded`, \
            `internalError` and `shuttingDown`; one that changes the market also `storageFull`, \
            `idempotencyMismatch`, `wrongClock` and `timeInPast`; one that looks at it also `positionNotReached`.

            | code | reason | retryable | meaning |
            |---|---|---|---|
            """
        return ([head] + rows).joined(separator: "\n")
    }
}

extension Method {
    /// What a link to the method's heading ends with.
    fileprivate var anchor: String {
        name.lowercased().filter { $0 != "." }
    }
}

extension String {
    /// The text for a cell of a table.
    fileprivate var inCell: String { replacing("|", with: "\\|") }
}

extension ValueType {
    /// The members inside of an object or a list of objects, and what their paths go on with.
    fileprivate var innerMembers: (members: [Member], suffix: String)? {
        switch self {
        case .object(let members): return (members, "")
        case .list(let element, _):
            guard let (members, suffix) = element.innerMembers else { return nil }
            return (members, "[]\(suffix)")
        case .orNull(let type): return type.innerMembers
        case .flag, .integer, .identifier, .name, .text, .phone, .word, .time, .duration, .timeout,
            .weekday, .clockTime, .hexadecimal, .attributes, .filter, .anything:
            return nil
        }
    }

    /// The type for readers.
    public var inWords: String {
        switch self {
        case .flag: "true or false"
        case .integer(let range): Self.inWords(range)
        case .identifier: "integer from 1"
        case .name: "name"
        case .text(let length): "text, \(length.inWords) bytes"
        case .phone: "phone number"
        case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .time: "time"
        case .duration(let forever): forever ? "duration or `forever`" : "duration"
        case .timeout: "true, false or duration"
        case .weekday: "`monday` to `sunday`, or 1 to 7"
        case .clockTime: "time of day, `00:00` to `24:00`"
        case .hexadecimal(let bytes): "\(bytes * 2) hexadecimal digits"
        case .list(let element, let count): "list of \(count.inWords): \(element.inWords)"
        case .object: "object"
        case .attributes: "attributes"
        case .filter: "filter"
        case .orNull(let type): "\(type.inWords), or null"
        case .anything: "object"
        }
    }

    private static func inWords(_ range: ClosedRange<Int64>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (Int64.min, Int64.max), (-maximumIdentifier, maximumIdentifier): "integer"
        case (let least, maximumIdentifier): "integer from \(least)"
        case (let least, let most): "integer, \(least) to \(most)"
        }
    }
}
