using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>
/// A segment in memory-mapped form. Every block is checked against its checksum when it is first read, so that damage is an error and never
/// a wrong answer. Immutable and thread-safe; shared by snapshots that count their uses.
/// </summary>
internal sealed unsafe class Segment : IRowSource
{
    private readonly string _path;
    private readonly CatalogPrecision _precision;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SegmentHeader _header;
    private readonly byte* _content;
    private readonly byte[] _isChecked;
    private int _uses = 1;

    /// <summary>Opens the segment that a manifest names, used once.</summary>
    /// <exception cref="FileNotFoundException">It is not there, or not any more.</exception>
    /// <exception cref="StemJepaException">It is cut off, damaged, or another one.</exception>
    internal Segment(string folder, ManifestSegment named, CatalogPrecision precision, int length)
    {
        _path = CatalogFiles.Segment(folder, named.Number);
        _precision = precision;
        Number = named.Number;
        (_file, long bytes) = Map(_path);
        try
        {
            _view = _file.CreateViewAccessor(0, bytes, MemoryMappedFileAccess.Read);
            byte* start = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            _header = Unsafe.ReadUnaligned<SegmentHeader>(start);
            _content = start + SegmentHeader.Bytes;
            Rows = named.Rows;
            Layout = CheckHeader(named, precision, length, bytes);
            CheckTable();
            _isChecked = new byte[Layout.Blocks];
        }
        catch
        {
            Close();
            throw;
        }
    }

    internal long Number { get; }

    internal int Rows { get; }

    internal SegmentLayout Layout { get; }

    internal void AddUse() => Interlocked.Increment(ref _uses);

    internal void EndUse()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
            Close();
    }

    /// <summary>The vectors of some rows, with their padding.</summary>
    internal ReadOnlySpan<byte> Vectors(int first, int count) => Content((long)first * Layout.Stride, count * Layout.Stride);

    /// <summary>The scales of some rows.</summary>
    internal ReadOnlySpan<float> Scales(int first, int count) =>
        MemoryMarshal.Cast<byte, float>(Content(Layout.Scales + (long)first * sizeof(float), count * sizeof(float)));

    /// <summary>The record of one row, where it lies.</summary>
    internal ref readonly EntryRecord RecordAt(int row) =>
        ref MemoryMarshal.AsRef<EntryRecord>(Content(Layout.Records + (long)row * EntryRecord.Bytes, EntryRecord.Bytes));

    /// <summary>The rows that might have this id, the newest last.</summary>
    internal IEnumerable<int> RowsOf(byte[] id)
    {
        ulong from = IdColumn.Key(id, 0);
        int low = 0;
        for (int high = Rows; low < high;)
        {
            int middle = low + (high - low) / 2;
            if (IdKey(middle) < from)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < Rows; low++)
        {
            ulong key = IdKey(low);
            int row = IdColumn.RowOf(key);
            if (key >> 32 != from >> 32)
                yield break;
            if ((uint)row >= (uint)Rows)
                throw Damaged("an id belongs to no row");
            if (EntryCode.Id(RecordAt(row), Text(row)).SequenceEqual(id))
                yield return row;
        }
    }

    public ReadOnlySpan<byte> Vector(int row) => Vectors(row, 1);

    public ReadOnlySpan<byte> Refinement(int row) =>
        _precision == CatalogPrecision.Int8 ? Content(Layout.Refinements + (long)row * Layout.Stride, Layout.Stride) : [];

    public float Scale(int row) => _precision == CatalogPrecision.Int8 ? Scales(row, 1)[0] : 1;

    public EntryRecord Record(int row) => RecordAt(row);

    public ReadOnlySpan<byte> Text(int row)
    {
        ref readonly EntryRecord record = ref RecordAt(row);
        if (record.IdBytes < 0 || record.PathBytes < EntryRecord.Unknown || record.TagsBytes < 0 || record.TextStart < 0
            || record.TextStart > _header.TextBytes - record.TextBytes)
            throw Damaged($"row {row} has no text");
        return Content(Layout.Texts + record.TextStart, record.TextBytes);
    }

    private ulong IdKey(int index) => MemoryMarshal.Read<ulong>(Content(Layout.Ids + (long)index * sizeof(ulong), sizeof(ulong)));

    private ReadOnlySpan<byte> Content(long start, int length)
    {
        long last = (start + length - 1) / BlockChecksum.BlockBytes;
        for (long block = start / BlockChecksum.BlockBytes; block <= last; block++)
        {
            if (_isChecked[block] == 0)
                Check(block);
        }
        return new ReadOnlySpan<byte>(_content + start, length);
    }

    private void Check(long block)
    {
        long start = block * BlockChecksum.BlockBytes;
        var bytes = new ReadOnlySpan<byte>(_content + start, (int)Math.Min(BlockChecksum.BlockBytes, Layout.ContentBytes - start));
        if (BlockChecksum.Of(bytes) != Unsafe.ReadUnaligned<uint>(_content + Layout.ContentBytes + block * sizeof(uint)))
            throw Damaged($"the checksum of the {bytes.Length} bytes from {SegmentHeader.Bytes + start} is wrong");
        _isChecked[block] = 1;
    }

    private void CheckTable()
    {
        if (BlockChecksum.Of(new ReadOnlySpan<byte>(_content + Layout.ContentBytes, Layout.Blocks * sizeof(uint))) != _header.TableChecksum)
            throw Damaged("the checksum of its checksums is wrong");
    }

    private SegmentLayout CheckHeader(ManifestSegment named, CatalogPrecision precision, int length, long bytes)
    {
        if (_header.Magic != SegmentHeader.MagicNumber)
            throw Damaged("it does not begin as a segment does");
        if (_header.Version != CatalogManifest.CurrentVersion || _header.ComputeChecksum() != _header.Checksum)
            throw Damaged("the checksum of its header is wrong");
        if (_header.Checksum != named.Checksum || _header.Number != named.Number || _header.Rows != named.Rows
            || _header.Precision != (int)precision || _header.Length != length)
            throw Damaged("it is not the one that the catalogue was made of");
        var layout = new SegmentLayout(precision, length, _header.Rows, _header.TextBytes);
        return layout.FileBytes == bytes ? layout : throw Damaged($"it has {bytes} bytes instead of {layout.FileBytes}");
    }

    private static (MemoryMappedFile File, long Bytes) Map(string path)
    {
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            long bytes = stream.Length;
            if (bytes >= SegmentHeader.Bytes)
                return (MemoryMappedFile.CreateFromFile(stream, null, bytes, MemoryMappedFileAccess.Read, HandleInheritability.None,
                    leaveOpen: false), bytes);
            stream.Dispose();
            throw Damaged(path, $"it ends after {bytes} bytes");
        }
        catch (Exception error) when (error is IOException and not FileNotFoundException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{path} cannot be read ({error.Message.TrimEnd('.')}): make it readable.", error);
        }
    }

    private void Close()
    {
        if (_view is not null)
        {
            if (_content != null)
                _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }
        _file.Dispose();
    }

    private StemJepaException Damaged(string found) => Damaged(_path, found);

    private static StemJepaException Damaged(string path, string found) =>
        new($"{path} is damaged ({found}): restore the folder from a copy, or index the recordings again.");
}
