import MarketRPC

extension Method {
    /// Where `result` differs from what the catalogue promises; empty when it does not.
    func mismatches(in result: JSONValue) -> [String] {
        ValueType.object(self.result).mismatches(in: result, at: .root)
    }
}

extension ValueType {
    /// Where `value` at `path` is not of this type.
    func mismatches(in value: JSONValue, at path: FieldPath) -> [String] {
        switch (self, value) {
        case (.object(let members), .object(let object)):
            return Self.mismatches(in: object, members: members, at: path)
        case (.list(let element, let count), .array(let elements)):
            let length = count.contains(elements.count) ? [] : ["\(path): \(elements.count) long"]
            return length
                + elements.enumerated().flatMap { index, value in
                    element.mismatches(in: value, at: path.element(index))
                }
        case (.orNull(let type), _):
            return value == .null ? [] : type.mismatches(in: value, at: path)
        default:
            return accepts(value) ? [] : ["\(path): \(value) is no \(inWords)"]
        }
    }

    private static func mismatches(
        in object: JSONObject, members: [Member], at path: FieldPath
    ) -> [String] {
        let names = members.map(\.name)
        var found = object.members.filter { !names.contains($0.name) }
            .map { "\(path.member($0.name)): not in the catalogue" }
        for member in members {
            let place = path.member(member.name)
            if let value = object[member.name] {
                found += member.type.mismatches(in: value, at: place)
            } else if member.isRequired {
                found.append("\(place): missing")
            }
        }
        return found
    }

    /// Whether a value without parts is of this type.
    private func accepts(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.flag, .bool), (.attributes, .object), (.filter, .object), (.anything, _):
            return true
        case (.integer(let range), .integer(let integer)):
            return range.contains(integer)
        case (.identifier, .integer(let integer)):
            return (1...maximumIdentifier).contains(integer)
        case (.text(let length), .string(let text)):
            return length.contains(text.utf8.count)
        case (.name, .string(let text)):
            return (1...64).contains(text.utf8.count)
        case (.phone, .string(let text)):
            return !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        case (.word(let words), .string(let text)):
            return words.contains(text)
        case (.time, .string(let text)):
            return RFC3339.parse(text) != nil && text.hasSuffix("Z")
        case (.duration(let forever), .string(let text)):
            return DurationText.parse(text) != nil || (forever && text == DurationText.forever)
        case (.weekday, .string(let text)):
            return Weekday(word: text) != nil
        case (.clockTime, .string(let text)):
            return ClockText.parse(text) != nil
        case (.timeout, .string(let text)):
            return DurationText.parse(text) != nil
        case (.hexadecimal(let bytes), .string(let text)):
            return text.utf8.count == bytes * 2 && text.allSatisfy(\.isHexDigit)
        default:
            return false
        }
    }
}
