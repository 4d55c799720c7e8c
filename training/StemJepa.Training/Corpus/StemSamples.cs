using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace StemJepa.Training.Corpus;

/// <summary>
/// Random access to one stem as 16 kHz mono samples. A 16-bit mono WAV at 16 kHz with its data at byte 44, which is how corpora are
/// rendered, is mapped into memory; anything else is decoded and resampled once and held. Thread-safe.
/// </summary>
internal sealed unsafe class StemSamples : IDisposable
{
    private const int HeaderLength = 44;
    private readonly short[]? decoded;
    private readonly MemoryMappedFile? file;
    private readonly MemoryMappedViewAccessor? view;
    private readonly short* mapped;

    private StemSamples(short[] samples)
    {
        decoded = samples;
        Length = samples.Length;
    }

    private StemSamples(string path, int length)
    {
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        mapped = (short*)(start + HeaderLength);
        Length = length;
    }

    /// <summary>Samples at 16 kHz.</summary>
    public int Length { get; }

    public static StemSamples Open(string path)
    {
        if (MappableLength(path) is { } length)
            return new StemSamples(path, length);
        ReadOnlySpan<float> samples = AudioClip.Load(path).Resample(FrontEndSettings.SampleRate).Samples.Span;
        var rounded = new short[samples.Length];
        for (int i = 0; i < rounded.Length; i++)
            rounded[i] = (short)Math.Clamp(MathF.Round(samples[i] * 32768f), short.MinValue, short.MaxValue);
        return new StemSamples(rounded);
    }

    /// <summary>Copies samples from <paramref name="start"/> on; beyond the end there is silence.</summary>
    public void Read(int start, Span<float> destination)
    {
        int count = Math.Clamp(Length - start, 0, destination.Length);
        ReadOnlySpan<short> source = decoded is not null ? decoded.AsSpan(start, count) : new ReadOnlySpan<short>(mapped + start, count);
        for (int i = 0; i < source.Length; i++)
            destination[i] = source[i] * (1f / 32768f);
        destination[count..].Clear();
    }

    public void Dispose()
    {
        if (view is null)
            return;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file!.Dispose();
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
