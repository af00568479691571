internal import Glibc

extension FileSystem {
    /// The names of what is in the directory at `path`, in no particular order.
    static func names(in path: String) throws(EventLogError) -> [String] {
        guard let stream = unsafe opendir(path) else { throw .system("opendir", path) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { text in
                    unsafe String(cString: text)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Puts what `write` writes in place of the file at `path`, wholly or not at all: written under
    /// the name `temporary` in the same directory, synced, renamed, and the directory synced.
    static func replace<Value>(
        _ path: String, temporary: String,
        write: (inout NewFile) throws(EventLogError) -> Value
    ) throws(EventLogError) -> Value {
        var file = try NewFile(temporary, mayReplace: true)
        do throws(EventLogError) {
            let value = try write(&file)
            try file.synchronize()
            guard unsafe rename(temporary, path) == 0 else { throw .system("rename", path) }
            try synchronizeDirectory(parent(of: path))
            return value
        } catch {
            // On a full disk it would keep the room that others need.
            _ = unsafe unlink(temporary)
            throw error
        }
    }

    /// Gives the file at `temporary` the name `path`, which must be free, instead.
    static func name(_ path: String, for temporary: String) throws(EventLogError) {
        guard unsafe access(path, F_OK) != 0 else {
            try remove(temporary)
            throw .file(call: "rename", path: path, code: EEXIST)
        }
        guard unsafe rename(temporary, path) == 0 else { throw .system("rename", path) }
        try synchronizeDirectory(parent(of: path))
    }

    /// Runs `fill` on what was made at `path` just now; where it fails, that is deleted again.
    static func filling(
        _ path: String, _ fill: () throws(EventLogError) -> Void
    ) throws(EventLogError) {
        do throws(EventLogError) {
            try fill()
        } catch {
            try? remove(path)
            throw error
        }
    }

    /// Deletes the file at `path`; one that is gone already is no error.
    static func remove(_ path: String) throws(EventLogError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .system("unlink", path) }
    }
}

/// A file being written, closed when the value goes.
struct NewFile: ~Copyable {
    private let path: String
    private let descriptor: Int32

    /// Makes the file at `path`, empty.
    ///
    /// - Parameter mayReplace: whether there may be one, whose contents are lost.
    init(_ path: String, mayReplace: Bool) throws(EventLogError) {
        self.path = path
        descriptor = try Self.create(path, mayReplace ? O_TRUNC : O_EXCL)
    }

    private static func create(_ path: String, _ flag: Int32) throws(EventLogError) -> Int32 {
        let descriptor = unsafe open(
            path, O_WRONLY | O_CREAT | flag | O_CLOEXEC, mode_t(0o640))
        guard descriptor >= 0 else { throw .system("open", path) }
        return descriptor
    }

    deinit { close(descriptor) }

    /// Writes all of `bytes` at `offset`.
    mutating func write(_ bytes: RawSpan, at offset: Int) throws(EventLogError) {
        var done = 0
        while done < bytes.byteCount {
            let written = unsafe bytes.extracting(done...).withUnsafeBytes { rest in
                unsafe pwrite(descriptor, rest.baseAddress, rest.count, offset + done)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw .system("pwrite", path)
            }
            done += written
        }
    }

    /// Waits until what was written is on disk.
    mutating func synchronize() throws(EventLogError) {
        guard fdatasync(descriptor) == 0 else { throw .system("fdatasync", path) }
    }

    /// Says that what was synced will not be read soon, so that it takes no memory from what is.
    func leaveCache() {
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    }
}
