import CLMDB

extension MDB_val {
    init(_ bytes: UnsafeRawBufferPointer) {
        // LMDB takes a mutable pointer for keys and values alike, and writes to neither.
        self.init(
            mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }

    /// The bytes. The caller ties them to the transaction they belong to.
    var span: RawSpan {
        @_lifetime(immortal)
        get {
            let bytes = UnsafeRawBufferPointer(start: mv_data, count: mv_data == nil ? 0 : mv_size)
            return overrideLifetime(RawSpan(_unsafeBytes: bytes))
        }
    }
}

/// Says that `span` is valid for as long as `owner` is.
@_unsafeNonescapableResult
@_transparent
@_lifetime(borrow owner)
func overrideLifetime<Owner: ~Copyable & ~Escapable>(
    _ span: RawSpan, borrowing owner: borrowing Owner
) -> RawSpan { span }

/// Says that `span` is valid for ever; its user says for how long it really is.
@_unsafeNonescapableResult
@_transparent
@_lifetime(immortal)
func overrideLifetime(_ span: RawSpan) -> RawSpan { span }
