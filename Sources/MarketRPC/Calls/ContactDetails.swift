/// How to reach a person: what is sealed with a lead and disclosed at its release (R4.2).
public struct ContactDetails: Hashable, Sendable {
    /// The phone number's digits, without separators and country code.
    public var phone: String
    /// The person's name; at most ``maximumNameBytes``.
    public var name: String?
    /// What else the advisor should know; at most ``maximumNoteBytes``.
    public var note: String?

    /// The longest name, in bytes of UTF-8.
    public static let maximumNameBytes = 64
    /// The longest note, in bytes of UTF-8.
    public static let maximumNoteBytes = 256

    /// Makes contact details.
    public init(phone: String, name: String? = nil, note: String? = nil) {
        self.phone = phone
        self.name = name
        self.note = note
    }
}

// The plain text of the seal: protocol-buffer fields 1 phone, 2 name, 3 note, all strings; below 512 bytes.
extension ContactDetails {
    /// The bytes to seal.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(
            9 + phone.utf8.count + (name?.utf8.count ?? 0) + (note?.utf8.count ?? 0))
        Self.append(1, phone, to: &bytes)
        if let name { Self.append(2, name, to: &bytes) }
        if let note { Self.append(3, note, to: &bytes) }
        return bytes
    }

    private static func append(_ number: UInt8, _ text: String, to bytes: inout [UInt8]) {
        let length = text.utf8.count
        precondition(length < 1 << 14, "contact details are short")
        bytes.append(number << 3 | 2)
        if length < 0x80 {
            bytes.append(UInt8(length))
        } else {
            bytes.append(UInt8(length & 0x7F) | 0x80)
            bytes.append(UInt8(length >> 7))
        }
        bytes.append(contentsOf: text.utf8)
    }

    /// Reads what ``encoded`` wrote, or returns `nil` for other bytes.
    public init?(encoded bytes: [UInt8]) {
        var (phone, name, note): (String?, String?, String?)
        let bytes = bytes.span
        var place = 0
        while place < bytes.count {
            let tag = bytes[place]
            guard tag & 7 == 2, place + 1 < bytes.count else { return nil }
            var length = Int(bytes[place + 1] & 0x7F)
            let isLong = bytes[place + 1] & 0x80 != 0
            let start = place + (isLong ? 3 : 2)
            guard start <= bytes.count else { return nil }
            if isLong {
                guard bytes[place + 2] < 0x80 else { return nil }
                length |= Int(bytes[place + 2]) << 7
            }
            place = start + length
            guard place <= bytes.count,
                let text = try? UTF8Span(validating: bytes.extracting(start..<place))
            else { return nil }
            switch tag >> 3 {
            case 1: phone = String(copying: text)
            case 2: name = String(copying: text)
            case 3: note = String(copying: text)
            default: break
            }
        }
        guard let phone else { return nil }
        self.init(phone: phone, name: name, note: note)
    }
}

extension JSONWriter {
    /// Writes contact details as an object.
    public mutating func contact(_ contact: ContactDetails) {
        beginObject()
        name("phone")
        string(contact.phone)
        if let personName = contact.name {
            name("name")
            string(personName)
        }
        if let note = contact.note {
            name("note")
            string(note)
        }
        endObject()
    }
}
