public import MarketCore

/// The market's secret: 32 random bytes, made with the market, never changed, never in the log.
///
/// Identities depend on it, so without it nobody can go through the phone numbers (R4.1).
public struct MarketSecret: Sendable {
    static let byteCount = 32

    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        precondition(bytes.count == Self.byteCount, "a secret has 32 bytes")
        self.bytes = bytes
    }

    /// Makes a new secret and writes it to `path`, where there is none, for its owner alone: wholly, or not
    /// at all.
    ///
    /// - Throws: ``EventLogError/file(call:path:code:)``.
    public static func create(at path: String) throws(EventLogError) -> MarketSecret {
        var random = RandomSource()
        let drawn = try random.next32Bytes()
        let secret = unsafe drawn.span.bytes.withUnsafeBytes { unsafe MarketSecret([UInt8]($0)) }
        let unfinished = path + ".temporary"
        try FileSystem.remove(unfinished)
        try secret.write(to: unfinished)
        try FileSystem.name(path, for: unfinished)
        return secret
    }

    /// Reads the secret at `path`.
    ///
    /// - Throws: ``EventLogError/noFile(path:)``, ``EventLogError/exposedKeys(path:)``, or
    ///   ``EventLogError/damagedKeys(path:slot:)`` when it has not 32 bytes.
    public init(path: String) throws(EventLogError) {
        let file = try KeyFile(path, .read)
        let bytes = try file.read(Self.byteCount + 1, at: 0)
        guard bytes.count == Self.byteCount else { throw .damagedKeys(path: path, slot: nil) }
        self.bytes = bytes
    }

    /// Reads the secret at `path` and checks that it is the one the market was created with.
    ///
    /// - Throws: what ``init(path:)`` throws, or ``EventLogError/wrongSecret(path:)``.
    public init(path: String, fingerprint: Bytes16) throws(EventLogError) {
        try self.init(path: path)
        guard self.fingerprint == fingerprint else { throw .wrongSecret(path: path) }
    }

    /// Copies the secret to the new file `path`, which is on disk when this returns.
    public func backup(to path: String) throws(EventLogError) { try write(to: path) }

    private func write(to path: String) throws(EventLogError) {
        let file = try KeyFile(path, .create)
        try FileSystem.filling(path) { () throws(EventLogError) in
            try file.write(unsafe bytes.span.bytes, at: 0)
            try file.synchronize()
            try FileSystem.synchronizeDirectory(FileSystem.parent(of: path))
        }
    }

    /// What the log keeps of the secret: the first 16 bytes of SHA-256 of
    /// `leadmarket secret fingerprint 1`, a zero byte and the secret.
    public var fingerprint: Bytes16 {
        let digest = sha256(Array("leadmarket secret fingerprint 1\0".utf8), bytes)
        return unsafe Bytes16(digest.span.bytes, at: 0)
    }
}

extension MarketSecret: CustomStringConvertible {
    /// Never the secret, so that no log or error message can hold it.
    public var description: String { "MarketSecret" }
}
