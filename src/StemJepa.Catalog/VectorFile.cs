using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StemJepa;

/// <summary>
/// A file of vectors in memory-mapped form: rows that the database counts, and checksums that tell whether they are the ones it means.
/// Thread-safe.
/// </summary>
internal sealed unsafe class VectorFile : IDisposable
{
    private const int MarkBytes = 48;

    private readonly CatalogHeader _header;
    private readonly string _path;
    private readonly VectorLayout _layout;
    private readonly long _bytes;
    private readonly int[] _verified;
    private readonly SafeFileHandle _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _start;

    /// <summary>
    /// Opens the file that a header names, which counts at least one row. What has been verified in an older state's file, which may be the
    /// same, is not verified again.
    /// </summary>
    /// <exception cref="StemJepaException">It is not there (any more), cut off, or another one.</exception>
    internal VectorFile(string folder, CatalogHeader header, VectorFile? before = null)
    {
        (_header, _layout, _path) = (header, header.Layout, CatalogFolder.Vectors(folder, header.VectorFile));
        _bytes = _layout.FileBytes(header.VectorRows);
        _verified = before?.IsOlder(header) == true ? [.. before._verified] : [];
        Array.Resize(ref _verified, VectorLayout.Blocks(header.VectorRows));
        // To open a pipe would wait for its other side.
        if (File.Exists(_path) && RegularFile.TryGetLength(_path) is null)
            throw Damaged("it is empty, or a pipe or device");
        try
        {
            _file = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            CheckLength();
            byte[] found = new byte[MarkBytes];
            RandomAccess.Read(_file, found, 0);
            if (!BitConverter.IsLittleEndian || !found.AsSpan().SequenceEqual(Mark(header.CatalogId, header.VectorFile)))
                throw Damaged("it is not the one that the catalogue was made with");
            // Not its rows alone, since a file that has grown meanwhile cannot be mapped in part.
            using var map = MemoryMappedFile.CreateFromFile(_file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, true);
            _view = map.CreateViewAccessor(0, _bytes, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        }
        catch (FileNotFoundException error)
        {
            throw new StemJepaException($"{_path} is missing: {CatalogFolder.Advice}.", error);
        }
        catch (Exception error)
        {
            Dispose();
            if (error is not (IOException or UnauthorizedAccessException or ArgumentException))
                throw;
            throw new StemJepaException($"{_path} cannot be read ({error.Message.TrimEnd('.')}): make it readable.", error,
                StemJepaErrorKind.Access);
        }
    }

    /// <summary>
    /// Writes rows behind the <paramref name="first"/> ones of a file, which is made anew if these are none, and flushes them to the disk.
    /// They are part of the catalogue once the database says so, and not before.
    /// </summary>
    /// <exception cref="StemJepaException">The file cannot be written.</exception>
    internal static void Append(string folder, CatalogHeader header, long number, int first, IEnumerable<byte[]> rows)
    {
        string path = CatalogFolder.Vectors(folder, number);
        VectorLayout layout = header.Layout;
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, first == 0 ? FileMode.Create : FileMode.Open, FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete);
            if (first == 0)
                RandomAccess.Write(file, Mark(header.CatalogId, number), 0);
            foreach (byte[] row in rows)
            {
                for (int part = 0; part < layout.Parts.Length; part++)
                    RandomAccess.Write(file, row.AsSpan(layout.Parts[part].Start, layout.Parts[part].Bytes), layout.Place(first, part));
                first++;
            }
            if (RandomAccess.GetLength(file) < layout.FileBytes(first))
                RandomAccess.SetLength(file, layout.FileBytes(first));
            RandomAccess.FlushToDisk(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CatalogFolder.Unwritable(path, error);
        }
    }

    /// <summary>Every call that reads rows begins with this: beyond the end of the file there is nothing to read.</summary>
    /// <exception cref="StemJepaException">The file has been cut off.</exception>
    internal void CheckLength()
    {
        long bytes = RandomAccess.GetLength(_file);
        if (bytes < _bytes)
            throw Damaged($"it has {bytes} bytes instead of {_bytes}");
    }

    /// <summary>The vectors of some rows of one block.</summary>
    internal ReadOnlySpan<byte> Vectors(int first, int count) => Content(first, 0, count);

    /// <summary>The scales of some rows of one block.</summary>
    internal ReadOnlySpan<float> Scales(int first, int count) => MemoryMarshal.Cast<byte, float>(Content(first, 2, count));

    /// <summary>Checks the living ones of a block's rows the first time they are read.</summary>
    /// <exception cref="StemJepaException">One of them is not what was written.</exception>
    internal void VerifyBlock(int first, int count, RowTable rows)
    {
        ref int verified = ref _verified[first / VectorLayout.RowsPerBlock];
        for (int row = first + Volatile.Read(ref verified); row < first + count; row++)
        {
            float scale = _layout.IsInt8 ? Scales(row, 1)[0] : 1;
            if (rows.Live[row] && VectorLayout.CoarseChecksum(Vectors(row, 1), scale) != (uint)(rows.Checksums[row] >> 32))
                throw Damaged($"the checksum of row {row} is wrong");
        }
        if (count > verified)
            Volatile.Write(ref verified, count);
    }

    /// <summary>Reads a whole row and checks it.</summary>
    /// <exception cref="StemJepaException">It is not what was written.</exception>
    internal byte[] Row(long row, ulong checksum)
    {
        if (row < 0 || row >= _header.VectorRows)
            throw Damaged($"it has no row {row}");
        byte[] found = new byte[_layout.RowBytes];
        for (int part = 0; part < _layout.Parts.Length; part++)
            Content((int)row, part, 1).CopyTo(found.AsSpan(_layout.Parts[part].Start));
        return _layout.Checksum(found) == checksum ? found : throw Damaged($"the checksum of row {row} is wrong");
    }

    public void Dispose()
    {
        if (_start != null)
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
    }

    /// <summary>The file's first bytes.</summary>
    private static byte[] Mark(string catalogId, long number)
    {
        byte[] mark = new byte[MarkBytes];
        "SJVECTOR"u8.CopyTo(mark);
        Convert.FromHexString(catalogId).CopyTo(mark, 8);
        BinaryPrimitives.WriteInt64LittleEndian(mark.AsSpan(MarkBytes - sizeof(long)), number);
        return mark;
    }

    /// <summary>Whether it serves a later state of the catalogue as well.</summary>
    private bool IsOlder(CatalogHeader header) => (header.CatalogId, header.VectorFile) == (_header.CatalogId, _header.VectorFile)
        && header.Generation > _header.Generation && header.VectorRows >= _header.VectorRows;

    private ReadOnlySpan<byte> Content(int row, int part, int count)
    {
        (long start, long length) = (_layout.Place(row, part), (long)count * _layout.Parts[part].Bytes);
        return row >= 0 && start <= _bytes - length ? new ReadOnlySpan<byte>(_start + start, (int)length)
            : throw Damaged("a row lies outside of it");
    }

    private StemJepaException Damaged(string found) => new($"{_path} is damaged ({found}): {CatalogFolder.Advice}.");
}
