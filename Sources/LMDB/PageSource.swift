import Glibc

/// Reads pages of an environment's file with `pread`.
struct PageSource {
    let descriptor: Int32
    let path: String
    let pageSize: Int
    let fileByteCount: Int

    init(descriptor: Int32, path: String, pageSize: Int) throws(PageCheckError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .failure(LMDBError(code: errno, call: "fstat", path: path))
        }
        self.descriptor = descriptor
        self.path = path
        self.pageSize = pageSize
        fileByteCount = status.st_size
    }

    /// Whether the file reaches to the end of page `number`.
    func holds(_ number: Int) -> Bool {
        number >= 0 && number < fileByteCount / pageSize
    }

    /// Reads page `number`, or `count` pages from there as one.
    func read(_ number: Int, count: Int = 1) throws(PageCheckError) -> PageImage {
        let byteCount = pageSize * count
        var received = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, count in
            repeat {
                received = pread(descriptor, bytes.baseAddress, byteCount, number * pageSize)
            } while received < 0 && errno == EINTR
            count = max(0, received)
        }
        guard received >= 0 else {
            throw .failure(LMDBError(code: errno, call: "pread", path: path))
        }
        guard received == byteCount else {
            throw .fault(PageFault(page: number, reason: .outside, key: nil))
        }
        return PageImage(bytes: bytes)
    }
}
