import Crypto
import Foundation
public import MarketRPC

extension ImportMapping {
    /// Reads the mapping file at `path`.
    ///
    /// - Throws: ``ToolError`` naming the member at fault; unknown members are faults too.
    public init(path: String) throws(ToolError) {
        try self.init(YAMLFile.read(path: path), path: path)
    }

    /// Reads a mapping out of YAML that was parsed already; `path` is what messages call the file.
    ///
    /// - Throws: ``ToolError``.
    public init(_ value: JSONValue, path: String) throws(ToolError) {
        do throws(RPCError) {
            guard case .object(let object) = value else {
                throw RPCError.invalidParameter(.root, "must be a mapping.")
            }
            try self.init(Parameters(object))
        } catch {
            throw .mapping(path: path, member: error.field ?? "", problem: error.message)
        }
    }

    private init(_ members: consuming Parameters) throws(RPCError) {
        seed = UInt64(try members.optionalInteger("seed", in: 0...Int64.max) ?? 1)
        time = try Self.time(members.object("time"))
        channel = try Self.choice(members.object("channel"))
        contact = try Self.contact(members.object("contact"))
        if let consent = try members.optionalObject("consent") {
            self.consent = try Self.consent(consent)
        }
        var fields = try members.object("attributes")
        attributes = []
        for name in fields.unreadNames {
            attributes.append(try Self.attribute(name, fields.object(name)))
        }
        if var reports = try members.optionalObject("reports") {
            if let contact = try reports.optionalObject("contact") {
                contactReport = try Self.contactOutcome(contact)
            }
            if let stage = try reports.optionalObject("stage") {
                stageReport = try Self.stageOutcome(stage)
            }
            try reports.finish()
        }
        try members.finish()
    }

    private static func time(_ members: consuming Parameters) throws(RPCError) -> ArrivalTime {
        let column = try members.string("column", length: 1...256)
        let format = try dateFormat(&members)
        let offset = try members.string("offset", length: 6...6)
        guard let zero = RFC3339.parse("1970-01-01T00:00:00\(offset)") else {
            throw .invalidParameter(members.path.member("offset"), "must be such as +08:00.")
        }
        var seconds = 0...86_399
        if var day = try members.optionalObject("timeOfDay") {
            let from = try secondOfDay(&day, "from")
            let to = try secondOfDay(&day, "to")
            guard from < to else {
                throw .invalidParameter(day.path.member("to"), "must be later than from.")
            }
            seconds = from...to
            try day.finish()
        }
        try members.finish()
        return ArrivalTime(
            column: column, format: format, offsetMinutes: Int(-zero / 60_000_000),
            secondsOfDay: seconds)
    }

    private static func secondOfDay(
        _ members: inout Parameters, _ name: String
    ) throws(RPCError) -> Int {
        let text = try members.string(name, length: 5...8)
        let full = text.utf8.count == 5 ? text + ":00" : text
        guard let time = RFC3339.parse("1970-01-01T\(full)Z") else {
            throw .invalidParameter(members.path.member(name), "must be a time such as \"08:30\".")
        }
        return Int(time / 1_000_000)
    }

    private static func dateFormat(_ members: inout Parameters) throws(RPCError) -> DateFormat {
        let pattern = try members.string("format", length: 1...64)
        let pivot = try members.optionalInteger("pivot", in: 0...99).map { Int($0) }
        do throws(DateFormat.Fault) {
            return try DateFormat(pattern, pivot: pivot)
        } catch {
            throw .invalidParameter(members.path.member("format"), error.problem + ".")
        }
    }

    private static func contact(_ members: consuming Parameters) throws(RPCError) -> Contact {
        var phone = try members.object("phone")
        let source: Phone
        if var made = try phone.optionalObject("made") {
            let from = try made.string("from", length: 1...256)
            let prefix = try made.string("prefix", length: 1...16)
            let length = Int(try made.optionalInteger("length", in: 5...20) ?? 11)
            guard prefix.utf8.count < length else {
                throw .invalidParameter(made.path.member("prefix"), "leaves no digits to make up.")
            }
            try made.finish()
            source = .made(from: from, prefix: prefix, length: length)
        } else {
            source = .column(try phone.string("column", length: 1...256))
        }
        try phone.finish()
        let name = try members.optionalString("name", length: 1...256)
        let note = try members.optionalString("note", length: 1...256)
        try members.finish()
        return Contact(phone: source, name: name, note: note)
    }

    private static func consent(_ members: consuming Parameters) throws(RPCError) -> ConsentRecord {
        let agreement = try members.string("agreement", length: 1...1_000_000)
        let names = try members.optionalStrings("institutions", count: 1...64, length: 1...128)
        try members.finish()
        let digest = SHA256.hash(data: Data(agreement.utf8))
        let hex = digest.map { String(UInt32($0) + 0x100, radix: 16).dropFirst() }.joined()
        return ConsentRecord(agreementSHA256: hex, institutions: names ?? [])
    }

    private static func choice(_ members: consuming Parameters) throws(RPCError) -> Choice {
        let column = try members.string("column", length: 1...256)
        let choice = try choice(&members, column: column)
        try members.finish()
        return choice
    }

    private static func choice(
        _ members: inout Parameters, column: String
    ) throws(RPCError) -> Choice {
        Choice(
            column: column, values: try words(&members, "values"),
            prefix: try members.optionalString("prefix", length: 1...64),
            otherwise: try members.optionalString("default", length: 1...64))
    }

    /// A mapping from cells to words; a cell may be written as a number or a truth value.
    private static func words(
        _ members: inout Parameters, _ name: String
    ) throws(RPCError) -> [String: String] {
        guard var words = try members.optionalObject(name) else { return [:] }
        var result: [String: String] = [:]
        for cell in words.unreadNames {
            result[cell] = try words.string(cell, length: 1...64)
        }
        return result
    }

    private static func attribute(
        _ name: String, _ members: consuming Parameters
    ) throws(RPCError) -> Attribute {
        let column = try members.string("column", length: 1...256)
        let kind = try members.optionalWord("kind", as: Kind.self) ?? .integer
        let conversion: Conversion
        switch kind {
        case .integer:
            let bounds = try bounds(&members)
            conversion = .integer(
                scale: try scale(&members), minimum: bounds.minimum, maximum: bounds.maximum,
                clamps: bounds.clamps)
        case .age:
            let bounds = try bounds(&members)
            conversion = .age(
                try dateFormat(&members), minimum: bounds.minimum, maximum: bounds.maximum,
                clamps: bounds.clamps)
        case .flag:
            conversion = .flag(
                yes: Set(try members.strings("yes", count: 1...64, length: 0...64)),
                no: Set(try members.optionalStrings("no", count: 1...64, length: 0...64) ?? []))
        case .choice:
            conversion = .choice(try choice(&members, column: column))
        case .region:
            conversion = .region(
                prefix: try members.optionalString("prefix", length: 1...12) ?? "",
                suffix: try members.optionalString("suffix", length: 1...12) ?? "",
                removing: try members.optionalString("remove", length: 1...12) ?? "")
        }
        try members.finish()
        return Attribute(name: name, column: column, conversion: conversion)
    }

    private enum Kind: String, CaseIterable { case integer, age, flag, choice, region }

    private static func bounds(
        _ members: inout Parameters
    ) throws(RPCError) -> (minimum: Int64?, maximum: Int64?, clamps: Bool) {
        let minimum = try members.optionalInteger("minimum", in: Int64.min...Int64.max)
        let maximum = try members.optionalInteger("maximum", in: Int64.min...Int64.max)
        if let minimum, let maximum, minimum > maximum {
            throw .invalidParameter(members.path.member("maximum"), "is below the minimum.")
        }
        return (minimum, maximum, try members.optionalBool("clamp") ?? false)
    }

    /// A factor, written as an integer or as quoted decimal text: YAML's own decimals are binary fractions.
    private static func scale(_ members: inout Parameters) throws(RPCError) -> DecimalText? {
        guard let value = members.optionalValue("scale") else { return nil }
        let text = value.integer.map(String.init) ?? value.string
        guard let scale = text.flatMap({ DecimalText($0) }) else {
            throw .invalidParameter(
                members.path.member("scale"), "must be an integer, or decimal text in quotes.")
        }
        return scale
    }

    private static func contactOutcome(
        _ members: consuming Parameters
    ) throws(RPCError) -> ContactOutcome {
        let column = try members.string("column", length: 1...256)
        let values = try words(&members, "values")
        var spreads = try members.object("delays")
        var delays: [String: DelaySpread] = [:]
        for outcome in Set(values.values).sorted() {
            delays[outcome] = try delaySpread(&spreads, outcome)
        }
        try spreads.finish()
        let attempts = try members.optionalInteger("maximumAttempts", in: 1...1_000) ?? 1
        try members.finish()
        return ContactOutcome(
            column: column, values: values, delays: delays, attempts: 1...Int(attempts))
    }

    private static func stageOutcome(
        _ members: consuming Parameters
    ) throws(RPCError) -> StageOutcome {
        let outcome = StageOutcome(
            column: try members.string("column", length: 1...256),
            stage: try members.string("stage", length: 1...64),
            passed: Set(
                try members.optionalStrings("passed", count: 1...64, length: 0...64) ?? []),
            failed: Set(
                try members.optionalStrings("failed", count: 1...64, length: 0...64) ?? []),
            delay: try delaySpread(&members, "delay"))
        try members.finish()
        return outcome
    }

    private static func delaySpread(
        _ members: inout Parameters, _ name: String
    ) throws(RPCError) -> DelaySpread {
        var ranges: [DelaySpread.Range] = []
        var start = 1
        for var range in try members.objects(name, count: 1...32) {
            let text = try range.string("upTo", length: 2...20)
            guard let duration = DurationText.seconds(text), duration >= start else {
                throw .invalidParameter(
                    range.path.member("upTo"),
                    "must be a duration such as 90s, 5m, 24h or 3d, longer than the one before.")
            }
            let weight = Int(try range.integer("weight", in: 1...1_000_000))
            ranges.append(DelaySpread.Range(seconds: start...duration, weight: weight))
            start = duration + 1
            try range.finish()
        }
        return DelaySpread(ranges: ranges)
    }
}

/// Durations of whole seconds as text: a number and one of `s`, `m`, `h`, `d`.
enum DurationText {
    /// The seconds that `text` stands for, at most 100 years; `nil` when it is no duration.
    static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let last = text.last, let unit = units[last],
            let count = Int(text.dropLast()), (1...3_153_600_000).contains(count)
        else { return nil }
        let (seconds, overflows) = count.multipliedReportingOverflow(by: unit)
        return overflows || seconds > 3_153_600_000 ? nil : seconds
    }
}
