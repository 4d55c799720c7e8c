using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace StemJepa;

/// <summary>What an embedding's file keeps beside the vector; all of it is optional.</summary>
/// <param name="Model">Hash of the model, 64 lower-case hexadecimal digits.</param>
/// <param name="Seconds">Length of the recording, at least 0.</param>
/// <param name="Silent">Whether the recording was silent.</param>
internal readonly record struct EmbeddingNote(string? Model, double? Seconds, bool Silent);

/// <summary>Compiled JSON of <see cref="EmbeddingNote"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EmbeddingNote))]
internal sealed partial class EmbeddingNoteJson : JsonSerializerContext;

/// <summary>
/// One-dimensional, little-endian float32 NumPy files (<c>.npy</c>, format versions 1 to 3), with a note in JSON after the array: NumPy
/// reads the array and leaves the rest. Thread-safe.
/// </summary>
internal static partial class NpyFile
{
    private const int MaximumHeader = 4096;
    private const int MaximumNote = 1024;
    private const double MaximumSeconds = 1e9;
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static ReadOnlySpan<byte> NoteMagic => "\nstemjepa "u8;

    /// <summary>Writes the values and the note, whole or not at all.</summary>
    /// <exception cref="StemJepaException">The file cannot be written.</exception>
    internal static void Write(string path, ReadOnlyMemory<float> values, EmbeddingNote note)
    {
        string header = string.Create(CultureInfo.InvariantCulture,
            $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({values.Length},), }}");
        int prefix = Magic.Length + 4;
        int padded = (prefix + header.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] start = new byte[padded];
        Magic.CopyTo(start);
        start[Magic.Length] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(start.AsSpan(Magic.Length + 2), (ushort)(padded - prefix));
        Encoding.ASCII.GetBytes(header.PadRight(padded - prefix - 1) + "\n", start.AsSpan(prefix));

        byte[] data = MemoryMarshal.AsBytes(values.Span).ToArray();
        SwapOnBigEndian(data);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(start);
            stream.Write(data);
            stream.Write(NoteMagic);
            JsonSerializer.Serialize(stream, note, EmbeddingNoteJson.Default.EmbeddingNote);
        });
    }

    /// <summary>Reads a file that must hold exactly one array of 1 to <paramref name="maximumLength"/> values.</summary>
    /// <exception cref="StemJepaException">It is missing, damaged, or holds something else.</exception>
    internal static (float[] Values, EmbeddingNote Note) Read(string path, int maximumLength)
    {
        byte[] bytes = ReadBytes(path, MaximumHeader + 4L * maximumLength + MaximumNote);
        int dataStart = HeaderEnd(bytes, path, out int headerStart);
        int length = ParseLength(Encoding.Latin1.GetString(bytes, headerStart, dataStart - headerStart), path);
        long expected = dataStart + 4L * length;
        if (bytes.Length < expected || ReadNote(bytes.AsSpan((int)expected)) is not { } note)
        {
            throw new StemJepaException(
                $"{path} has {bytes.Length} bytes where {length} float32 values need {expected}: copy the file again, or embed the "
                + "recording again.");
        }
        Span<byte> data = bytes.AsSpan(dataStart, 4 * length);
        SwapOnBigEndian(data);
        return (MemoryMarshal.Cast<byte, float>(data).ToArray(), note);
    }

    /// <summary>The note that follows the array; empty where nothing does, null where something else does.</summary>
    private static EmbeddingNote? ReadNote(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
            return default(EmbeddingNote);
        if (!rest.StartsWith(NoteMagic))
            return null;
        try
        {
            EmbeddingNote note = JsonSerializer.Deserialize(rest[NoteMagic.Length..], EmbeddingNoteJson.Default.EmbeddingNote);
            bool isUsable = note.Seconds is null or (>= 0 and <= MaximumSeconds) && note.Model is null or { Length: 64 };
            return isUsable ? note : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] ReadBytes(string path, long maximum)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new StemJepaException(Directory.Exists(path)
                    ? $"{path} is a folder: name a .npy file in it."
                    : $"{path} does not exist: name a .npy file.", StemJepaErrorKind.NotFound);
            }
            if (file.Length > maximum)
                throw new StemJepaException(
                    $"{path} has {file.Length} bytes, too many for one embedding: name a file that StemEmbedding.Save wrote.");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{path} cannot be read ({e.Message.TrimEnd('.')}): make it readable, or name another file.", e,
                StemJepaErrorKind.Access);
        }
    }

    private static int HeaderEnd(ReadOnlySpan<byte> bytes, string path, out int headerStart)
    {
        headerStart = 0;
        if (!bytes.StartsWith(Magic))
            throw new StemJepaException($"{path} is not a .npy file: name a file that StemEmbedding.Save or numpy.save wrote.");
        int major = bytes.Length > Magic.Length ? bytes[Magic.Length] : 0;
        headerStart = Magic.Length + (major == 1 ? 4 : 6);
        if (major is < 1 or > 3 || bytes.Length < headerStart)
            throw NotAnEmbedding(path, "is truncated in its header, or of an unknown .npy version");
        ReadOnlySpan<byte> size = bytes[(Magic.Length + 2)..];
        long length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MaximumHeader || headerStart + length > bytes.Length)
            throw NotAnEmbedding(path, $"declares a header of {length} bytes and has {bytes.Length - headerStart} after it");
        return headerStart + (int)length;
    }

    private static int ParseLength(string header, string path)
    {
        Match match = Header().Match(header);
        var fields = new Dictionary<string, string>();
        for (int i = 0; match.Success && i < match.Groups["key"].Captures.Count; i++)
        {
            if (!fields.TryAdd(match.Groups["key"].Captures[i].Value, match.Groups["value"].Captures[i].Value))
                throw NotAnEmbedding(path, "has a repeated key in its header");
        }
        if (fields.Count != 3 || !fields.ContainsKey("fortran_order")
            || !fields.TryGetValue("descr", out string? type) || !fields.TryGetValue("shape", out string? shape))
            throw NotAnEmbedding(path, "has a header that is not a .npy description");
        if (type != "'<f4'")
            throw NotAnEmbedding(path, $"holds values of type {type}");
        if (Shape().Match(shape) is not { Success: true } length
            || !int.TryParse(length.Groups[1].Value, CultureInfo.InvariantCulture, out int count))
            throw NotAnEmbedding(path, $"has the shape {shape}");
        return count;
    }

    private static StemJepaException NotAnEmbedding(string path, string found) =>
        new($"{path} {found}: save it as one-dimensional little-endian float32, as StemEmbedding.Save does.");

    private static void SwapOnBigEndian(Span<byte> data)
    {
        if (BitConverter.IsLittleEndian)
            return;
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(data);
        BinaryPrimitives.ReverseEndianness(words, words);
    }

    [GeneratedRegex(@"^\{(?:\s*'(?<key>[a-z_]{1,20})'\s*:\s*(?<value>'[^']{0,20}'|True|False|\([\d, ]{0,80}\))\s*(?:,|(?=\})))+\s*\}\s*$")]
    private static partial Regex Header();

    [GeneratedRegex(@"^\(\s*([1-9]\d{0,8})\s*,\s*\)$")]
    private static partial Regex Shape();
}
