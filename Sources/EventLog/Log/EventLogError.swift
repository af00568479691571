internal import Glibc
public import LMDB
public import MarketCore

/// What can go wrong with a log and its key files. Every description says what to do.
public enum EventLogError: Error, Hashable, Sendable {
    /// There is no log in the directory.
    case noLog(path: String)
    /// There is no file, and it must not be made again.
    case noFile(path: String)
    /// The directory is open already in this process.
    case alreadyOpen(path: String)
    /// The log was opened for reading only.
    case readOnly(path: String)
    /// The log, or a record of it, is of a format newer than this program.
    case newerFormat(path: String, found: Int, known: Int)
    /// An event is of a type or version that only a newer program knows.
    case newerEvent(path: String, position: LogPosition, type: UInt16, version: UInt16)
    /// The log is damaged at a position; ``LogPosition/start`` when no single record is at fault.
    case damaged(path: String, position: LogPosition, damage: RecordDamage)
    /// A key file is damaged: at a slot, or nil when it is the file as a whole.
    case damagedKeys(path: String, slot: Int?)
    /// Others than its owner may read a key file.
    case exposedKeys(path: String)
    /// Another daemon has a key file.
    case keysInUse(path: String)
    /// Contact data is longer than ``ContactSealer/maximumByteCount``.
    case contactTooLong(byteCount: Int)
    /// A batch does not continue the log.
    case notNext(expected: LogPosition, given: LogPosition)
    /// The log has no record at the position.
    case noRecord(position: LogPosition, head: LogPosition)
    /// The map is full.
    case mapFull(path: String)
    /// A copy was ended before it was whole, because nobody wants it any more.
    case givenUp(path: String)
    /// A directory that must be empty is not.
    case notEmpty(path: String)
    /// The secret is not the one that the market was created with.
    case wrongSecret(path: String)
    /// A sealed contact does not open with its key.
    case sealBroken
    /// libcrypto failed to seal, or to draw random bytes.
    case cryptography(call: String)
    /// LMDB failed.
    case storage(LMDBError)
    /// A call of the system failed.
    case file(call: String, path: String, code: Int32)
}

extension EventLogError {
    /// A word for each case that never changes.
    public var reason: String {
        switch self {
        case .noLog: "noLog"
        case .noFile: "noFile"
        case .alreadyOpen: "alreadyOpen"
        case .readOnly: "readOnly"
        case .newerFormat: "newerFormat"
        case .newerEvent: "newerEvent"
        case .damaged: "damaged"
        case .damagedKeys: "damagedKeys"
        case .exposedKeys: "exposedKeys"
        case .keysInUse: "keysInUse"
        case .contactTooLong: "contactTooLong"
        case .notNext: "notNext"
        case .noRecord: "noRecord"
        case .mapFull: "mapFull"
        case .givenUp: "givenUp"
        case .notEmpty: "notEmpty"
        case .wrongSecret: "wrongSecret"
        case .sealBroken: "sealBroken"
        case .cryptography: "cryptography"
        case .storage: "storage"
        case .file: "file"
        }
    }

    /// Whether a call failed because the disk, or what its user may have of it, is full.
    public var isDiskFull: Bool {
        let code: Int32
        switch self {
        case .file(_, _, let failed): code = failed
        case .storage(let error): code = error.code
        case .noLog, .noFile, .alreadyOpen, .readOnly, .newerFormat, .newerEvent, .damaged,
            .damagedKeys, .exposedKeys, .keysInUse, .contactTooLong, .notNext, .noRecord, .mapFull,
            .givenUp, .notEmpty, .wrongSecret, .sealBroken, .cryptography:
            return false
        }
        return code == ENOSPC || code == EDQUOT
    }

    /// Makes an error of a failed LMDB call, naming the cases that have a meaning of their own.
    init(_ error: LMDBError) {
        if error.isMapFull {
            self = .mapFull(path: error.path)
        } else if error.isCorruption {
            self = .damaged(path: error.path, position: .start, damage: .page(code: error.code))
        } else if error.code == EBUSY, error.call == "mdb_env_open" {
            self = .alreadyOpen(path: error.path)
        } else {
            self = .storage(error)
        }
    }

    /// Makes an error of a check of pages, located by the first position on the page.
    init(_ error: PageCheckError, _ path: String) {
        switch error {
        case .fault(let fault):
            self = .damaged(
                path: path, position: fault.key.map { LogPosition($0) } ?? .start,
                damage: .structure(fault))
        case .failure(let error):
            self = EventLogError(error)
        }
    }

    /// Makes an error of `errno`, which must not have been touched since the call.
    static func system(_ call: String, _ path: String) -> EventLogError {
        .file(call: call, path: path, code: errno)
    }
}

/// Runs calls of LMDB, whose errors become those of the log.
func storage<Value: ~Copyable>(
    _ body: () throws(LMDBError) -> Value
) throws(EventLogError) -> Value {
    do {
        return try body()
    } catch {
        throw EventLogError(error)
    }
}

extension EventLogError: CustomStringConvertible {
    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .noLog(let path):
            "There is no log in \(path). Check the path, or create the market first."
        case .noFile(let path):
            "\(path) is missing. It cannot be made again: restore it from a backup."
        case .alreadyOpen(let path):
            "\(path) is open already in this process. Close it there first."
        case .readOnly(let path):
            "The log in \(path) was opened for reading only. Open it for writing to append."
        case .newerFormat(let path, let found, let known):
            """
            \(path) has format \(found) and this program knows formats up to \(known). \
            Use the newer leadmarket that wrote it; nothing was changed.
            """
        case .newerEvent(let path, let position, let type, let version):
            """
            The log in \(path) holds an event of type \(type) version \(version) at position \
            \(position.rawValue), which this program does not know. Use the newer leadmarket that \
            wrote it; nothing was changed.
            """
        case .damaged(let path, let position, let damage):
            """
            The log in \(path) is damaged\(position == .start ? "" : " at position \(position.rawValue)"): \
            \(damage). Do not start a market on it; keep a copy, restore the last backup, and \
            run `leadreplay verify` on both.
            """
        case .damagedKeys(let path, let slot):
            """
            \(path) is damaged\(slot.map { " at slot \($0)" } ?? ""). Contacts sealed with lost \
            keys cannot be read again: restore the file from the backup that belongs to the log.
            """
        case .exposedKeys(let path):
            "\(path) can be read by others than its owner. Run `chmod 600` on it, then start again."
        case .keysInUse(let path):
            """
            Another leadmarketd has \(path), and each market has keys of its own. Stop it first, or name \
            another directory.
            """
        case .contactTooLong(let byteCount):
            """
            The contact has \(byteCount) bytes, at most \(ContactSealer.maximumByteCount) are \
            allowed. Shorten its note.
            """
        case .notNext(let expected, let given):
            "The log goes on at position \(expected.rawValue), and the batch starts at \(given.rawValue)."
        case .noRecord(let position, let head):
            "There is no record at position \(position.rawValue); the log ends at \(head.rawValue)."
        case .mapFull(let path):
            "The map of \(path) is full. Stop, raise the map size in the configuration, start."
        case .givenUp(let path):
            "\(path) is not whole: copying was ended. Copy again."
        case .notEmpty(let path):
            "\(path) is not empty. Name a new or empty directory."
        case .wrongSecret(let path):
            """
            \(path) is not the secret that this market was created with. Restore the right one \
            from a backup: identities cannot be computed without it.
            """
        case .sealBroken:
            "The contact does not open with its key: one of them is damaged or of another lead."
        case .cryptography(let call):
            """
            libcrypto's \(call) failed. Check that OpenSSL 3 and its default provider are installed, and \
            that the machine has memory left.
            """
        case .storage(let error):
            "\(error). Check the disk and the directory's owner, then start again."
        case .file(let call, let path, let code):
            unsafe """
            \(call) on \(path) failed: \(String(cString: strerror(code))) (code \(code)). Check that \
            the place exists, may be written by the daemon's user, and has room.
            """
        }
    }
}
