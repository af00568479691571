import Glibc

/// The standard output, unbuffered.
public enum StandardOutput {
    /// Writes `text` as it is. When nobody reads any more, as after `| head`, the program ends quietly.
    public static func write(_ text: String) {
        write(Array(text.utf8))
    }

    /// Writes `bytes` as they are.
    public static func write(_ bytes: [UInt8]) {
        guard writeAll(bytes, to: STDOUT_FILENO) else {
            if errno == EPIPE { exit(ExitStatus.success.rawValue) }
            StandardError.write("cannot write to the standard output\n")
            exit(ExitStatus.noInput.rawValue)
        }
    }
}

/// The standard error, unbuffered.
public enum StandardError {
    /// Writes `text` as it is; what cannot be written is lost.
    public static func write(_ text: String) {
        _ = writeAll(Array(text.utf8), to: STDERR_FILENO)
    }
}

/// Writes all bytes; returns whether that worked, with `errno` saying why not.
private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    unsafe bytes.withUnsafeBytes { bytes in
        var rest = unsafe bytes[...]
        while unsafe !rest.isEmpty {
            let piece = unsafe UnsafeRawBufferPointer(rebasing: rest)
            let count = unsafe Glibc.write(descriptor, piece.baseAddress, piece.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            unsafe rest = rest.dropFirst(count)
        }
        return true
    }
}
