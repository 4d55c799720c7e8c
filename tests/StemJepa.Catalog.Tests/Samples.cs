using StemJepa.TestSupport;

namespace StemJepa.Catalog.Tests;

/// <summary>Recordings for catalogues, different for each seed.</summary>
internal static class Samples
{
    /// <summary>5 x 12.</summary>
    public const int Length = 60;

    /// <summary>The roles, and stems beyond them.</summary>
    public static readonly Stem[] Stems = [.. Stem.Roles, Stem.Parse("guitar"), Stem.Parse("strings")];

    /// <summary>A model description of embeddings of <see cref="Length"/>, or another multiple of 5.</summary>
    public static ModelInfo Model(int length = Length)
    {
        ModelInfo model = ModelInfo.Load(GoldenModel.Folder);
        return model with { Encoder = model.Encoder with { Width = length / 5 } };
    }

    public static StemEmbedding Embedding(int seed, int length = Length)
    {
        var random = new Random(seed);
        return new StemEmbedding([.. Enumerable.Range(0, length).Select(_ => 4 * random.NextSingle() - 1)]);
    }

    /// <summary>An entry some members of which are unknown.</summary>
    public static CatalogEntry Entry(string id, int seed)
    {
        var random = new Random(seed);
        T? Maybe<T>(T value) where T : struct => random.Next(3) == 0 ? null : value;
        return new CatalogEntry
        {
            Id = id,
            Path = random.Next(4) == 0 ? null : $"/music/{(char)('a' + random.Next(3))}/{id} ♪.wav",
            Stem = Maybe(Stems[random.Next(Stems.Length)]),
            Seconds = Maybe(random.NextDouble() * 300),
            Tempo = Maybe(60 + random.NextDouble() * 120),
            Key = Maybe(new MusicalKey(random.Next(12), random.Next(2) == 0)),
            Tags = [.. new[] { "loop", "one shot", "naïve" }.Where(_ => random.Next(2) == 0)],
            ContentHash = random.Next(3) == 0 ? null
                : Convert.ToHexStringLower([.. Enumerable.Range(0, 32).Select(_ => (byte)random.Next(256))]),
            IsSilent = random.Next(8) == 0,
            Named = random.Next(3) == 0 ? null : new NamedMetadata(Stems[random.Next(Stems.Length)],
                Maybe(new MusicalKey(random.Next(12), true)), Maybe(60 + random.NextDouble() * 120)),
            Detected = random.Next(3) == 0 ? null : new DetectedMetadata
            {
                Stem = Maybe(Stems[random.Next(Stems.Length)]),
                StemConfidence = Maybe(random.NextDouble()),
                Key = Maybe(new MusicalKey(random.Next(12), false)),
                KeyConfidence = Maybe(random.NextDouble()),
                Tempo = Maybe(60 + random.NextDouble() * 120),
                TempoConfidence = Maybe(random.NextDouble()),
                Instrument = random.Next(3) == 0 ? null : "synth pad ♪",
                InstrumentConfidence = Maybe(random.NextDouble()),
                Loudness = Maybe(-60 * random.NextDouble()),
                IsLoop = Maybe(random.Next(2) == 0),
                Downbeat = Maybe(random.NextDouble()),
                DownbeatConfidence = Maybe(random.NextDouble()),
            },
        };
    }

    /// <summary>All that an entry says, comparable.</summary>
    public static string Describe(CatalogEntry entry) => string.Join('|', entry.Id, entry.Path ?? "-", entry.Stem?.ToString() ?? "-",
        entry.Seconds?.ToString("R") ?? "-", entry.Tempo?.ToString("R") ?? "-", entry.Key?.ToString() ?? "-", string.Join(',', entry.Tags),
        entry.ContentHash ?? "-", entry.IsSilent, entry.Named, entry.Detected);

    /// <summary>Oracle: the cosine of the layer-normed vectors in double precision (paper, section 4.1).</summary>
    public static double Affinity(StemEmbedding left, StemEmbedding right)
    {
        double[] a = LayerNormOracle.Compute(left), b = LayerNormOracle.Compute(right);
        return a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => x * x));
    }
}
