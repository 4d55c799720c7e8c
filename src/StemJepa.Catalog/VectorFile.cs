using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StemJepa;

/// <summary>
/// A file of vectors in memory-mapped form: rows that the database counts, and checksums that tell whether they are the ones it means.
/// Immutable and thread-safe; shared by snapshots that count their uses.
/// </summary>
internal sealed unsafe class VectorFile
{
    private const string Advice = "restore the folder from a copy, or index the recordings again";
    private static readonly bool IsLittleEndian = BitConverter.IsLittleEndian;

    private readonly CatalogHeader _header;
    private readonly string _path;
    private readonly VectorLayout _layout;
    private readonly SafeFileHandle _file;
    private readonly long _bytes;
    private readonly int[] _verified;
    private readonly Lock _mapping = new();
    private MemoryMappedFile? _map;
    private MemoryMappedViewAccessor? _view;
    private byte* _start;
    private int _uses = 1;

    /// <summary>Opens the file that a catalogue's header names, used once.</summary>
    /// <exception cref="FileNotFoundException">It is not there, or not any more.</exception>
    /// <exception cref="StemJepaException">It is cut off, or another one.</exception>
    internal VectorFile(string folder, CatalogHeader header)
    {
        (_header, _layout) = (header, header.Layout);
        _path = CatalogFiles.Vectors(folder, header.VectorFile);
        _bytes = _layout.FileBytes(header.VectorRows);
        _verified = new int[VectorLayout.Blocks(header.VectorRows)];
        // To open a pipe would wait for its other side.
        if (File.Exists(_path) && RegularFile.TryGetLength(_path) is null)
            throw Damaged("it is empty, or a pipe or device");
        try
        {
            _file = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception error) when (error is IOException and not FileNotFoundException or UnauthorizedAccessException)
        {
            throw Unreadable(error);
        }
        try
        {
            CheckLength();
            var found = new byte[MarkBytes];
            RandomAccess.Read(_file, found, 0);
            if (!IsLittleEndian || !found.AsSpan().SequenceEqual(Mark(header.CatalogId, header.VectorFile)))
                throw Damaged("it is not the one that the catalogue was made with");
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    private const int MarkBytes = 48;

    /// <summary>The file's first bytes.</summary>
    internal static byte[] Mark(string catalogId, long number)
    {
        var mark = new byte[MarkBytes];
        "SJVECTOR"u8.CopyTo(mark);
        Convert.FromHexString(catalogId).CopyTo(mark, 8);
        BinaryPrimitives.WriteInt64LittleEndian(mark.AsSpan(MarkBytes - sizeof(long)), number);
        return mark;
    }

    /// <summary>Whether it serves a later state of the catalogue as well.</summary>
    internal bool Serves(CatalogHeader header) => header.CatalogId == _header.CatalogId && header.VectorFile == _header.VectorFile
        && header.Generation > _header.Generation && _layout.FileBytes(header.VectorRows) == _bytes;

    internal void AddUse() => Interlocked.Increment(ref _uses);

    internal void EndUse()
    {
        if (Interlocked.Decrement(ref _uses) > 0)
            return;
        if (_view is not null)
        {
            if (_start != null)
                _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }
        _map?.Dispose();
        _file.Dispose();
    }

    /// <summary>Every call that reads rows begins with this: beyond the end of the file there is nothing to read.</summary>
    /// <exception cref="StemJepaException">The file has been cut off.</exception>
    internal void Prepare()
    {
        CheckLength();
        lock (_mapping)
        {
            if (_start != null)
                return;
            try
            {
                _map = MemoryMappedFile.CreateFromFile(_file, null, _bytes, MemoryMappedFileAccess.Read, HandleInheritability.None,
                    leaveOpen: true);
                _view = _map.CreateViewAccessor(0, _bytes, MemoryMappedFileAccess.Read);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw Unreadable(error);
            }
            byte* start = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            _start = start;
        }
    }

    /// <summary>The vectors of some rows of one block.</summary>
    internal ReadOnlySpan<byte> Vectors(int first, int count) => Content(_layout.Vector(first), (long)count * _layout.Stride);

    /// <summary>The scales of some rows of one block.</summary>
    internal ReadOnlySpan<float> Scales(int first, int count) =>
        MemoryMarshal.Cast<byte, float>(Content(_layout.Scale(first), (long)count * _layout.ScaleBytes));

    /// <summary>Checks the living ones of a block's rows the first time they are read.</summary>
    /// <exception cref="StemJepaException">One of them is not what was written.</exception>
    internal void VerifyBlock(int first, int count, RowTable rows)
    {
        ref int verified = ref _verified[first / VectorLayout.RowsPerBlock];
        for (int i = Volatile.Read(ref verified); i < count; i++)
        {
            if (rows.Live.Contains(first + i) && VectorRow.CoarseChecksum(Vectors(first + i, 1), ScaleOf(first + i))
                != (uint)(rows.Checksums[first + i] >> 32))
                throw Damaged($"the checksum of row {first + i} is wrong");
        }
        if (count > verified)
            Volatile.Write(ref verified, count);
    }

    /// <summary>Reads a whole row and checks it.</summary>
    /// <exception cref="StemJepaException">It is not what was written.</exception>
    internal VectorRow Row(int row, ulong checksum)
    {
        if (row < 0 || row >= (long)_verified.Length * VectorLayout.RowsPerBlock)
            throw Damaged($"it has no row {row}");
        var found = new VectorRow(Vectors(row, 1).ToArray(),
            _layout.RefinementBytes == 0 ? [] : Content(_layout.Refinement(row), _layout.RefinementBytes).ToArray(), ScaleOf(row));
        return found.Checksum == checksum ? found : throw Damaged($"the checksum of row {row} is wrong");
    }

    private float ScaleOf(int row) => _layout.ScaleBytes > 0 ? Scales(row, 1)[0] : 1;

    private ReadOnlySpan<byte> Content(long start, long length)
    {
        if (start < 0 || length < 0 || start > _bytes - length || _start == null)
            throw Damaged("a row lies outside of it");
        return new ReadOnlySpan<byte>(_start + start, checked((int)length));
    }

    private void CheckLength()
    {
        long bytes = RandomAccess.GetLength(_file);
        if (bytes < _bytes)
            throw Damaged($"it has {bytes} bytes instead of {_bytes}");
    }

    private StemJepaException Unreadable(Exception error) =>
        new($"{_path} cannot be read ({error.Message.TrimEnd('.')}): make it readable.", error, StemJepaErrorKind.Access);

    private StemJepaException Damaged(string found) => new($"{_path} is damaged ({found}): {Advice}.");
}
