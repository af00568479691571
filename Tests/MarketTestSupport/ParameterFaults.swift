public import MarketRPC

/// One way to make a method's example wrong, and the member that must then be named.
public struct ParameterFault: Sendable {
    /// What is wrong.
    public var what: String
    /// The path of the member that is.
    public var field: String
    /// The parameters with the fault.
    public var parameters: JSONObject

    /// Both in a few words.
    public var testDescription: String { "\(field) \(what)" }
}

/// Makes every fault of every parameter of a method out of its entry in the catalogue.
public struct ParameterFaults {
    /// The faults.
    public private(set) var found: [ParameterFault] = []
    private let example: JSONObject

    /// Makes those of `method`.
    public init(_ method: Method) {
        example = method.example
        var unknown = method.example
        unknown["nobodyReadsThis"] = 1
        found.append(
            ParameterFault(what: "unknown", field: "nobodyReadsThis", parameters: unknown))
        members(method.allParameters, of: method.example, at: [])
    }

    /// A step from a value to a value inside of it.
    private enum Step {
        case member(String)
        case element(Int)
    }

    private mutating func members(_ members: [Member], of object: JSONObject, at path: [Step]) {
        for member in members {
            let place = path + [.member(member.name)]
            if member.isRequired { add("missing", nil, at: place) }
            faults(of: member.type, in: object[member.name], at: place)
        }
    }

    /// The faults of one value; `value` is what the example has there.
    private mutating func faults(of type: ValueType, in value: JSONValue?, at path: [Step]) {
        for wrong in Self.ofWrongKind(for: type) { add("of wrong kind", wrong, at: path) }
        parts(of: type, in: value, at: path)
    }

    /// The faults of a value besides its kind.
    private mutating func parts(of type: ValueType, in value: JSONValue?, at path: [Step]) {
        for wrong in Self.outOfRange(for: type) { add("out of range", wrong, at: path) }
        switch type {
        case .object(let inner):
            guard let object = value?.object else { return }
            add("unknown", 1, at: path + [.member("nobodyReadsThis")])
            members(inner, of: object, at: path)
        case .list(let element, let count):
            guard let elements = value?.array else { return }
            let many = Array(repeating: elements.first ?? "x", count: count.upperBound + 1)
            add("too long", .array(many), at: path)
            if count.lowerBound > 0 { add("too short", [], at: path) }
            for index in elements.indices {
                faults(of: element, in: elements[index], at: path + [.element(index)])
            }
        case .orNull(let inner):
            parts(of: inner, in: value, at: path)
        case .attributes:
            for (name, wrong) in Self.attributeFaults {
                add("of no such value", wrong, at: path + [.member(name)])
            }
        case .filter:
            for (name, wrong) in Self.conditionFaults {
                add("of no such condition", wrong, at: path + [.member(name)])
            }
        case .flag, .integer, .identifier, .name, .text, .phone, .word, .time, .duration, .timeout,
            .weekday, .clockTime, .hexadecimal, .anything:
            break
        }
    }

    /// Values that the attributes of the sample market do not take.
    private static let attributeFaults: [(String, JSONValue)] = [
        ("noSuchAttribute", 1), ("no name", 1), ("ownsHouse", 1), ("ownsHouse", nil), ("age", 17),
        ("age", 71), ("age", "34"), ("age", .double(34)), ("employment", "astronaut"),
        ("employment", 0), ("region", "3"), ("region", "33010"), ("region", "33-106"),
        ("region", 330_106), ("region", []), ("age", [:]),
    ]

    /// Conditions that are malformed whatever the market declares.
    private static let conditionFaults: [(String, JSONValue)] = [
        ("ownsHouse", nil), ("age", 34), ("age", .double(3)), ("employment", []),
        ("region", .array(Array(repeating: "33", count: 1_025))),
    ]

    private static func ofWrongKind(for type: ValueType) -> [JSONValue] {
        let kinds: [(Kind, JSONValue)] = [
            (.null, nil), (.flag, true), (.number, 1), (.fraction, .double(1.5)), (.text, "x"),
            (.list, []), (.object, [:]),
        ]
        let allowed: Set<Kind>
        switch type {
        case .flag: allowed = [.flag]
        case .integer, .identifier: allowed = [.number]
        case .name, .text, .phone, .word, .duration, .clockTime, .hexadecimal: allowed = [.text]
        case .timeout: allowed = [.flag, .text]
        case .weekday: allowed = [.number, .text]
        case .time: allowed = [.number, .text]
        case .list: allowed = [.list]
        case .object, .attributes, .filter: allowed = [.object]
        case .orNull(let inner):
            return ofWrongKind(for: inner).filter { $0 != .null }
        case .anything: return []
        }
        return kinds.filter { !allowed.contains($0.0) }.map(\.1)
    }

    private enum Kind {
        case null, flag, number, fraction, text, list, object
    }

    private static func outOfRange(for type: ValueType) -> [JSONValue] {
        switch type {
        case .integer(let range):
            var wrong: [JSONValue] = [.unsigned(UInt64.max)]
            if range.lowerBound > Int64.min { wrong.append(.integer(range.lowerBound - 1)) }
            if range.upperBound < Int64.max { wrong.append(.integer(range.upperBound + 1)) }
            return wrong
        case .identifier:
            return [0, -1, .integer(maximumIdentifier + 1), .unsigned(UInt64.max)]
        case .name:
            return ["", "a b", "住房", "a/b", .string(String(repeating: "a", count: 65))]
        case .text(let length):
            let long = JSONValue.string(String(repeating: "a", count: length.upperBound + 1))
            return length.lowerBound > 0 ? ["", long] : [long]
        case .phone:
            return ["", "12", "23800138000", .string(String(repeating: "1", count: 33))]
        case .word: return ["", "noSuchWord"]
        case .time:
            return [
                "", "yesterday", "2026-02-30T00:00:00Z", "2026-11-21T20:00:00", -1,
                "1969-12-31T23:59:59Z", .integer(Int64.max), .unsigned(UInt64.max),
            ]
        case .timeout: return ["", "soon", "forever", "-5m", "0s"]
        case .weekday: return ["", "day", "Monday", 0, 8]
        case .clockTime: return ["", "9", "9:00", "24:01", "12:60", "-1:00", "12:00:00"]
        case .duration(let forever):
            let wrong: [JSONValue] = [
                "", "5", "m", "5w", "5 m", "-5m", "1.5h", "36501d", "99999999999999999999d",
                "9999999999999d",
            ]
            return forever ? wrong : wrong + ["forever"]
        case .hexadecimal(let bytes):
            let count = bytes * 2
            return [
                "", .string(String(repeating: "a", count: count - 1)),
                .string(String(repeating: "a", count: count + 1)),
                .string(String(repeating: "g", count: count)),
            ]
        case .flag, .list, .object, .attributes, .filter, .orNull, .anything:
            return []
        }
    }

    private mutating func add(_ what: String, _ value: JSONValue?, at path: [Step]) {
        guard let changed = Self.placed(value, at: path[...], in: .object(example)).object else {
            return
        }
        let text = value.map { String(decoding: $0.encoded.prefix(40), as: UTF8.self) } ?? ""
        found.append(
            ParameterFault(what: "\(what) \(text)", field: Self.field(path), parameters: changed))
    }

    private static func field(_ path: [Step]) -> String {
        var field = FieldPath.root
        for step in path {
            switch step {
            case .member(let name): field = field.member(name)
            case .element(let index): field = field.element(index)
            }
        }
        return field.description
    }

    /// `root` with `value`, or nothing, at `path`.
    private static func placed(
        _ value: JSONValue?, at path: ArraySlice<Step>, in root: JSONValue?
    ) -> JSONValue {
        guard let step = path.first else { return value ?? .null }
        let rest = path.dropFirst()
        switch step {
        case .member(let name):
            var object = root?.object ?? JSONObject()
            object[name] =
                rest.isEmpty ? value : placed(value, at: rest, in: object[name])
            return .object(object)
        case .element(let index):
            var elements = root?.array ?? []
            elements[index] = placed(value, at: rest, in: elements[index])
            return .array(elements)
        }
    }
}
