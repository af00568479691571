/// How a field's value is laid out (Protocol Buffers, "Encoding").
enum WireType: UInt8 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
}
