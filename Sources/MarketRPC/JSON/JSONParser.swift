import CSimdJSON
public import NIOCore

/// Why a text is no acceptable JSON document.
public enum JSONError: Error, Sendable, Equatable {
    /// The text does not follow the JSON grammar.
    case malformed
    /// The text or an escaped string in it is not valid UTF-8.
    case invalidUTF8
    /// Arrays and objects are nested deeper than the parser's limit.
    case tooDeep
    /// A number fits neither 64 bits nor, with a fraction or exponent, a double.
    case numberOutOfRange
    /// There was no memory for the document.
    case outOfMemory
}

/// A JSON parser with reusable buffers, on simdjson's DOM interface: every value is validated, read or not.
///
/// Confined to one thread. Its buffers grow to about 20 times the largest document seen, so keep one per event loop,
/// not one per connection.
@safe
public final class JSONParser {
    /// The nesting limit when none is given: 64 arrays or objects.
    public static let defaultMaximumDepth = 64

    private let handle: OpaquePointer

    /// A parsed document.
    public struct Document: Sendable, Equatable {
        /// The root value.
        public let value: JSONValue
        /// Whether some object has two members of one name; ``JSONValue/firstDuplicate()`` tells which.
        public let hasDuplicates: Bool
    }

    /// Makes a parser.
    ///
    /// - Parameter maximumDepth: how many arrays and objects may be open at once.
    public init(maximumDepth: Int = defaultMaximumDepth) {
        guard let handle = unsafe leadmarket_json_parser_create(UInt32(maximumDepth)) else {
            preconditionFailure("no memory for a JSON parser")
        }
        unsafe self.handle = handle
    }

    deinit {
        unsafe leadmarket_json_parser_destroy(handle)
    }

    /// Parses one document.
    ///
    /// - Throws: ``JSONError``; the parser stays usable.
    /// - Complexity: linear in the number of bytes.
    public func parse(_ bytes: ByteBuffer) throws(JSONError) -> Document {
        try unsafe bytes.withUnsafeReadableBytes {
            (bytes: UnsafeRawBufferPointer) throws(JSONError) in
            try unsafe parse(bytes: bytes)
        }
    }

    /// Parses one document.
    ///
    /// - Throws: ``JSONError``; the parser stays usable.
    public func parse(_ bytes: [UInt8]) throws(JSONError) -> Document {
        try unsafe bytes.withUnsafeBufferPointer {
            (bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) in
            try unsafe parse(bytes: UnsafeRawBufferPointer(bytes))
        }
    }

    /// Parses one document.
    ///
    /// - Throws: ``JSONError``; the parser stays usable.
    public func parse(_ text: String) throws(JSONError) -> Document {
        try parse(Array(text.utf8))
    }

    private func parse(bytes: UnsafeRawBufferPointer) throws(JSONError) -> Document {
        guard let base = bytes.baseAddress, bytes.count > 0 else { throw .malformed }
        let document = unsafe leadmarket_json_parse(
            handle, base.assumingMemoryBound(to: UInt8.self), bytes.count)
        switch unsafe Int(document.status) {
        case LEADMARKET_JSON_OK: break
        case LEADMARKET_JSON_INVALID_UTF8: throw .invalidUTF8
        case LEADMARKET_JSON_TOO_DEEP: throw .tooDeep
        case LEADMARKET_JSON_NUMBER_OUT_OF_RANGE: throw .numberOutOfRange
        case LEADMARKET_JSON_OUT_OF_MEMORY: throw .outOfMemory
        default: throw .malformed
        }
        var reader = unsafe NodeReader(document: document)
        return unsafe Document(value: reader.next(), hasDuplicates: document.has_duplicates != 0)
    }
}

/// Builds the tree from the nodes of one document, which it reads once, in order.
///
/// Node indexes are checked here; string offsets come from the parser, whose buffer outlives this reader.
@safe
private struct NodeReader {
    private let nodes: UnsafeBufferPointer<leadmarket_json_node>
    private let strings: UnsafePointer<UInt8>
    private var position = 0

    init(document: leadmarket_json_document) {
        unsafe nodes = UnsafeBufferPointer(start: document.nodes, count: Int(document.node_count))
        unsafe strings = document.strings
    }

    mutating func next() -> JSONValue {
        let node = take()
        switch Int(node.kind) {
        case LEADMARKET_JSON_NULL: return .null
        case LEADMARKET_JSON_FALSE: return .bool(false)
        case LEADMARKET_JSON_TRUE: return .bool(true)
        case LEADMARKET_JSON_INTEGER: return .integer(Int64(bitPattern: node.value))
        case LEADMARKET_JSON_UNSIGNED: return .unsigned(node.value)
        case LEADMARKET_JSON_DOUBLE: return .double(Double(bitPattern: node.value))
        case LEADMARKET_JSON_STRING: return .string(text(of: node))
        case LEADMARKET_JSON_ARRAY:
            var elements: [JSONValue] = []
            elements.reserveCapacity(Int(node.length))
            for _ in 0..<node.length { elements.append(next()) }
            return .array(elements)
        case LEADMARKET_JSON_OBJECT:
            var members: [JSONMember] = []
            members.reserveCapacity(Int(node.length))
            for _ in 0..<node.length {
                let name = text(of: take())
                members.append(JSONMember(name: name, value: next()))
            }
            return .object(JSONObject(members))
        default: preconditionFailure("unknown kind of JSON node")
        }
    }

    private mutating func take() -> leadmarket_json_node {
        unsafe precondition(
            position < nodes.count, "a JSON container counts more nodes than there are")
        defer { position += 1 }
        return unsafe nodes[position]
    }

    private func text(of node: leadmarket_json_node) -> String {
        let bytes = unsafe UnsafeBufferPointer(
            start: strings + Int(node.value), count: Int(node.length))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
