/// Says that `span` is valid for as long as `owner` is.
@unsafe
@_unsafeNonescapableResult
@_transparent
@_lifetime(borrow owner)
func overrideLifetime<Owner: ~Copyable & ~Escapable>(
    _ span: RawSpan, borrowing owner: borrowing Owner
) -> RawSpan { span }
