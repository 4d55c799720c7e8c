using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Random access to the samples of one stem, from a memory-mapped WAV file: 16 bits, mono, 16 kHz, data at byte 44. Corpora are rendered,
/// and other audio is converted, to such files. Thread-safe.
/// </summary>
internal sealed unsafe class StemSamples : IDisposable
{
    private const int HeaderLength = 44;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly short* _mapped;

    private StemSamples(string path, int length)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _mapped = (short*)(start + HeaderLength);
        Length = length;
    }

    /// <summary>Number of samples.</summary>
    public int Length { get; }

    /// <summary>True if the file can be mapped.</summary>
    public static bool IsMappable(string path) => MappableLength(path) is not null;

    /// <summary>Maps a file.</summary>
    /// <exception cref="StemJepaException">The file cannot be mapped.</exception>
    public static StemSamples Open(string path) => MappableLength(path) is { } length
        ? new StemSamples(path, length)
        : throw new StemJepaException(
            $"{path}: is not a whole 16-bit mono WAV file at 16 kHz with samples; delete it and run the command again.");

    /// <summary>Copies samples from index <paramref name="start"/>, scaled to -1..1; samples after the end are zero.</summary>
    public void Read(int start, Span<float> destination)
    {
        int count = Math.Clamp(Length - start, 0, destination.Length);
        var source = new ReadOnlySpan<short>(_mapped + start, count);
        for (int i = 0; i < source.Length; i++)
            destination[i] = source[i] * (1f / 32768f);
        destination[count..].Clear();
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static int? MappableLength(string path)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        using FileStream stream = File.OpenRead(path);
        if (stream.Length < HeaderLength || stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
            return null;
        bool mappable = BitConverter.IsLittleEndian
            && header[..4].SequenceEqual("RIFF"u8) && header[8..16].SequenceEqual("WAVEfmt "u8) && header[36..40].SequenceEqual("data"u8)
            && MemoryMarshal.Read<int>(header[16..]) == 16
            && MemoryMarshal.Read<short>(header[20..]) == 1 && MemoryMarshal.Read<short>(header[22..]) == 1
            && MemoryMarshal.Read<int>(header[24..]) == FrontEndSettings.SampleRate && MemoryMarshal.Read<short>(header[34..]) == 16;
        uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(header[40..]);
        return mappable && bytes > 0 && bytes <= stream.Length - HeaderLength && bytes <= int.MaxValue ? (int)(bytes / 2) : null;
    }
}
