using System.CommandLine;
using System.Numerics.Tensors;
using MathNet.Numerics.Statistics;
using StemJepa.Benchmarks.Comparison;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Training.Evaluation;

namespace StemJepa.Benchmarks.Catalogs;

/// <summary>
/// The command <c>catalog</c>: search through a catalogue of synthetic embeddings, as long as the shipped model's, against what one would
/// write without it (LINQ, a loop over <see cref="TensorPrimitives.CosineSimilarity(ReadOnlySpan{float}, ReadOnlySpan{float})"/>, that loop
/// on all cores), and against the memory bandwidth that the same run reaches. Interleaved in one process; medians.
/// </summary>
internal static class CatalogCommand
{
    private const int DefaultEntries = 1_000_000, Top = 10, Rounds = 7, Searches = 100, CommitEvery = 65_536, Centres = 1000;
    private const float Spread = 0.5f;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var entries = new Option<int>("--entries")
        {
            Description = $"Recordings in each catalogue, {Top} or more.",
            DefaultValueFactory = _ => DefaultEntries,
        };
        entries.Require(value => value >= Top, $"--entries is a whole number from {Top} on, such as {DefaultEntries}.");
        return new Measurement<CatalogReport>("catalog", "Search through catalogues on disk, against what one would write without them.")
        {
            Options = [entries],
            MeasureAsync = async (parsed, _) =>
            {
                using var fixture = new Fixture();
                return await MeasureAsync(parsed.GetValue(entries), fixture);
            },
            Table = report => report.ToMarkdown(),
        }.ToCommand();
    }

    private static async Task<CatalogReport> MeasureAsync(int entries, Fixture fixture)
    {
        ModelInfo model = new EmbeddedModel().ReadInfo();
        int length = model.EmbeddingLength;
        float[][] vectors = MakeVectors(entries + Rounds, length);
        string[] folders = [fixture.PathOf("single"), fixture.PathOf("int8")];
        Fill(folders[0], model, CatalogPrecision.Single, vectors.AsSpan(0, entries));
        Fill(folders[1], model, CatalogPrecision.Int8, vectors.AsSpan(0, entries));
        double[] open = [.. folders.Select(OpenTime)];
        using StemCatalog single = StemCatalog.Open(folders[0]), int8 = StemCatalog.Open(folders[1]);
        var query = new StemEmbedding(vectors[entries]);
        double[] first = [Timing.Seconds(() => single.Search(query, Top)), Timing.Seconds(() => int8.Search(query, Top))];

        using var limits = new MachineLimits();
        string[] names = ["bandwidth", "single", "int8", "LINQ", "TensorPrimitives.CosineSimilarity per vector", "the same on all cores"];
        double[][] times = [.. names.Select(_ => new double[Rounds])];
        float[][] library = vectors[..entries];
        int hits = 0;
        for (int round = 0; round < Rounds; round++)
        {
            float[] sought = vectors[entries + round];
            var embedding = new StemEmbedding(sought);
            IReadOnlyList<CatalogMatch> exact = [], coarse = [];
            times[0][round] = 1e9 * limits.ReadGigabytesPerSecond();
            times[1][round] = Timing.Seconds(() => exact = single.Search(embedding, Top));
            times[2][round] = Timing.Seconds(() => coarse = int8.Search(embedding, Top));
            times[3][round] = Timing.Seconds(() => Linq(library, sought));
            times[4][round] = Timing.Seconds(() => Loop(library, sought));
            times[5][round] = Timing.Seconds(() => ParallelLoop(library, sought));
            hits += exact.Select(match => match.Entry.Id).Intersect(coarse.Select(match => match.Entry.Id)).Count();
        }
        double[][] alone = SearchTimes([single, int8], vectors[entries..]);
        double bandwidth = times[0].Maximum();
        Provenance here = await Provenance.HereAsync();
        ComparisonRow[] rows = [.. from ours in new[] { 1, 2 } from rival in new[] { 3, 4, 5 } select Compare(ours, rival)];
        ComparisonRow Compare(int ours, int rival)
        {
            double time = times[ours].Median(), other = times[rival].Median(),
                bytes = (double)entries * length * (ours == 1 ? sizeof(float) : sizeof(sbyte));
            return new ComparisonRow(
                $"search {names[ours]}", Round(1e3 * time), names[rival], Round(1e3 * other), Round(other / time), "bandwidth",
                Round(bytes / bandwidth / time), Environment.ProcessorCount, here.Date, here.Machine, here.Commit);
        }
        CatalogFigures Describe(int index, StemCatalog catalog, double recall) => new(catalog.Precision.ToString().ToLowerInvariant(),
            Round(1e3 * open[index]), Round(1e3 * first[index]), new DirectoryInfo(folders[index]).GetFiles().Sum(part => part.Length),
                recall,
            [.. alone[index].Select(time => Round(1e3 * time))]);
        return new CatalogReport(entries, length, Round(bandwidth / 1e9),
            [Describe(0, single, 1), Describe(1, int8, Round((double)hits / (Top * Rounds)))], rows);
    }

    private static double Round(double value) => Math.Round(value, 3);

    /// <summary>Measures many searches without other work between them, for the distribution of their times.</summary>
    private static double[][] SearchTimes(StemCatalog[] catalogues, float[][] queries)
    {
        double[][] times = [.. catalogues.Select(_ => new double[Searches])];
        for (int i = 0; i < Searches; i++)
        {
            var query = new StemEmbedding(queries[i % queries.Length]);
            for (int kind = 0; kind < catalogues.Length; kind++)
                times[kind][i] = Timing.Seconds(() => catalogues[kind].Search(query, Top));
        }
        return times;
    }

    /// <summary>Creates clusters, as in a music library: each vector lies near a centre that a thousandth of the vectors share.</summary>
    private static float[][] MakeVectors(int count, int length)
    {
        var centres = new float[Centres][];
        var vectors = new float[count][];
        float[] Noise(int seed)
        {
            var random = new Random(seed);
            var values = new float[length];
            foreach (ref float value in values.AsSpan())
                value = 2 * random.NextSingle() - 1;
            return values;
        }
        Parallel.For(0, Centres, i => centres[i] = Noise(int.MaxValue - i));
        Parallel.For(0, count, i =>
        {
            vectors[i] = Noise(i);
            TensorPrimitives.MultiplyAdd(vectors[i], Spread, centres[i % Centres], vectors[i]);
        });
        return vectors;
    }

    private static void Fill(string folder, ModelInfo model, CatalogPrecision precision, ReadOnlySpan<float[]> vectors)
    {
        using CatalogWriter writer = CatalogWriter.Open(folder, model, precision);
        for (int i = 0; i < vectors.Length; i++)
        {
            string path = $"/music/library/pack {i % Centres}/recording {i}.wav";
            writer.Set(new CatalogEntry { Id = path, Path = path, Stem = Stem.Roles[i % 4], Seconds = 8, Tempo = 90 + i % 60,
                Tags = ["loop"] },
                new StemEmbedding(vectors[i]));
            if (i % CommitEvery == CommitEvery - 1)
                writer.Commit();
        }
        writer.Compact();
    }

    private static double OpenTime(string folder) =>
        Enumerable.Range(0, Rounds).Select(_ => Timing.Seconds(() => StemCatalog.Open(folder).Dispose())).Median();

    private static (int, float)[] Linq(float[][] library, float[] query) => [.. library
        .Select((vector, index) =>
            (Index: index, Affinity: vector.Zip(query, (x, y) => x * y).Sum() / MathF.Sqrt(vector.Sum(x => x * x) * query.Sum(x => x * x))))
        .OrderByDescending(pair => pair.Affinity)
        .Take(Top)];

    private static PriorityQueue<int, float> Loop(float[][] library, float[] query)
    {
        var best = new PriorityQueue<int, float>();
        for (int i = 0; i < library.Length; i++)
            Keep(best, i, TensorPrimitives.CosineSimilarity(library[i], query));
        return best;
    }

    private static PriorityQueue<int, float> ParallelLoop(float[][] library, float[] query)
    {
        var affinities = new float[library.Length];
        Parallel.For(0, library.Length, i => affinities[i] = TensorPrimitives.CosineSimilarity(library[i], query));
        var best = new PriorityQueue<int, float>();
        for (int i = 0; i < affinities.Length; i++)
            Keep(best, i, affinities[i]);
        return best;
    }

    private static void Keep(PriorityQueue<int, float> best, int index, float affinity)
    {
        if (best.Count < Top)
            best.Enqueue(index, affinity);
        else
            best.EnqueueDequeue(index, affinity);
    }
}
