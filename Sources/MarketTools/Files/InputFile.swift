import CZlib
import Glibc

/// A file to be read once from its beginning, decompressed on the way when it is gzip.
///
/// Several gzip members one after the other read as one file; a file cut off in the middle is an
/// error and not a short file. Confined to one thread.
@safe
public final class InputFile {
    /// The path it was opened by; `-` is the standard input.
    public let path: String

    private let handle: gzFile
    private var buffer = [UInt8](repeating: 0, count: 128 * 1024)

    /// Opens the file at `path`, or the standard input when `path` is `-`.
    ///
    /// - Throws: ``ToolError/file(path:problem:)``.
    public init(path: String) throws(ToolError) {
        let opened: gzFile?
        if path == "-" {
            unsafe opened = gzdopen(dup(STDIN_FILENO), "rb")
        } else {
            unsafe opened = gzopen(path, "rb")
        }
        guard let opened = unsafe opened else {
            throw .file(path: path, problem: Self.problem(errno))
        }
        self.path = path
        unsafe handle = opened
        unsafe gzbuffer(opened, 128 * 1024)
    }

    deinit {
        unsafe gzclose_r(handle)
    }

    /// The next piece of the contents; empty at the end.
    ///
    /// - Throws: ``ToolError/file(path:problem:)`` when it cannot be read or is damaged.
    public func read() throws(ToolError) -> ArraySlice<UInt8> {
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe Int(gzread(handle, bytes.baseAddress, UInt32(bytes.count)))
        }
        var code: Int32 = Z_OK
        let message = unsafe gzerror(handle, &code)
        if code == Z_BUF_ERROR {
            throw .contents(path: path, problem: "ends in the middle of its compressed data")
        }
        guard count >= 0, code == Z_OK || code == Z_STREAM_END else {
            let text = unsafe code == Z_ERRNO ? nil : message.map { unsafe String(cString: $0) }
            throw .file(path: path, problem: text ?? Self.problem(errno))
        }
        return buffer[..<count]
    }

    private static func problem(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
