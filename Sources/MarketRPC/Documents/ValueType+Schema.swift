import MarketCore

extension ValueType {
    /// Which way a value goes: requests may write some values in more ways than replies do.
    enum Direction {
        /// In a request.
        case request
        /// In a reply.
        case reply
    }

    /// The type as a JSON Schema.
    func schema(_ direction: Direction) -> JSONObject {
        switch self {
        case .flag:
            return ["type": "boolean"]
        case .integer(let range):
            return Self.integerSchema(range)
        case .identifier:
            return Self.integerSchema(1...maximumIdentifier)
        case .name:
            return ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"]
        case .text(let length):
            return [
                "type": "string", "description": .string("\(length.inWords) bytes of UTF-8"),
                "maxLength": .integer(Int64(length.upperBound)),
            ]
        case .phone:
            return ["type": "string", "maxLength": .integer(Int64(Parameters.maximumPhoneBytes))]
        case .word(let words):
            return ["type": "string", "enum": .array(words.map(JSONValue.string))]
        case .time:
            let text: JSONObject = ["type": "string", "format": "date-time"]
            if direction == .reply { return text }
            return ["oneOf": [.object(text), .object(Self.integerSchema(marketTimes))]]
        case .duration(let forever):
            return Self.durationSchema(forever: forever)
        case .timeout:
            return ["oneOf": [["type": "boolean"], .object(Self.durationSchema(forever: false))]]
        case .weekday:
            let word: JSONObject = [
                "type": "string", "enum": .array(Weekday.words.map(JSONValue.string)),
            ]
            if direction == .reply { return word }
            return ["oneOf": [.object(word), .object(Self.integerSchema(1...7))]]
        case .clockTime:
            return [
                "type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
            ]
        case .hexadecimal(let bytes):
            return ["type": "string", "pattern": .string("^[0-9A-Fa-f]{\(bytes * 2)}$")]
        case .list(let element, let count):
            return [
                "type": "array", "items": .object(element.schema(direction)),
                "minItems": .integer(Int64(count.lowerBound)),
                "maxItems": .integer(Int64(count.upperBound)),
            ]
        case .object(let members):
            return Self.objectSchema(members, direction)
        case .attributes:
            return [
                "type": "object",
                "additionalProperties": ["type": ["boolean", "integer", "string"]],
            ]
        case .filter:
            return [
                "type": "object",
                "additionalProperties": ["type": ["boolean", "object", "string", "array"]],
            ]
        case .orNull(let type):
            return ["oneOf": [.object(type.schema(direction)), ["type": "null"]]]
        case .anything:
            return [:]
        }
    }

    /// The schema of an object with these members.
    static func objectSchema(_ members: [Member], _ direction: Direction) -> JSONObject {
        var properties = JSONObject()
        for member in members {
            var schema = member.type.schema(direction)
            schema["description"] = .string(member.meaning)
            properties.members.append(JSONMember(name: member.name, value: .object(schema)))
        }
        let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
        var schema: JSONObject = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { schema["required"] = .array(required) }
        if direction == .request { schema["additionalProperties"] = false }
        return schema
    }

    private static func durationSchema(forever: Bool) -> JSONObject {
        let pattern = "[0-9]+(us|ms|s|m|h|d)"
        return [
            "type": "string",
            "pattern": .string(forever ? "^(\(pattern)|forever)$" : "^\(pattern)$"),
        ]
    }

    private static func integerSchema(_ range: ClosedRange<Int64>) -> JSONObject {
        [
            "type": "integer", "minimum": .integer(range.lowerBound),
            "maximum": .integer(range.upperBound),
        ]
    }
}

extension ClosedRange {
    /// The range for readers: `1 to 64`, or one number.
    var inWords: String {
        lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound) to \(upperBound)"
    }
}
