using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StemJepa;

/// <summary>
/// The file <c>background.bin</c> of a model folder, little-endian: "SJBACKGR", the version, the model's hash in 32 bytes, the length of
/// the corpus's name and the name in UTF-8, values of an embedding, the number of stems, recordings of each stem; then for each recording a
/// 32-bit scale and its direction in 8-bit integers; last the SHA-256 of all that.
/// </summary>
internal static class BackgroundFile
{
    internal const string Name = "background.bin", Cure = "write it again with the command background of StemJepa.Export";

    private const int Version = 1, HashBytes = SHA256.HashSizeInBytes, MostRecordings = 1 << 16, MostLength = 1 << 20, MostName = 1 << 10;
    private const float Largest = 127;

    private static ReadOnlySpan<byte> Magic => "SJBACKGR"u8;

    /// <summary>Writes it into an existing model folder, whole or not at all.</summary>
    /// <exception cref="StemJepaException">The file cannot be written.</exception>
    internal static void Write(string folder, BackgroundContent background)
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(Version);
            writer.Write(Convert.FromHexString(background.ModelHash));
            byte[] corpus = Encoding.UTF8.GetBytes(background.Corpus);
            writer.Write(corpus.Length);
            writer.Write(corpus);
            writer.Write(background.Directions[0][0].Length);
            writer.Write(background.Directions.Length);
            foreach (float[][] stem in background.Directions)
                writer.Write(stem.Length);
            foreach (float[] direction in background.Directions.SelectMany(stem => stem))
            {
                float scale = direction.Max(Math.Abs) / Largest;
                writer.Write(scale);
                writer.Write(Array.ConvertAll(direction, value => scale > 0 ? (byte)(sbyte)MathF.Round(value / scale) : (byte)0));
            }
        }
        byte[] bytes = content.ToArray();
        AtomicFile.Write(Path.Combine(folder, Name), stream =>
        {
            stream.Write(bytes);
            stream.Write(SHA256.HashData(bytes));
        });
    }

    /// <summary>Reads it; <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="StemJepaException">It is damaged, or of another version.</exception>
    internal static BackgroundContent Read(byte[] bytes, string source)
    {
        int end = bytes.Length - HashBytes;
        if (end < Magic.Length + sizeof(int) || !bytes.AsSpan().StartsWith(Magic))
            throw new StemJepaException($"{source} is not a background of a model: {Cure}.");
        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(Magic.Length));
        if (version != Version)
            throw new StemJepaException($"{source} is of format version {version}, and this library reads version {Version}: {Cure}.");
        if (!SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
            throw new StemJepaException($"{source} is damaged (its SHA-256 is not what it says): {Cure}.");
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, Magic.Length + sizeof(int), end - Magic.Length - sizeof(int)));
            string hash = Convert.ToHexStringLower(Taken(reader, HashBytes));
            string corpus = Encoding.UTF8.GetString(Taken(reader, Within(reader.ReadInt32(), MostName)));
            int length = Within(reader.ReadInt32(), MostLength);
            int[] counts = new int[Within(reader.ReadInt32(), Stem.Roles.Count)];
            for (int stem = 0; stem < counts.Length; stem++)
                counts[stem] = Within(reader.ReadInt32(), MostRecordings);
            if (length == 0 || counts.Length != Stem.Roles.Count || counts.Contains(0))
                throw new FormatException("a stem has no recording");
            float[][][] directions = Array.ConvertAll(counts, count => new float[count][]);
            foreach (float[][] stem in directions)
            {
                for (int i = 0; i < stem.Length; i++)
                    stem[i] = Direction(reader, length);
            }
            return new BackgroundContent(hash, corpus, directions);
        }
        catch (Exception error) when (error is FormatException or EndOfStreamException or DecoderFallbackException)
        {
            throw new StemJepaException($"{source} is damaged ({error.Message.TrimEnd('.')}): {Cure}.", error);
        }
    }

    private static float[] Direction(BinaryReader reader, int length)
    {
        float scale = reader.ReadSingle();
        if (!float.IsFinite(scale))
            throw new FormatException("a scale is not finite");
        return Array.ConvertAll(Taken(reader, length), value => scale * (sbyte)value);
    }

    private static byte[] Taken(BinaryReader reader, int count)
    {
        byte[] bytes = reader.ReadBytes(count);
        return bytes.Length == count ? bytes : throw new EndOfStreamException("it ends early");
    }

    private static int Within(int value, int most) => value >= 0 && value <= most
        ? value
        : throw new FormatException($"a count is {value}");
}

/// <summary>What the file holds.</summary>
/// <param name="ModelHash"><see cref="ModelInfo.Hash"/> of the model.</param>
/// <param name="Corpus">Name of the data set.</param>
/// <param name="Directions">By stem, the directions of its recordings; at least one.</param>
internal sealed record BackgroundContent(string ModelHash, string Corpus, float[][][] Directions);
